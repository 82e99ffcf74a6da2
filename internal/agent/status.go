package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/record"
)

// Report writes what the agent knows without asking anyone: when it last
// succeeded, how much was sent, what waits, and what was rejected and why, at
// most so many of each kind.
func Report(ctx context.Context, out io.Writer, config Config, most int) error {
	if _, err := os.Stat(config.StateFile()); errors.Is(err, fs.ErrNotExist) {
		_, err := fmt.Fprintf(out, "Cabinet: %s\nNothing has been synchronized yet: run `agent sync`.\n", config.URL)
		return err
	}
	memory, err := state.View(config.StateFile())
	if err != nil {
		return err
	}
	defer func() { _ = memory.Close() }()
	facts, err := memory.Facts(ctx)
	if err != nil {
		return err
	}
	counts, err := memory.Counts(ctx)
	if err != nil {
		return err
	}
	inbox, err := memory.InboxCounts(ctx)
	if err != nil {
		return err
	}
	r := reporter{out, memory, most}
	r.facts(config, facts)
	r.running(state.InUse(ctx, config.StateFile()), facts)
	r.counts(counts)
	r.inbox(inbox, facts)
	return r.troubles(ctx)
}

type reporter struct {
	out   io.Writer
	state *state.State
	most  int
}

func (r reporter) say(format string, args ...any) { _, _ = fmt.Fprintf(r.out, format, args...) }

func (r reporter) facts(config Config, facts map[string]string) {
	r.say("Cabinet:       %s\n", config.URL)
	r.say("Organization:  %s\n", or(facts[state.FactOrganizationName], "not known yet"))
	r.say("Device:        %s (%s)\n", config.DeviceName, config.DeviceID)
	r.say("Last success:  %s\n", or(facts[state.FactLastSuccess], "never"))
	if failure := facts[state.FactLastError]; failure != "" {
		r.say("Last attempt:  %s, failed: %s\n", facts[state.FactLastTry], failure)
	}
}

// running says whether an agent is at work. What the state says of it may be left
// by one that was killed.
func (r reporter) running(inUse bool, facts map[string]string) {
	since := facts[state.FactRunningSince]
	switch {
	case inUse && since != "":
		r.say("Running:       since %s; the cabinet has last answered %s\n", since, or(facts[state.FactLastContact], "never"))
	case inUse:
		r.say("Running:       yes\n")
	default:
		r.say("Running:       no\n")
	}
}

// inbox is what came from the cabinet, and what of it waits to be handed over, and
// why.
func (r reporter) inbox(counts []state.InboxCount, facts map[string]string) {
	if len(counts) > 0 {
		r.say("\n%-16s %10s %10s\n", "FROM THE CABINET", "RECEIVED", "WAITING")
	}
	for _, n := range counts {
		r.say("%-16s %10d %10d\n", n.Kind, n.Received, n.Waiting)
		if failure := facts[state.FactHandover(n.Kind)]; failure != "" && n.Waiting > 0 {
			r.say("  not handed over: %s\n", failure)
		}
	}
}

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

func (r reporter) counts(counts []state.Count) {
	byKind := map[string]map[state.Status]int{}
	deleted := map[string]int{}
	for _, c := range counts {
		if byKind[c.Kind] == nil {
			byKind[c.Kind] = map[state.Status]int{}
		}
		byKind[c.Kind][c.Status] += c.Records
		deleted[c.Kind] += c.Deleted
	}
	r.say("\n%-16s %10s %10s %10s %10s %10s\n", "KIND", "ACCEPTED", "DELETED", "STALE", "WAITING", "REJECTED")
	for _, kind := range record.Names() {
		if n, ok := byKind[kind]; ok {
			r.say("%-16s %10d %10d %10d %10d %10d\n", kind, n[state.Accepted], deleted[kind], n[state.Stale], n[state.Waiting]+n[state.Unanswered], n[state.Rejected])
		}
	}
}

// troubles lists what the cabinet did not take, with its reasons. What was simply
// older than the cabinet's is none.
func (r reporter) troubles(ctx context.Context) error {
	for _, kind := range record.Names() {
		records, err := r.state.NotAccepted(ctx, kind, state.Rejected, state.Waiting, state.Stale)
		if err != nil {
			return err
		}
		records = slices.DeleteFunc(records, func(r state.Record) bool { return r.Status == state.Stale && r.Code == "" })
		for i, known := range records {
			if i == r.most {
				r.say("  … %d more of %s\n", len(records)-r.most, kind)
				break
			}
			r.trouble(kind, known)
		}
	}
	return nil
}

func (r reporter) trouble(kind string, known state.Record) {
	r.say("\n%s %s, key %s: %s %s\n", kind, known.ID, known.Key.Key(), known.Status, known.Code)
	for _, fault := range known.Errors {
		r.say("  %s %s (%s)\n", fault.Field, fault.Message, fault.Code)
	}
}
