// Package sync is the heart of the cabinet: the ordered feed of an
// organization's records, what local databases push into it, and what they pull.
package sync

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

// Limits of the protocol, published by hello.
const (
	MaxChanges = 5_000     // changes of one push
	MaxBytes   = 16 << 20  // bytes of one push, after decompression
	MaxPage    = 5_000     // changes of one pull
	MaxStream  = 1_000_000 // changes of one pull as lines
	MaxWait    = 30 * time.Second

	MaxRejections     = 10_000   // kept for one organization
	MaxRejectionBytes = 64 << 20 // from so many together on, no more are kept
)

// maxClockAhead is how far ahead of the server a modification may be: a broken
// clock must not win forever.
const maxClockAhead = 24 * time.Hour

// Options of a feed.
type Options struct {
	Now  func() time.Time
	Wake func(organization uuid.UUID) // told after every push that changed records
	// Stopping is closed when the server stops: pulls that wait answer at once. nil: never.
	Stopping <-chan struct{}
}

// Feed serves the feeds of all organizations.
type Feed struct {
	db       *db.DB
	now      func() time.Time
	wake     func(uuid.UUID)
	stopping <-chan struct{}
	waiting  *waiting
	gate     *gate
	streams  streams
}

// New makes the feeds' service over a database.
func New(database *db.DB, options Options) *Feed {
	return &Feed{
		db: database, now: options.Now, wake: options.Wake, stopping: options.Stopping, waiting: newWaiting(database),
		gate: newGate(), streams: streams{running: map[uuid.UUID]int{}},
	}
}

// Enter waits for a place to decode and store a push in, shared out fairly among
// organizations. leave gives it back. Error: RateLimited where the organization
// has too many pushes waiting.
func (f *Feed) Enter(ctx context.Context, organization uuid.UUID) (leave func(), err error) {
	return f.gate.enter(ctx, organization)
}

// Position is a place in an organization's feed.
type Position struct {
	Epoch  uuid.UUID
	Head   int64
	mark   int64 // of the push that made the head
	purged int64 // the greatest number that a purged tombstone had
}

// Cursor is the position as clients carry it.
func (p Position) Cursor() string { return cursor{p.Epoch, p.Head, p.Head, p.mark, p.purged}.String() }

// Status of one pushed change.
type Status string

// Statuses of sync-protocol.md.
const (
	Applied         Status = "applied"
	Unchanged       Status = "unchanged"
	Stale           Status = "stale"
	Conflict        Status = "conflict"
	Rejected        Status = "rejected"
	LicenseRequired Status = "license_required"
)

// Result says what became of one pushed change. Version and Seq are those of
// the record as it now stands; Kept says that a Rejected one is kept, or was and
// healed in the same push; Current is the record that a Conflict met.
type Result struct {
	Kind    string
	ID      string
	Status  Status
	Version int64
	Seq     int64
	Code    string
	Errors  []fault.Field
	Kept    bool
	Current *Record
}

// Record is one record of a feed at its latest change.
type Record struct {
	Kind       string
	ID         uuid.UUID
	Version    int64
	Seq        int64
	ModifiedAt time.Time
	Deleted    bool
	DeviceID   uuid.UUID
	Data       []byte // canonical JSON
}
