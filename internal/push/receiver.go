// Package push takes what local databases send: it decodes a push, decides what is to
// become of each change, and stores it in the organization's feed.
package push

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// Receiver takes the pushes of all organizations.
type Receiver struct {
	db   *db.DB
	feed *sync.Feed
	now  func() time.Time
	gate *gate
}

// New makes the receiver of pushes into feeds.
func New(database *db.DB, feed *sync.Feed, now func() time.Time) *Receiver {
	return &Receiver{db: database, feed: feed, now: now, gate: newGate(database.Pool.Config().MaxConns)}
}

// Enter waits for a place to decode and store a push in, shared out fairly among
// organizations. leave gives it back. Error: RateLimited where the organization
// has too many pushes waiting.
func (r *Receiver) Enter(ctx context.Context, organization uuid.UUID) (leave func(), err error) {
	return r.gate.enterQueue(ctx, organization)
}

// Push stores the accepted changes of a push in one transaction, durable when it
// returns, and answers for each change in the order sent. Numbers of the feed
// are taken under a lock on the organization's feed, held until the commit. The
// position is that of the feed after the push. Errors: Malformed for the push's
// cursor, and CursorExpired; nothing is stored then.
// The push's text is not read after that.
func (r *Receiver) Push(ctx context.Context, organization uuid.UUID, request *Request) ([]Result, sync.Position, error) {
	if err := request.checkDevice(); err != nil {
		return nil, sync.Position{}, err
	}
	from, err := sync.ParseCursor(request.Cursor)
	if err != nil {
		return nil, sync.Position{}, err
	}
	w := &feedWriter{
		organization: organization, device: request.DeviceID, now: r.now(), results: make([]Result, 0, len(request.raws)),
	}
	err = r.db.ForOrganization(ctx, organization, func(tx db.Tx) error { return w.writeAll(ctx, tx, from, request) })
	if err != nil {
		return nil, sync.Position{}, err
	}
	r.db.NoteWritten(int(w.head - w.before.Head))
	r.announceHead(w)
	return w.results, w.positionAfter(), nil
}

// announceHead tells those who follow the feed that a writer has moved its head.
func (r *Receiver) announceHead(w *feedWriter) {
	if w.head > w.before.Head {
		r.feed.Announce(w.organization)
	}
}

// Status of one pushed change.
type Status string

// Statuses of the protocol, docs/protocol.md.
const (
	Applied         Status = "applied"
	Unchanged       Status = "unchanged"
	Stale           Status = "stale"
	Conflict        Status = "conflict"
	Rejected        Status = "rejected"
	LicenseRequired Status = "license_required"
)

// Statuses are all of them.
var Statuses = []Status{Applied, Unchanged, Stale, Conflict, Rejected, LicenseRequired}

// Result says what became of one pushed change. Version and Seq are those of
// the record as it now stands; Remarks are what does not add up in an Applied one; Kept
// says that a Rejected one is kept, or was and healed in the same push; Current is the
// record that a Conflict or a Stale change met, nil where the answer would grow too long.
type Result struct {
	Kind    string
	ID      string
	Status  Status
	Version int64
	Seq     int64
	Code    string
	Errors  []fault.Field
	Remarks []record.Remark
	Kept    bool
	Current *sync.Record
}
