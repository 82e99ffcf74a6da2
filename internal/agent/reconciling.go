package agent

import (
	"context"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/reconcile"
)

// reconcilingPass brings kinds into agreement with the cabinet where the state cannot be relied on.
type reconcilingPass struct {
	*outbound
	allowDeletions bool // however many records have vanished
	remove         func(*reconcile.Comparison) (bool, error)
	comparisons    []*reconcile.Comparison
}

func (p *reconcilingPass) passKind(ctx context.Context, kind *mapping.Kind, reader *extract.Extractor) error {
	started := p.link.Now()
	r := &reconcile.Reconciler{
		Comparer: reconcile.Comparer{
			Link: p.link, State: p.state, Scratch: p.scratch, Kind: kind, Extractor: reader, Progress: p.progress,
			Received: p.source.plan.Receives(kind.Record.Name),
		},
		AllowDeletions: p.allowDeletions, Remove: p.remove,
	}
	r.Sender = p.newSender(kind, reader, r)
	r.Sender.Totals.Whole = true
	comparison, newest, err := r.Reconcile(ctx)
	if comparison != nil {
		r.Sender.Totals.LeaveOut(comparison.LeftOut, comparison.Refusals)
		p.comparisons = append(p.comparisons, comparison)
	}
	if err != nil {
		return err
	}
	return keepWholeReading(ctx, p.state, kind, newest, started)
}
