package main

import (
	"context"
	"errors"
	"time"
)

// rebuilds is how often the projections are made anew under the pushes.
const rebuilds = 2

// measureProjections pushes to an organization whose 200,000 receipts are being
// projected anew, as after an upgrade, and again when nothing is left to project.
func measureProjections(ctx context.Context, b *bench) (err error) {
	to, err := b.filledOrganization(ctx)
	if err != nil {
		return err
	}
	p := &pushing{cabinet: b.cabinet, generator: newGenerator(3), to: to}
	var beside, alone []time.Duration
	for range rebuilds {
		quiet, err := p.timeWithoutProjection(ctx)
		if err != nil {
			return err
		}
		alone = append(alone, quiet)
		took, err := p.besideRebuild(ctx)
		if err != nil {
			return err
		}
		beside = append(beside, took...)
		to.receipts += 2 * perTurn * perBatch
	}
	with, without := rateOver(perBatch, percentile(beside, 50)), rateOver(perBatch, percentile(alone, 50))
	ratio := float64(with / without)
	b.addResult(result{"push while projections catch up", with.String(), without.String(), formatPercent(ratio), "≥ 60 %", ratio >= 0.6})
	return nil
}

// besideRebuild pushes one batch after the other, for as long as the server
// rebuilds the projections, but no longer than the prepared batches last.
func (p *pushing) besideRebuild(ctx context.Context) (took []time.Duration, err error) {
	if err := p.freshBatches(); err != nil {
		return nil, err
	}
	if err := p.awaitIdle(ctx); err != nil {
		return nil, err
	}
	if _, err := p.db.Exec(ctx, `UPDATE projection_cursors SET shape = 0 WHERE organization_id = $1`, p.to.ID); err != nil {
		return nil, err
	}
	if err := p.pushNew(ctx, p.to, p.batches[0]); err != nil { // wakes the projector
		return nil, err
	}
	const rebuilding = `SELECT EXISTS (SELECT FROM projection_cursors WHERE organization_id = $1 AND state = 'building')`
	for started := false; !started; {
		if started, err = scalar[bool](ctx, p.db, rebuilding, p.to.ID); err != nil {
			return nil, err
		}
	}
	for _, one := range p.batches[1:] {
		began := time.Now()
		if err := p.pushNew(ctx, p.to, one); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		if still, err := scalar[bool](ctx, p.db, rebuilding, p.to.ID); err != nil || !still {
			return nil, errors.Join(err, errors.New("the rebuild was over before the pushes"))
		}
	}
	return took, nil
}
