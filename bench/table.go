package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// result is one row of the table.
type result struct {
	what     string
	measured string
	against  string // what it is held against, measured in the same run
	ratio    string
	target   string // empty: only for information
	held     bool
}

func (b *bench) addResult(r result) { b.results = append(b.results, r) }

func writeTable(out io.Writer, results []result) {
	_, _ = fmt.Fprint(out, "| what | measured | against | ratio | target | held |\n|---|---|---|---|---|---|\n")
	for _, r := range results {
		held := ""
		switch {
		case r.target != "" && r.held:
			held = "yes"
		case r.target != "":
			held = "**no**"
		}
		_, _ = fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", r.what, r.measured, r.against, r.ratio, r.target, held)
	}
}

// rate is in units a second.
type rate float64

// rateOver is the rate of so many units in a time.
func rateOver(units int, took time.Duration) rate { return rate(float64(units) / took.Seconds()) }

func (r rate) String() string { return groupThousands(int64(r)) + "/s" }

// groupThousands writes 12345 as 12,345.
func groupThousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

func formatPercent(ratio float64) string { return fmt.Sprintf("%.0f %%", 100*ratio) }

func formatTimes(ratio float64) string {
	return strings.TrimSuffix(fmt.Sprintf("%.2f", ratio), "0") + "×"
}

func formatMilliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }

func formatMebibytes(bytes int64) string { return fmt.Sprintf("%.0f MiB", float64(bytes)/(1<<20)) }
