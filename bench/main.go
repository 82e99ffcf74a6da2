// Command bench measures the cabinet against the limits of the machine that it
// runs on, and prints one table of ratios. Server, agent and PostgreSQL are the
// real programs in processes of their own; this one is the client.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// rows are what can be measured, in the order of the table.
var rows = []struct {
	name    string
	measure func(context.Context, *bench) error
}{
	{"push", measurePush},
	{"four", measureFour},
	{"pull", measurePull},
	{"agent", measureAgent},
	{"latency", measureLatency},
	{"memory", measureMemory},
	{"projections", measureProjections},
	{"fairness", measureFairness},
	{"tenants", measureTenants},
	{"pocketbase", measurePocketBase},
	{"firstpage", measureFirstPage},
}

type options struct {
	Rows   []string      `arg:"" optional:"" help:"What to measure: ${rows}. Everything, if left out."`
	Memory time.Duration `help:"How long to watch the server's memory." default:"60s" env:"BENCH_MEMORY"`
	Bin    string        `help:"Where the built programs are." default:"bin"`
	Data   string        `help:"Where the data goes while it runs: on a disk, not in memory." default:".data"`
}

func main() { os.Exit(runCommandLine()) }

// runCommandLine reads the command line, and gives the exit code: 1, if something could
// not be measured. What is slower than it should be stands in the table.
func runCommandLine() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var o options
	kong.Parse(&o, kong.Name("bench"), kong.Description("Measures the cabinet against the limits of this machine."),
		kong.Vars{"rows": strings.Join(rowNames(), ", ")})
	if err := run(ctx, o, os.Stdout, os.Stderr); err != nil {
		_, _ = fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		return 1
	}
	return 0
}

func rowNames() []string {
	all := make([]string, len(rows))
	for i, row := range rows {
		all[i] = row.name
	}
	return all
}

// bench is one run: what its rows share.
type bench struct {
	options
	dir     string // of everything that this run makes
	cabinet *cabinet
	filled  *organization // with pulled receipts, once a row asks for it
	results []result
	log     io.Writer
}

// run measures, and prints the table even where a row fails.
func run(ctx context.Context, o options, out, log io.Writer) (err error) {
	for _, name := range o.Rows {
		if !slices.Contains(rowNames(), name) {
			return fmt.Errorf("there is no row %q: %s", name, strings.Join(rowNames(), ", "))
		}
	}
	if o.Data, err = filepath.Abs(o.Data); err != nil {
		return err
	}
	if err := os.MkdirAll(o.Data, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(o.Data, "bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{options: o, dir: dir, log: log}
	if b.cabinet, err = b.startCabinet(ctx, "cabinet"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.cabinet.stop()) }()
	err = b.measureRows(ctx)
	b.printTable(out)
	return err
}

func (b *bench) measureRows(ctx context.Context) (err error) {
	for _, row := range rows {
		if len(b.Rows) > 0 && !slices.Contains(b.Rows, row.name) || ctx.Err() != nil {
			continue
		}
		began := time.Now()
		if failure := row.measure(ctx, b); failure != nil {
			b.addResult(result{what: row.name, measured: "failed, see above"})
			b.logf("%s: %v", row.name, failure)
			err = errors.Join(err, fmt.Errorf("%s: %w", row.name, failure))
			continue
		}
		b.logf("%s: measured in %s", row.name, time.Since(began).Round(time.Second))
	}
	return errors.Join(err, ctx.Err())
}

func (b *bench) logf(format string, args ...any) { _, _ = fmt.Fprintf(b.log, format+"\n", args...) }

// printTable writes the table, headed by what it was measured on.
func (b *bench) printTable(out io.Writer) {
	_, _ = fmt.Fprintf(out, "%s, %d cores, %s, PostgreSQL %s, load %s at the end.\n\n",
		processorName(), runtime.NumCPU(), runtime.Version(), b.cabinet.postgres, loadAverage())
	writeTable(out, b.results)
}
