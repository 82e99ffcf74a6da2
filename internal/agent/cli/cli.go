// Package cli is the agent's command line.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// Exit codes. Scripts rely on them.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitRejected = 3  // only with --fail-on-rejected
	exitTryLater = 75 // the cabinet is away, or another agent is at work
)

// commands is the command line. The global part comes first.
type commands struct {
	Init         initCommand    `cmd:"" help:"Connect this computer to a cabinet and write the configuration."`
	Sync         syncCommand    `cmd:"" help:"Send what is new and what has changed, once."`
	Run          runCommand     `cmd:"" help:"Keep going: send what changes within seconds, and take what comes from the cabinet."`
	Status       statusCommand  `cmd:"" help:"Say when the agent last succeeded, what waits, and what was rejected and why. Works offline."`
	Verify       verifyCommand  `cmd:"" help:"Compare the source with the cabinet by digests; with --repair send what differs."`
	CheckMapping checkCommand   `cmd:"" help:"Try the mapping against the source: show the first records and every problem. Sends nothing."`
	Version      versionCommand `cmd:"" help:"Print the version."`
}

// Console is what a command talks to.
type Console struct {
	In       io.Reader
	Out      io.Writer
	Err      io.Writer
	Terminal bool // Err is one
	Prompts  bool // In is one
}

// Run executes the arguments and gives the exit code.
func Run(ctx context.Context, args []string, console Console) int {
	code := exitDone
	parser, err := kong.New(&commands{}, kong.Name("agent"), kong.UsageOnError(),
		kong.Description("The agent of Interpos Cabinet: it synchronizes a venue's local database."),
		kong.Writers(console.Out, console.Err), kong.Exit(func(int) { code = -1 }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(console))
	if err != nil {
		return exitCode(console, err)
	}
	command, err := parser.Parse(args)
	switch {
	case code == -1: // --help was asked for and given
		return exitDone
	case err != nil:
		_, _ = fmt.Fprintf(console.Err, "agent: %v\nRun `agent --help`.\n", err)
		return exitUsage
	}
	if err := command.Run(); err != nil {
		return exitCode(console, err)
	}
	return exitDone
}

func exitCode(console Console, err error) int {
	_, _ = fmt.Fprintf(console.Err, "agent: %v\n", err)
	switch {
	case errors.Is(err, errRejected):
		return exitRejected
	case client.Temporary(err) || errors.Is(err, state.ErrBusy):
		return exitTryLater
	}
	return exitFailed
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(console Console) error {
	_, err := fmt.Fprintln(console.Out, link.Name, link.Version())
	return err
}
