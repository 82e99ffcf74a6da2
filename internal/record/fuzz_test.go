package record

import (
	"errors"
	"testing"

	"github.com/interpos/cabinet/internal/canonical"
)

// FuzzCheck holds that no data makes a check panic, and that a fault always has a
// stable code and a message.
func FuzzCheck(f *testing.F) {
	f.Add("unit", []byte(`{"name":"kg"}`))
	f.Add("receipt", []byte(`{"number":"1","type":"sale","occurred_at":"2026-05-25T20:03:14+03:00","closed_at":"2026-05-25T20:03:14+03:00",`+
		`"total":300,"lines":[{"id":"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40","product_id":"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40","name":"x","quantity":2,"price":150,"total":300}],`+
		`"payments":[{"payment_type_id":"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40","amount":300}]}`))
	f.Add("purchase", []byte(`{"number":"1","occurred_at":"2026-05-25T20:03:14+03:00","warehouse_id":"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40","lines":[],"total":0}`))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		kind, ok := Find(name)
		if !ok {
			return
		}
		data, err := canonical.Parse(text)
		if err != nil {
			if !errors.Is(err, canonical.ErrSyntax) {
				t.Fatalf("%q: %v is no syntax error", text, err)
			}
			return
		}
		faults := kind.Check(data)
		for _, fault := range faults {
			if fault.Code == "" || fault.Message == "" {
				t.Fatalf("%q: a fault without code or message: %+v", text, fault)
			}
		}
		if form, exact := canonical.Append(nil, data); exact {
			holdSameVerdict(t, kind, form, len(faults))
		}
	})
}

// holdSameVerdict checks the canonical form of data again: a record that was good
// must be good in every other cabinet that gets it.
func holdSameVerdict(t *testing.T, kind *Kind, form []byte, want int) {
	t.Helper()
	again, err := canonical.Parse(form)
	if err != nil {
		t.Fatalf("%q cannot be read: %v", form, err)
	}
	if got := len(kind.Check(again)); got != want {
		t.Fatalf("%q has %d faults, as it was sent %d", form, got, want)
	}
}
