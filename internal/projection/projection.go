// Package projection follows the feed of every organization and keeps the tables
// that lists and reports read: pure functions of the records, to be emptied and
// replayed at any time. It is a reader of the feed with a cursor, like any other.
package projection

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
)

// shape is the version of the rows that this program makes of a record. Raise it
// with every change of the projections: rows of another shape are replayed.
const shape = 7

// Projector keeps the projections of all organizations. Any number of processes
// may do so on one database.
type Projector struct {
	db          *db.DB
	log         *slog.Logger
	turns       turns
	woken       wakeups
	barrierWait time.Duration
	skipped     atomic.Int64
}

// New makes a projector; Run starts its background work.
func New(database *db.DB, log *slog.Logger) *Projector {
	return &Projector{
		db: database, log: log, turns: turns{waiting: map[uuid.UUID]chan struct{}{}},
		woken: wakeups{signal: make(chan struct{}, 1), set: map[uuid.UUID]bool{}}, barrierWait: barrierWait,
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
		at, _, err := p.advanceOnce(ctx, organization)
		if err != nil {
			return err
		}
		if at.generation == 0 {
			continue // another process is at it
		}
		if barrier < 0 {
			barrier = at.head
		}
		if at.isAsWanted() && at.seq >= barrier {
			return nil
		}
	}
}
