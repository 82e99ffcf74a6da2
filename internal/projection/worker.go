package projection

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	// debounce is how long a woken organization waits for more to come.
	debounce = 200 * time.Millisecond
	// patrol is how often all organizations are looked through: for those that
	// another process, or one that has died, left behind.
	patrol = time.Minute
	// rush is how long after a push the next one is expected. While pushes follow
	// one another, the worker rests yielding times as long as it has worked: it
	// takes the same cores and disks, and nobody waits for it. Readers catch up
	// by themselves, at full speed.
	rush     = 300 * time.Millisecond
	yielding = 9
	maxYield = 2 * time.Second
)

// pending are the organizations that may be behind.
type pending struct {
	mutex sync.Mutex
	set   map[uuid.UUID]bool
	wake  chan struct{}
	woken time.Time // when somebody outside said last that there is work
}

func (p *pending) add(organization uuid.UUID) {
	p.mutex.Lock()
	p.set[organization] = true
	p.mutex.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pending) take() []uuid.UUID {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	taken := make([]uuid.UUID, 0, len(p.set))
	for organization := range p.set {
		taken = append(taken, organization)
	}
	clear(p.set)
	return taken
}

// Wake says that an organization's feed, zone or day start has changed. It
// returns at once; the worker catches up a moment later.
func (p *Projector) Wake(organization uuid.UUID) {
	p.pending.mutex.Lock()
	p.pending.woken = time.Now()
	p.pending.mutex.Unlock()
	p.pending.add(organization)
}

// rushed says whether pushes follow one another.
func (p *pending) rushed() bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return time.Since(p.woken) < rush
}

// Run catches up in the background until ctx ends.
func (p *Projector) Run(ctx context.Context) {
	ticker := time.NewTicker(patrol)
	defer ticker.Stop()
	p.lookThrough(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			p.lookThrough(ctx)
		case <-p.pending.wake:
			for again := pause(ctx, debounce); again; {
				started := time.Now()
				again = p.round(ctx)
				if again && p.pending.rushed() {
					again = pause(ctx, min(yielding*time.Since(started), maxYield))
				}
			}
		}
	}
}

// round does one piece of work for every pending organization, so that a long
// backlog of one does not hold up the others. again says that some have more.
func (p *Projector) round(ctx context.Context) (again bool) {
	for _, organization := range p.pending.take() {
		_, more, err := p.advance(ctx, organization)
		if err == nil && !more {
			more, err = p.sweep(ctx, organization)
		}
		switch {
		case ctx.Err() != nil:
			return false
		case err != nil:
			p.log.Warn("projections not advanced", "organization_id", organization, "error", err)
		case more:
			p.pending.add(organization)
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

// lookThrough wakes every organization whose projections are behind its feed.
func (p *Projector) lookThrough(ctx context.Context) {
	err := p.db.System(ctx, func(tx pgx.Tx) error {
		found, err := tx.Query(ctx, selectBehind, shape)
		if err != nil {
			return err
		}
		behind, err := pgx.CollectRows(found, pgx.RowTo[uuid.UUID])
		for _, organization := range behind {
			p.pending.add(organization)
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		p.log.Warn("feeds not looked through", "error", err)
	}
}

// pause waits; false says that ctx ended first.
func pause(ctx context.Context, duration time.Duration) bool {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
