// Command kit tries things on a cabinet or a local system: it holds a cabinet against the
// protocol, and makes a realistic local database.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Windows has no time zones of its own

	"github.com/alecthomas/kong"
)

// Exit codes. Scripts rely on them.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitUntested = 4 // conformance: nothing is broken, but not everything was tested
)

// commands is the command line.
type commands struct {
	Conformance conformanceCommand `cmd:"" help:"Drive a cabinet through the protocol and say which of its promises hold. Writes records of its own, and deletes them in the end."`
	DemoSource  demoSourceCommand  `cmd:"" help:"Make a realistic local database of a small café chain, to try things on."`
}

// console is what a command writes to.
type console struct {
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], console{os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run executes the arguments and gives the exit code.
func run(ctx context.Context, args []string, c console) int {
	helped := false
	parser, err := kong.New(&commands{}, kong.Name("kit"), kong.UsageOnError(),
		kong.Description("Tools to try the cabinet with: whether it keeps the protocol, and a local database to synchronize."),
		kong.Writers(c.out, c.err), kong.Exit(func(int) { helped = true }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(c))
	if err != nil {
		return exitCode(c, err)
	}
	command, err := parser.Parse(args)
	switch {
	case helped:
		return exitDone
	case err != nil:
		_, _ = fmt.Fprintf(c.err, "kit: %v\nRun `kit --help`.\n", err)
		return exitUsage
	}
	if err := command.Run(); err != nil {
		return exitCode(c, err)
	}
	return exitDone
}

// exitCode prints an error and gives the code that stands for it.
func exitCode(c console, err error) int {
	_, _ = fmt.Fprintf(c.err, "kit: %v\n", err)
	if errors.Is(err, errUntested) {
		return exitUntested
	}
	return exitFailed
}
