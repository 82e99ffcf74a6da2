package agent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/state"
)

// Verification is the comparison of all kinds, and what a repair then sent.
type Verification struct {
	Kinds  []*Comparison
	Repair Summary
}

// Same says whether the cabinet holds all that the source holds.
func (v *Verification) Same() bool {
	for _, kind := range v.Kinds {
		if !kind.Same() {
			return false
		}
	}
	return true
}

// secondLook is how long an agent that is at work has to send what a first
// look found different.
const secondLook = 3 * time.Second

// Verify compares the source with the cabinet by digests. It changes nothing,
// and may look on while another agent is at work.
func Verify(ctx context.Context, config Config, options Options) (Verification, error) {
	defer options.Progress.End()
	if _, err := os.Stat(config.StateFile()); errors.Is(err, fs.ErrNotExist) {
		return Verification{}, errors.New("nothing has been synchronized yet: run `agent sync`")
	}
	memory, err := state.View(config.StateFile())
	if err != nil {
		return Verification{}, err
	}
	defer func() { _ = memory.Close() }()
	s := &session{Options: options, config: config, state: memory, clock: present, looking: true}
	if err := s.open(ctx); err != nil {
		return Verification{}, err
	}
	defer s.close()
	err = s.kinds(ctx, s.look)
	return Verification{Kinds: s.comparisons}, err
}

// Repair is a Verify that also sends what is missing or different in the
// cabinet, and deletions of what was sent from here and has vanished since.
func Repair(ctx context.Context, config Config, options Options) (Verification, error) {
	defer options.Progress.End()
	memory, err := state.Open(ctx, config.StateFile())
	if err != nil {
		return Verification{}, err
	}
	defer func() { _ = memory.Close() }()
	s := &session{Options: options, config: config, state: memory, clock: present, mending: true}
	err = s.once(ctx)
	return Verification{Kinds: s.comparisons, Repair: s.summary}, err
}

// look compares one kind. Where it differs while another agent is at work, that
// one gets the time to send what has just changed.
func (s *session) look(ctx context.Context, kind *mapping.Kind, extractor *extract.Extractor) error {
	r := &reading{session: s, kind: kind, extractor: extractor}
	c, err := r.compareNow(ctx)
	if err == nil && !c.Same() && state.InUse(ctx, s.config.StateFile()) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(secondLook):
		}
		c, err = r.compareNow(ctx)
	}
	if err != nil {
		return err
	}
	s.comparisons = append(s.comparisons, &c.Comparison)
	return nil
}

func (r *reading) compareNow(ctx context.Context) (*comparing, error) {
	digests, err := r.digests(ctx)
	if err != nil {
		return nil, err
	}
	return r.compare(ctx, digests)
}

// recognize fails where the state is that of another organization.
func (s *session) recognize(ctx context.Context) error {
	facts, err := s.state.Facts(ctx)
	if err == nil && facts[state.FactOrganization] != s.welcome.Organization.ID.String() {
		err = fmt.Errorf("nothing has been synchronized with «%s» yet: run `agent sync`", s.welcome.Organization.Name)
	}
	return err
}
