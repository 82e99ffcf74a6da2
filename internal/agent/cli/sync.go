package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/interpos/cabinet/internal/agent"
)

// errRejected is the error of --fail-on-rejected.
var errRejected = errors.New("some records stand rejected or left out: `agent status` shows the reasons")

type syncCommand struct {
	Config         string        `help:"Configuration, as init wrote it." default:"agent.yaml" placeholder:"FILE"`
	Full           bool          `help:"Read everything, in spite of change marks."`
	RetryRejected  bool          `help:"Send rejected records again though they have not changed."`
	AllowDeletions bool          `help:"Delete in the cabinet however many records have vanished from the source."`
	FailOnRejected bool          `help:"Exit with 3 while records stand rejected, now or from before."`
	Patience       time.Duration `help:"How long to repeat what fails for the moment." default:"2m"`
}

// Run synchronizes once and says what was done.
func (c *syncCommand) Run(ctx context.Context, console Console) error {
	config, err := agent.LoadConfig(c.Config)
	if err != nil {
		return err
	}
	summary, err := agent.Sync(ctx, config, agent.Options{
		Full: c.Full, RetryRejected: c.RetryRejected, AllowDeletions: c.AllowDeletions,
		RetryFor: c.Patience, Progress: newProgress(console),
	})
	if len(summary.Kinds) > 0 {
		_, _ = fmt.Fprintf(console.Out, "In all: %s, in %s.\n", summary.Total(), summary.Took.Round(10*time.Millisecond))
	}
	troubled := summary.Standing + summary.Total().LeftOut
	if err != nil || troubled == 0 {
		return err
	}
	if c.FailOnRejected {
		return fmt.Errorf("%w (%d)", errRejected, troubled)
	}
	_, _ = fmt.Fprintf(console.Err, "%d records stand REJECTED or left out; everything else is in the cabinet. `agent status` shows the reasons.\n", troubled)
	return nil
}
