package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

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
	r := reporter{out, memory, facts, most}
	r.printFacts(config, facts)
	r.printRunning(state.InUse(config.StateFile()), facts)
	r.printCounts(counts)
	r.printInbox(inbox, facts)
	return r.printTroubles(ctx)
}

type reporter struct {
	out   io.Writer
	state *state.State
	facts map[string]string
	most  int
}

func (r reporter) printf(format string, args ...any) { _, _ = fmt.Fprintf(r.out, format, args...) }

func (r reporter) printFacts(config Config, facts map[string]string) {
	r.printf("Cabinet:       %s\n", config.URL)
	r.printf("Organization:  %s\n", orElse(facts[state.FactOrganizationName], "not known yet"))
	r.printf("Device:        %s (%s)\n", config.DeviceName, config.DeviceID)
	r.printf("Last success:  %s\n", orElse(facts[state.FactLastSuccess], "never"))
	if failure := facts[state.FactLastError]; failure != "" {
		r.printf("Last attempt:  %s, failed: %s\n", facts[state.FactLastTry], failure)
	}
}

// printRunning says whether an agent is at work. What the state says of it may be left
// by one that was killed.
func (r reporter) printRunning(inUse bool, facts map[string]string) {
	since := facts[state.FactRunningSince]
	switch {
	case inUse && since != "":
		r.printf("Running:       since %s; the cabinet has last answered %s\n", since, orElse(facts[state.FactLastContact], "never"))
	case inUse:
		r.printf("Running:       yes\n")
	default:
		r.printf("Running:       no\n")
	}
}

// printInbox says what came from the cabinet, and what of it waits to be delivered, and
// why.
func (r reporter) printInbox(counts []state.InboxCount, facts map[string]string) {
	if len(counts) > 0 {
		r.printf("\n%-16s %10s %10s\n", "FROM THE CABINET", "RECEIVED", "WAITING")
	}
	for _, n := range counts {
		r.printf("%-16s %10d %10d\n", n.Kind, n.Received, n.Waiting)
		if failure := facts[state.FactDelivery(n.Kind)]; failure != "" && n.Waiting > 0 {
			r.printf("  not handed over: %s\n", failure)
		}
	}
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

func (r reporter) printCounts(counts []state.Count) {
	byKind := map[string]map[state.Status]int{}
	deleted := map[string]int{}
	for _, c := range counts {
		if byKind[c.Kind] == nil {
			byKind[c.Kind] = map[state.Status]int{}
		}
		byKind[c.Kind][c.Status] += c.Records
		deleted[c.Kind] += c.Deleted
	}
	r.printf("\n%-16s %10s %10s %10s %10s %10s\n", "KIND", "ACCEPTED", "DELETED", "STALE", "WAITING", "REJECTED")
	for _, kind := range record.Names() {
		if n, ok := byKind[kind]; ok {
			r.printf("%-16s %10d %10d %10d %10d %10d\n", kind, n[state.Accepted], deleted[kind], n[state.Stale], n[state.Waiting]+n[state.Unanswered], n[state.Rejected])
		}
	}
}

// printTroubles lists what the cabinet did not take, with its reasons. What was simply
// older than the cabinet's is none.
func (r reporter) printTroubles(ctx context.Context) error {
	for _, kind := range record.Names() {
		if trouble := r.facts[state.FactSource(kind)]; trouble != "" {
			r.printf("\n%s\n", trouble)
		}
		first, count, err := r.state.Troubles(ctx, kind, r.most)
		if err != nil {
			return err
		}
		for _, known := range first {
			r.printTrouble(kind, known)
		}
		if count > len(first) {
			r.printf("  … %d more of %s\n", count-len(first), kind)
		}
	}
	return nil
}

func (r reporter) printTrouble(kind string, known state.Record) {
	r.printf("\n%s %s, key %s: %s %s\n", kind, known.ID, known.Key.Key(), known.Status, known.Code)
	for _, fault := range known.Errors {
		r.printf("  %s %s (%s)\n", fault.Field, fault.Message, fault.Code)
	}
}
