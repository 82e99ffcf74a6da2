// Command cabinet is the server of Interpos Cabinet.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/interpos/cabinet/internal/fault"
)

// commands is the command line.
type commands struct {
	Serve   serveCommand        `cmd:"" help:"Run the server."`
	Demo    demoCommand         `cmd:"" help:"Run the server with a demo venue that goes on selling."`
	Migrate migrateCommand      `cmd:"" help:"Bring the database to this version, and end."`
	Rebuild rebuildCommand      `cmd:"" name:"rebuild-projections" help:"Make lists and reports anew from what was synchronized, beside the running server."`
	Verify  verifyCommand       `cmd:"" name:"verify-history" help:"Look for rows of the history that were altered or removed, beside the running server."`
	Staff   staffCommand        `cmd:"" help:"What support does for customers."`
	License licenseCommand      `cmd:"" help:"Grant, revoke and list licenses."`
	Renewal renewalCommand      `cmd:"" help:"List, confirm and decline renewals of licenses."`
	Rotate  rotateCommand       `cmd:"" name:"rotate-license-key" help:"Sign license tokens with a new key from now on."`
	Secret  rotateSecretCommand `cmd:"" name:"rotate-secret" help:"Seal with SECRET_KEY what is sealed with SECRET_KEY_PREVIOUS."`
	Health  healthcheckCommand  `cmd:"" name:"healthcheck" help:"Ask the running server whether it is ready; fail where it is not."`
	Version versionCommand      `cmd:"" help:"Print the version."`
}

// console is what a command talks to.
type console struct {
	out, err io.Writer
	environ  []string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], console{os.Stdout, os.Stderr, os.Environ()}))
}

// run executes the arguments and gives the exit code: 0 done, 1 failed, 2 wrong
// arguments.
func run(ctx context.Context, args []string, c console) int {
	helped := false
	parser, err := kong.New(&commands{}, kong.Name("cabinet"), kong.UsageOnError(),
		kong.Description("The server of Interpos Cabinet. It is set up by environment variables; see docs/operating.md."),
		kong.Writers(c.out, c.err), kong.Exit(func(int) { helped = true }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(c))
	if err != nil {
		return reportFailure(c, err)
	}
	command, err := parser.Parse(args)
	switch {
	case helped:
		return 0
	case err != nil:
		_, _ = fmt.Fprintf(c.err, "cabinet: %v\nRun `cabinet --help`.\n", err)
		return 2
	}
	if err := command.Run(); err != nil {
		return reportFailure(c, err)
	}
	return 0
}

func reportFailure(c console, err error) int {
	var known *fault.Error
	if errors.As(err, &known) {
		_, _ = fmt.Fprintf(c.err, "cabinet: %s\n", known.Message)
		for _, field := range known.Fields {
			_, _ = fmt.Fprintf(c.err, "  %s %s\n", field.Field, field.Message)
		}
		return 1
	}
	_, _ = fmt.Fprintf(c.err, "cabinet: %v\n", err)
	return 1
}
