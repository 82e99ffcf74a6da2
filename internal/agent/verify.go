package agent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/reconcile"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// Verification is the comparison of all kinds, and what a repair then sent.
type Verification struct {
	Kinds   []*reconcile.Comparison
	Sources []client.Source // of the organization
	Repair  send.Summary
}

// Same says whether the cabinet holds of each kind what the source holds, and nothing else of it.
func (v *Verification) Same() bool {
	for _, kind := range v.Kinds {
		if !kind.Same() {
			return false
		}
	}
	return true
}

// secondLook is how long an agent that is at work has to send what a first
// comparison found different.
const secondLook = 3 * time.Second

// Verify compares the source with the cabinet by digests. It changes nothing,
// and may look on while another agent is at work.
func Verify(ctx context.Context, config Config, options Options) (found Verification, err error) {
	defer options.Progress.End()
	if _, err := os.Stat(config.StateFile()); errors.Is(err, fs.ErrNotExist) {
		return found, errors.New("nothing has been synchronized yet: run `agent sync`")
	}
	memory, err := state.View(config.StateFile())
	if err != nil {
		return found, err
	}
	defer func() { _ = memory.Close() }()
	bound, err := loadSource(config)
	if err != nil {
		return found, err
	}
	defer bound.closeSource()
	room, err := scratch.Open(ctx)
	if err != nil {
		return found, err
	}
	defer func() { _ = room.Close() }()
	cabinet := &link.Link{Identity: config.linkIdentity(), Retry: client.RetryPolicy{GiveUp: options.RetryFor, Waiting: options.Progress.Waiting}, Clock: link.Present}
	if err := recognizeState(ctx, cabinet, memory); err != nil {
		return found, err
	}
	found.Sources = cabinet.Sources
	if err := bound.openSource(ctx); err != nil {
		return found, err
	}
	err = bound.eachKind(ctx, cabinet, options.Progress, func(ctx context.Context, kind *mapping.Kind, reader *extract.Extractor) error {
		comparer := &reconcile.Comparer{Link: cabinet, State: memory, Scratch: room, Kind: kind, Extractor: reader, Progress: options.Progress, Received: bound.plan.Receives(kind.Record.Name)}
		compared, err := compareTwice(ctx, comparer, config)
		if err == nil {
			found.Kinds = append(found.Kinds, compared)
		}
		return err
	}, ignoreEnd)
	return found, err
}

// compareTwice compares one kind. Where it differs while another agent is at work, that
// one gets the time to send what has just changed.
func compareTwice(ctx context.Context, comparer *reconcile.Comparer, config Config) (*reconcile.Comparison, error) {
	compared, err := comparer.Compare(ctx)
	if err != nil || compared.Same() || !state.InUse(config.StateFile()) {
		return compared, err
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(secondLook):
	}
	return comparer.Compare(ctx)
}

// recognizeState says hello, and fails where the state is that of another organization.
func recognizeState(ctx context.Context, cabinet *link.Link, memory *state.State) error {
	facts, err := memory.Facts(ctx)
	if err != nil {
		return err
	}
	if err := cabinet.Hello(ctx, facts[state.FactCursor]); err != nil {
		return err
	}
	if facts[state.FactOrganization] != cabinet.Welcome.Organization.ID.String() {
		return fmt.Errorf("nothing has been synchronized with «%s» yet: run `agent sync`", cabinet.Welcome.Organization.Name)
	}
	sources, err := readSources(ctx, cabinet)
	if err != nil {
		return err
	}
	cabinet.Sources = sources
	cabinet.Source, _, err = findOwnSource(cabinet, sources, facts)
	return err
}
