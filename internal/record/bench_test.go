package record

import "testing"

// BenchmarkExamine is what a push pays for each receipt that adds up.
func BenchmarkExamine(b *testing.B) {
	kind, _ := Find("receipt")
	data := valueOf(b, receipt(nil))
	b.ReportAllocs()
	for b.Loop() {
		if faults, remarks := kind.Examine(data, 2); len(faults)+len(remarks) > 0 {
			b.Fatal(faults, remarks)
		}
	}
}
