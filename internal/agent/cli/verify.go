package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/agent/reconcile"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/client"
)

// errDifferent is the error of a verification that found differences.
var errDifferent = errors.New("the cabinet does not hold the same as the source")

type verifyCommand struct {
	Config         string        `help:"Configuration, as init wrote it." default:"agent.yaml" placeholder:"FILE"`
	Repair         bool          `help:"Send what is missing or different in the cabinet, and deletions of what is gone here. What a kind keeps (deletes: never) is removed from the cabinet after a question."`
	Yes            bool          `help:"With --repair: remove what is KEPT without a question."`
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
	progress := newProgress(console)
	asked := &questions{console: console, in: bufio.NewReader(console.In)}
	found, err := work(ctx, config, agent.Options{
		AllowDeletions: c.AllowDeletions, RetryFor: c.Patience, Progress: progress,
		Remove: func(kind *reconcile.Comparison) (bool, error) {
			progress.End()
			return c.mayRemove(asked, kind)
		},
	})
	c.printTable(console.Out, found.Kinds)
	printReasons(console.Out, &found)
	switch {
	case err != nil:
		return err
	case found.Same():
		_, _ = fmt.Fprintln(console.Out, "\nThe cabinet holds the same as the source.")
		return nil
	case !c.Repair:
		_, _ = fmt.Fprintln(console.Out, "\nThe cabinet does NOT hold the same as the source. `agent verify --repair` sends what is missing or different, deletes what is gone, and asks whether to remove what is kept.")
		return errDifferent
	}
	return repairOutcome(console.Out, &found)
}

// mayRemove asks whether to remove from the cabinet what the source no longer has.
func (c *verifyCommand) mayRemove(asked *questions, kind *reconcile.Comparison) (bool, error) {
	if c.Yes || !asked.console.Prompts {
		return c.Yes, nil
	}
	return asked.confirm(fmt.Sprintf(`The cabinet holds %s that the source no longer has.
If the POS clears out old documents, they belong in the cabinet: answer no. If they were deleted, reports are too high by them.
Remove them from the cabinet?`, keptText(kind)))
}

// keptText counts what a kind keeps, and says from when to when.
func keptText(kind *reconcile.Comparison) string {
	text := fmt.Sprintf("%d %s", kind.Kept, kind.Kind)
	var days []string
	for _, bucket := range kind.Buckets {
		if bucket.Kept > 0 && len(bucket.Name) == len(time.DateOnly) {
			days = append(days, bucket.Name)
		}
	}
	if len(days) > 0 {
		text += fmt.Sprintf(" (%s to %s)", days[0], days[len(days)-1])
	}
	return text
}

// repairOutcome says whether a repair has left anything different.
func repairOutcome(out io.Writer, found *agent.Verification) error {
	sent, left := found.Repair.Total(), 0
	_, _ = fmt.Fprintf(out, "\nMended: %s.\n", sent)
	for _, kind := range found.Kinds {
		left += kind.Left()
	}
	var failures []error
	if left > 0 {
		failures = append(failures, fmt.Errorf("%w: %d records differ still, as said above", errDifferent, left))
	}
	if notTaken := refused(sent); notTaken > 0 {
		failures = append(failures, fmt.Errorf("%w: it did not take %d records; `agent status` shows why", errDifferent, notTaken))
	}
	return errors.Join(failures...)
}

func refused(sent send.Totals) int { return sent.Rejected + sent.Waiting + sent.Stale }

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
			say("  %-24s %9s %9s %9d %9d %9d %9d\n", bucket.Name, "", "", bucket.Missing, bucket.Different, bucket.Gone, bucket.Kept)
		}
	}
}

// printReasons says what the differences are that no repair sends, and whose the others are.
func printReasons(out io.Writer, found *agent.Verification) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format, args...) }
	names := deviceNames(found.Sources)
	for _, kind := range found.Kinds {
		if kind.Kept > 0 && !kind.Removed {
			say("KEPT: %s: the source no longer has them, and they count in the cabinet, since vanished rows of the kind are not deleted there (`deletes: never`, the default of documents and of what is shared). `agent verify --repair` asks whether to remove them, with --yes it does.\n", keptText(kind))
		}
		if kind.Removed {
			say("KEPT: %s: removed from the cabinet.\n", keptText(kind))
		}
		if kind.Theirs > 0 {
			say("DIFFERENT: %d %s are shared, and another database has changed them later: the later change holds. Make both the same, or change them here.\n", kind.Theirs, kind.Kind)
		}
		for _, device := range slices.SortedFunc(maps.Keys(kind.Devices), func(a, b uuid.UUID) int { return cmp.Compare(a.String(), b.String()) }) {
			name, known := names[device]
			if !known {
				name = fmt.Sprintf("the device %s, which belongs to no database that the cabinet knows", device)
			}
			say("OTHERS: %d %s of %s\n", kind.Devices[device], kind.Kind, name)
		}
		if kind.Strangers > 0 {
			say("OTHERS: %d %s belong to no database of the organization: nobody compares them. What sends them is to be registered as a source, or its records are to be deleted by it.\n", kind.Strangers, kind.Kind)
		}
	}
}

// deviceNames say for each device whose it is.
func deviceNames(sources []client.Source) map[uuid.UUID]string {
	names := map[uuid.UUID]string{}
	for _, source := range sources {
		for _, device := range source.Devices {
			names[device.ID] = strings.TrimSpace(fmt.Sprintf("«%s», computer %s", source.Name, device.Name))
		}
	}
	return names
}
