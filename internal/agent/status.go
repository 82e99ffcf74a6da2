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
	r := reporter{out, memory, most}
	r.facts(config, facts)
	r.counts(counts)
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

// troubles lists what the cabinet did not take, with its reasons.
func (r reporter) troubles(ctx context.Context) error {
	for _, kind := range record.Names() {
		records, err := r.state.NotAccepted(ctx, kind, state.Rejected, state.Waiting)
		if err != nil {
			return err
		}
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
