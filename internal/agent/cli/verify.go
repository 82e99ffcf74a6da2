package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/agent/reconcile"
	"github.com/interpos/cabinet/internal/agent/send"
)

// errDifferent is the error of a verification that found differences.
var errDifferent = errors.New("the cabinet does not hold the same as the source")

type verifyCommand struct {
	Config         string        `help:"Configuration, as init wrote it." default:"agent.yaml" placeholder:"FILE"`
	Repair         bool          `help:"Send what is missing or different in the cabinet, and deletions of what was sent from here and is gone."`
	AllowDeletions bool          `help:"With --repair: delete in the cabinet however many records have vanished from the source."`
	Most           int           `help:"How many buckets that differ to list of each kind." default:"20"`
	Patience       time.Duration `help:"How long to repeat what fails for the moment." default:"2m"`
}

// Run compares, and mends if asked to.
func (c *verifyCommand) Run(ctx context.Context, console Console) error {
	config, err := agent.LoadConfig(c.Config)
	if err != nil {
		return err
	}
	work := agent.Verify
	if c.Repair {
		work = agent.Repair
	}
	found, err := work(ctx, config, agent.Options{
		AllowDeletions: c.AllowDeletions, RetryFor: c.Patience, Progress: newProgress(console),
	})
	c.printTable(console.Out, found.Kinds)
	switch {
	case err != nil:
		return err
	case found.Same():
		_, _ = fmt.Fprintln(console.Out, "\nThe cabinet holds the same as the source.")
		return nil
	case !c.Repair:
		_, _ = fmt.Fprintln(console.Out, "\n`agent verify --repair` sends what is missing or different.")
		return errDifferent
	}
	return repairOutcome(console.Out, found.Repair.Total())
}

// repairOutcome says whether a repair has left anything different.
func repairOutcome(out io.Writer, sent send.Totals) error {
	_, _ = fmt.Fprintf(out, "\nMended: %s.\n", sent)
	if sent.Rejected+sent.Waiting+sent.Stale > 0 {
		return fmt.Errorf("%w: it did not take everything; `agent status` shows why", errDifferent)
	}
	return nil
}

func (c *verifyCommand) printTable(out io.Writer, kinds []*reconcile.Comparison) {
	if len(kinds) == 0 {
		return
	}
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	say("%-16s %-9s %9s %9s %9s %9s %9s %9s %9s\n", "KIND", "", "SOURCE", "EQUAL", "MISSING", "DIFFERENT", "GONE", "KEPT", "OTHERS")
	for _, k := range kinds {
		verdict := "equal"
		if !k.Same() {
			verdict = "DIFFERENT"
		}
		say("%-16s %-9s %9d %9d %9d %9d %9d %9d %9d\n", k.Kind, verdict, k.Source, k.Equal, k.Missing, k.Different, k.Gone, k.Kept, k.Others)
		if k.LeftOut > 0 {
			say("  %d rows of the source are LEFT OUT: %s\n", k.LeftOut, k.Refusals[0].Text)
		}
		for i, bucket := range k.Buckets {
			if i == c.Most {
				say("  … %d more buckets\n", len(k.Buckets)-c.Most)
				break
			}
			say("  %-24s %9s %9s %9d %9d %9d\n", bucket.Name, "", "", bucket.Missing, bucket.Different, bucket.Gone)
		}
	}
}
