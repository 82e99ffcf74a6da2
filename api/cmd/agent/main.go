// Command agent synchronizes a venue's local database with the cabinet.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // Windows has no time zones of its own

	"github.com/mattn/go-isatty"

	"github.com/interpos/cabinet/internal/agent/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.Console{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Terminal: isatty.IsTerminal(os.Stderr.Fd()), Prompts: isatty.IsTerminal(os.Stdin.Fd()),
	})
	stop()
	os.Exit(code)
}
