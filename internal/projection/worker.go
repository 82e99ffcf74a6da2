package projection

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

const (
	// debounce is how long a woken organization waits for more to come.
	debounce = 200 * time.Millisecond
	// patrol is how often all organizations are looked through: for those that
	// another process, or one that has died, left behind.
	patrol = time.Minute
	// rush is how long after a push the next one is expected: a large one takes a good
	// part of it. While pushes follow one another, the worker rests restShare times as
	// long as it has worked: it takes the same cores and disks.
	rush      = 2 * time.Second
	restShare = 3
	maxRest   = 2 * time.Second
)

// Run catches up in the background until ctx ends.
func (p *Projector) Run(ctx context.Context) {
	ticker := time.NewTicker(patrol)
	defer ticker.Stop()
	p.wakeBehind(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			p.wakeBehind(ctx)
		case <-p.woken.signal:
			for again := sleep(ctx, debounce); again; {
				started := time.Now()
				again = p.workRound(ctx)
				if again && p.woken.inRush() {
					again = sleep(ctx, min(restShare*time.Since(started), maxRest))
				}
			}
		}
	}
}

// workRound does one piece of work for every pending organization, so that a long
// backlog of one does not hold up the others. again says that some have more.
func (p *Projector) workRound(ctx context.Context) (again bool) {
	for _, organization := range p.woken.takeAll() {
		_, more, err := p.advanceOnce(ctx, organization)
		if err == nil && !more {
			more, err = p.sweepRetired(ctx, organization)
		}
		switch {
		case ctx.Err() != nil:
			return false
		case err != nil:
			p.log.Warn("projections not advanced", "organization_id", organization, "error", err)
		case more:
			p.woken.add(organization)
			again = true
		}
	}
	return again
}

const selectBehind = `
SELECT f.organization_id FROM feeds f
LEFT JOIN projection_cursors c ON c.organization_id = f.organization_id AND c.state = 'live'
WHERE f.head > coalesce(c.seq, 0) OR c.shape <> $1 OR c.epoch <> f.epoch
    OR EXISTS (SELECT FROM projection_cursors o WHERE o.organization_id = f.organization_id AND o.state <> 'live')`

// wakeBehind wakes every organization whose projections are behind its feed.
func (p *Projector) wakeBehind(ctx context.Context) {
	err := p.db.System(ctx, func(tx db.Tx) error {
		found, err := tx.Query(ctx, selectBehind, shape)
		if err != nil {
			return err
		}
		behind, err := pgx.CollectRows(found, pgx.RowTo[uuid.UUID])
		for _, organization := range behind {
			p.woken.add(organization)
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		p.log.Warn("feeds not looked through", "error", err)
	}
}

// sleep waits; false says that ctx ended first.
func sleep(ctx context.Context, duration time.Duration) bool {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
