// Package projection follows the feed of every organization and keeps the tables
// that lists and reports read: pure functions of the records, to be emptied and
// replayed at any time. It is a reader of the feed with a cursor, like any other.
package projection

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

// shape is the version of the rows that this program makes of a record. Raise it
// with every change of the projections: rows of another shape are replayed.
const shape = 3

// Projector keeps the projections of all organizations. Any number of processes
// may do so on one database.
type Projector struct {
	db      *db.DB
	log     *slog.Logger
	turns   turns
	pending pending
	skipped atomic.Int64
}

// New makes a projector; Run starts its background work.
func New(database *db.DB, log *slog.Logger) *Projector {
	return &Projector{
		db: database, log: log, turns: turns{waiting: map[uuid.UUID]chan struct{}{}},
		pending: pending{wake: make(chan struct{}, 1), set: map[uuid.UUID]bool{}},
	}
}

// Skipped is how many times this process met a record that it could not project.
// Such a record is logged and left out of lists and reports.
func (p *Projector) Skipped() int64 { return p.skipped.Load() }

// CatchUp brings the projections of an organization to the head that its feed
// has at the time of the call, made with what is wanted now: what was
// acknowledged before is in them after.
func (p *Projector) CatchUp(ctx context.Context, organization uuid.UUID) error {
	for barrier := int64(-1); ; {
		at, _, err := p.advance(ctx, organization)
		if err != nil {
			return err
		}
		if at.generation == 0 {
			continue // another process is at it
		}
		if barrier < 0 {
			barrier = at.head
		}
		if at.fits() && at.seq >= barrier {
			return nil
		}
	}
}

// View is what a reader of the projections needs to know of the organization.
type View struct {
	Calendar
	TimeZone string
	Currency string
}

// patience is how long a reader waits for projections that are being made anew,
// in another time zone say, before it is shown those that are there.
const patience = time.Second

// Read runs fn in a snapshot of one organization in which the projections hold
// everything that was acknowledged before the call. While they are rebuilt, that
// is the old generation.
func (p *Projector) Read(ctx context.Context, organization uuid.UUID, fn func(tx pgx.Tx, view View) error) error {
	began, barrier := time.Now(), int64(-1)
	for {
		done := false
		err := p.db.Snapshot(ctx, organization, func(tx pgx.Tx) error {
			at, err := load(ctx, tx, organization, live)
			if err != nil {
				return err
			}
			if barrier < 0 {
				barrier = at.head
			}
			done = at.generation != 0 && at.seq >= barrier && (at.fits() || time.Since(began) > patience)
			if !done {
				return nil
			}
			return fn(tx, View{Calendar: at.calendar(), TimeZone: at.made.zone, Currency: at.currency})
		})
		if err != nil || done {
			return err
		}
		if time.Since(began) > longestWait {
			return fault.Retry(fault.Unavailable, "The data is being prepared. Ask again in a moment.", 2*time.Second)
		}
		if err := p.serve(ctx, organization); err != nil {
			return err
		}
	}
}

// serve does what a reader waits for: what was acknowledged comes before what is
// being built.
func (p *Projector) serve(ctx context.Context, organization uuid.UUID) error {
	release, err := p.turns.take(ctx, organization)
	if err != nil {
		return err
	}
	defer release()
	at, err := p.follow(ctx, organization, live)
	if err == nil && at.seq >= at.head && !at.fits() {
		_, err = p.build(ctx, organization, at)
	}
	return err
}

// longestWait is how long a reader waits for what was acknowledged before it.
const longestWait = time.Minute

// turns lets one goroutine of this process at a time advance an organization;
// the others would only hold connections while they wait for its lock.
type turns struct {
	mutex   sync.Mutex
	waiting map[uuid.UUID]chan struct{}
}

// take waits for the organization's turn; release gives it on.
func (t *turns) take(ctx context.Context, organization uuid.UUID) (release func(), err error) {
	for {
		t.mutex.Lock()
		taken, busy := t.waiting[organization]
		if !busy {
			done := make(chan struct{})
			t.waiting[organization] = done
			t.mutex.Unlock()
			return func() {
				t.mutex.Lock()
				delete(t.waiting, organization)
				t.mutex.Unlock()
				close(done)
			}, nil
		}
		t.mutex.Unlock()
		select {
		case <-taken:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
