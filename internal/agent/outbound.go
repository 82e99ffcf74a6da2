package agent

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/delivery"
	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// outbound is what every pass that sends works with.
type outbound struct {
	link     *link.Link
	state    *state.State
	source   *boundSource
	scratch  *scratch.DB
	ledger   *delivery.Ledger
	progress Progress
	summary  *send.Summary
}

func (o *outbound) newSender(kind *mapping.Kind, reader *extract.Extractor, policy send.Policy) *send.Sender {
	return &send.Sender{
		Link: o.link, State: o.state, Ledger: o.ledger, Kind: kind, Extractor: reader,
		Policy: policy, Totals: o.summary.Of(kind.Record.Name), Advance: o.progress.Advance,
	}
}

// tellTroubles is noteTroubles that keeps what it says for `agent status`. What a whole reading has found
// stands until the next one: a reading by change marks does not meet the row again.
func (o *outbound) tellTroubles(ctx context.Context) error {
	o.noteTroubles()
	before, err := o.state.Facts(ctx)
	if err != nil {
		return err
	}
	facts := map[string]string{}
	for _, totals := range o.summary.Kinds {
		name := state.FactSource(totals.Kind)
		switch text := totals.Troubles(); {
		case text != "" || totals.Whole:
			facts[name] = text
		case before[name] != "":
			o.progress.Note(before[name])
		}
	}
	return o.state.Remember(context.WithoutCancel(ctx), facts)
}

// noteTroubles says which rows of the source were left out, or may not say what was meant.
func (o *outbound) noteTroubles() {
	for _, totals := range o.summary.Kinds {
		if text := totals.Troubles(); text != "" {
			o.progress.Note(text)
		}
	}
}

// resend is the policy of a synchronization: what has one of these statuses is sent again.
type resend []state.Status

// Resend goes by the record's status.
func (r resend) Resend(known state.Record) bool { return slices.Contains(r, known.Status) }

// HeldTimes are not known: the state goes with the feed.
func (resend) HeldTimes(context.Context, []uuid.UUID) (map[uuid.UUID]time.Time, error) {
	return nil, nil
}

// Overrules none: a conflict is the other side's change.
func (resend) Overrules(context.Context, []client.Change, []client.Result) (map[uuid.UUID]bool, error) {
	return nil, nil
}

// sinceMark is the change mark to read from; nil: everything is to be read.
func sinceMark(before state.Kind, kind *mapping.Kind, reader *extract.Extractor, now time.Time) *source.Value {
	if before.Mark == nil || before.Fingerprint != kind.Fingerprint || !kind.ModifiedAt.Given() || !isFresh(before.FullScanAt, now, kind.FullScan) {
		return nil
	}
	since, ok := reader.Before(*before.Mark)
	if !ok {
		return nil
	}
	return &since
}

// sinceKey is the key from which new rows are read, where they are told by it; nil: they are not.
func sinceKey(before state.Kind, kind *mapping.Kind, reader *extract.Extractor) *source.Value {
	if !reader.Grows() || before.Fingerprint != kind.Fingerprint {
		return nil
	}
	return before.Mark
}

// isFresh says whether a whole reading is young enough. The cabinet's time, as a slow hello
// has shown it, may be off by as long as that took: a reading that seems yet to come
// is not trusted.
func isFresh(scanned, now time.Time, every time.Duration) bool {
	age := now.Sub(scanned)
	return 0 <= age && age < every
}

// keepMark remembers the last change mark of an incremental reading, so that the next one begins there.
func keepMark(ctx context.Context, memory *state.State, kind *mapping.Kind, before state.Kind, newest *source.Value) error {
	if newest == nil || before.Mark != nil && *newest == *before.Mark {
		return nil
	}
	before.Mark = newest
	return memory.Reached(ctx, kind.Record.Name, before)
}

// keepWholeReading remembers that everything was read, at a time.
func keepWholeReading(ctx context.Context, memory *state.State, kind *mapping.Kind, newest *source.Value, at time.Time) error {
	before, err := memory.Kind(ctx, kind.Record.Name)
	if err != nil {
		return err
	}
	if newest != nil {
		before.Mark = newest
	}
	before.FullScanAt, before.Fingerprint = at, kind.Fingerprint
	return memory.Reached(ctx, kind.Record.Name, before)
}
