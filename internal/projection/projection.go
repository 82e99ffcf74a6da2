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
const shape = 1

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
// has at the time of the call: what was acknowledged before is in them after.
func (p *Projector) CatchUp(ctx context.Context, organization uuid.UUID) error {
	for barrier := int64(-1); ; {
		at, err := p.advance(ctx, organization)
		if err != nil {
			return err
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

// Read runs fn in a snapshot of one organization in which the projections hold
// everything that was acknowledged before the call.
func (p *Projector) Read(ctx context.Context, organization uuid.UUID, fn func(tx pgx.Tx, view View) error) error {
	barrier := int64(-1)
	for range 10 {
		caughtUp := false
		err := p.db.Snapshot(ctx, organization, func(tx pgx.Tx) error {
			at, err := load(ctx, tx, organization)
			if err != nil {
				return err
			}
			if barrier < 0 {
				barrier = at.head
			}
			if caughtUp = at.fits() && at.seq >= barrier; !caughtUp {
				return nil
			}
			return fn(tx, View{Calendar: at.calendar(), TimeZone: at.wanted.zone, Currency: at.currency})
		})
		if err != nil || caughtUp {
			return err
		}
		if err := p.CatchUp(ctx, organization); err != nil {
			return err
		}
	}
	return fault.Retry(fault.Unavailable, "The data is being prepared anew. Ask again in a moment.", 2*time.Second)
}

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
