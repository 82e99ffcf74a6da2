package agent

import (
	"context"
	"errors"
	"time"

	"github.com/interpos/cabinet/internal/agent/delivery"
	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/reconcile"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/fault"
)

// Options of one synchronization.
type Options struct {
	Full           bool          // read everything, in spite of change marks
	RetryRejected  bool          // send rejected records again though neither they nor the cabinet's rules have changed
	AllowDeletions bool          // however many records have vanished
	RetryFor       time.Duration // how long to repeat what fails for the moment
	// Remove says, for a Repair, whether what a kind keeps though the source no longer has it is removed from
	// the cabinet. nil: it is not.
	Remove   func(*reconcile.Comparison) (bool, error)
	Progress Progress
}

// Progress is told how a synchronization goes.
type Progress interface {
	// Kind begins a kind of which so many rows are to be read.
	Kind(name string, rows int)
	// Advance says that so many more rows are done, of which some were sent.
	Advance(rows, sent int)
	// Waiting says that the cabinet is away, and until when.
	Waiting(err error, wait time.Duration)
	// Note is a line for people.
	Note(text string)
	// End comes last, in any case.
	End()
}

// Sync brings the cabinet up to the source, once. What was sent counts even if
// it fails half-way; the next one goes on from there.
func Sync(ctx context.Context, config Config, options Options) (send.Summary, error) {
	defer options.Progress.End()
	var summary send.Summary
	err := runOnce(ctx, config, options, &summary, func(ctx context.Context, o *outbound, g greeting) error {
		if g.unreliable {
			_, err := o.reconcileAll(ctx, &reconcilingPass{outbound: o, allowDeletions: options.AllowDeletions})
			return err
		}
		return o.syncWhole(ctx, options, g.newRules)
	})
	return summary, err
}

// Repair is a Verify that also sends what is missing or different in the
// cabinet, and deletions of what has vanished here. It leaves alone what is another source's.
func Repair(ctx context.Context, config Config, options Options) (Verification, error) {
	defer options.Progress.End()
	var found Verification
	err := runOnce(ctx, config, options, &found.Repair, func(ctx context.Context, o *outbound, _ greeting) (err error) {
		found.Kinds, err = o.reconcileAll(ctx, &reconcilingPass{outbound: o, allowDeletions: options.AllowDeletions, remove: options.Remove})
		found.Sources = o.link.Sources
		return err
	})
	return found, err
}

// runOnce opens what is needed to send, says hello, does the work, and remembers for `agent status` how
// it went. The work is done again where an older backup of the cabinet was restored meanwhile.
func runOnce(ctx context.Context, config Config, options Options, summary *send.Summary, work func(context.Context, *outbound, greeting) error) error {
	memory, err := state.Open(ctx, config.StateFile())
	if err != nil {
		return err
	}
	defer func() { _ = memory.Close() }()
	started := time.Now()
	defer func() { summary.Took = time.Since(started) }()
	return rememberOutcome(ctx, memory, func() error {
		bound, err := loadSource(config)
		if err != nil {
			return err
		}
		defer bound.closeSource()
		room, err := scratch.Open(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = room.Close() }()
		o := &outbound{
			link:  &link.Link{Identity: config.linkIdentity(), Retry: client.RetryPolicy{GiveUp: options.RetryFor, Waiting: options.Progress.Waiting}, Clock: link.Present},
			state: memory, source: bound, scratch: room, ledger: delivery.NewLedger(memory, bound.plan.Receive),
			progress: options.Progress, summary: summary,
		}
		err = o.workAfterHello(ctx, work)
		if client.IsCode(err, fault.CursorExpired) {
			err = o.workAfterHello(ctx, work)
		}
		var unread error
		summary.Standing, unread = memory.Rejected(context.WithoutCancel(ctx))
		return errors.Join(err, unread)
	})
}

func (o *outbound) workAfterHello(ctx context.Context, work func(context.Context, *outbound, greeting) error) error {
	g, err := sayHello(ctx, o.link, o.state, o.progress)
	if err != nil {
		return err
	}
	if err := o.source.openSource(ctx); err != nil {
		return err
	}
	return work(ctx, o, g)
}

// rememberOutcome does some work and remembers how it went, for `agent status`.
func rememberOutcome(ctx context.Context, memory *state.State, work func() error) error {
	if err := memory.Remember(ctx, map[string]string{state.FactLastTry: state.Now()}); err != nil {
		return err
	}
	err := work()
	facts := map[string]string{state.FactLastSuccess: state.Now(), state.FactLastError: ""}
	if err != nil {
		facts = map[string]string{state.FactLastError: err.Error()}
	}
	return errors.Join(err, memory.Remember(context.WithoutCancel(ctx), facts))
}

func ignoreEnd(string, error) {}

func (o *outbound) syncWhole(ctx context.Context, options Options, newRules bool) error {
	pass := &wholePass{
		outbound: o, full: options.Full, allowDeletions: options.AllowDeletions,
		resend: resentStatuses(options.RetryRejected || newRules),
		read:   func(context.Context, *scan.Listing, time.Time) error { return nil },
	}
	if err := o.state.Recover(ctx); err != nil {
		return err
	}
	err := o.source.eachKind(ctx, o.link, o.progress, pass.passKind, ignoreEnd)
	if err := errors.Join(err, o.tellTroubles(ctx)); err != nil {
		return err
	}
	if err := o.renewEvidence(ctx); err != nil {
		return err
	}
	return o.keepRules(ctx)
}

// resentStatuses are those of what is sent again though the source has not changed it.
func resentStatuses(rejected bool) resend {
	statuses := resend{state.Waiting, state.Unanswered}
	if rejected {
		statuses = append(statuses, state.Rejected)
	}
	return statuses
}

// reconcileAll brings all kinds into agreement, and then trusts the state again.
func (o *outbound) reconcileAll(ctx context.Context, pass *reconcilingPass) ([]*reconcile.Comparison, error) {
	if err := o.state.Recover(ctx); err != nil {
		return nil, err
	}
	err := o.source.eachKind(ctx, o.link, o.progress, pass.passKind, ignoreEnd)
	if err := errors.Join(err, o.tellTroubles(ctx)); err != nil {
		return pass.comparisons, err
	}
	return pass.comparisons, o.trustState(ctx)
}

// trustState trusts the state again, since the feed was found to hold what it says.
func (o *outbound) trustState(ctx context.Context) error {
	if err := o.keepRules(ctx); err != nil {
		return err
	}
	if err := o.renewEvidence(ctx); err != nil {
		return err
	}
	return o.state.Settle(ctx, o.link.Welcome.Feed.Epoch)
}

// keepRules remembers that what is rejected was held against the rules of now.
func (o *outbound) keepRules(ctx context.Context) error {
	return o.state.Remember(ctx, map[string]string{state.FactRules: rulesOf(o.link)})
}
