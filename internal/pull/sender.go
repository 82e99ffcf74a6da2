// Package pull hands out an organization's feed to those who follow it: it reads windows
// of the feed, frames their changes, and sends them in chunks.
package pull

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/sync"
)

// Sender answers the pulls of all organizations.
type Sender struct {
	db       *db.DB
	feed     *sync.Feed
	stopping <-chan struct{}
	places   places
}

// New makes the sender of feeds. stopping is closed when the server stops: pulls that
// wait answer at once. nil: never.
func New(database *db.DB, feed *sync.Feed, stopping <-chan struct{}) *Sender {
	return &Sender{db: database, feed: feed, stopping: stopping, places: places{taken: map[uuid.UUID]int{}}}
}

// Request asks for the changes after a cursor.
type Request struct {
	Cursor    string
	Limit     int           // at least 1
	Kinds     []string      // none: all
	NotDevice uuid.UUID     // leaves out the changes that this device made; Nil: none
	Wait      time.Duration // how long to hold the answer until something arrives
	Lines     bool          // as NDJSON, a change a line; else as one JSON object

	// StillAllowed says whether the reader may read on, by an answer of at most that age. It is
	// asked before each window, at each waking, and while nothing arrives. nil: nobody can
	// forbid it.
	StillAllowed func(ctx context.Context, age time.Duration) error
}

const (
	// Rights of a reader that are asked for again are at most so old,
	allowedAge = time.Second
	// and so much older while nothing arrives.
	askEvery = 2 * time.Second
)

func (r *Request) checkAllowed(ctx context.Context, age time.Duration) error {
	if r.StillAllowed == nil {
		return nil
	}
	return r.StillAllowed(ctx, age)
}

// Send answers a request, and returns how many changes it has sent, when nothing is on its
// way any more. It gives send one chunk of the answer after another, each while the next
// is read: no answer is ever in memory whole. send blocks until the reader has taken the
// chunk, and may give up after ChunkTimeout. Errors before the first chunk: Malformed and
// CursorExpired for the cursor, RateLimited where too many of the organization's readers
// are still reading. What StillAllowed says ends the answer, begun or not.
func (s *Sender) Send(ctx context.Context, organization uuid.UUID, request Request, send func(chunk []byte) error) (count int, err error) {
	from, err := sync.ParseCursor(request.Cursor)
	if err != nil {
		return 0, err
	}
	a := &answer{
		sender: s, organization: organization, request: request,
		frame:  frame{lines: request.Lines},
		outbox: outbox{send: send, enter: func() (func(), error) { return s.places.takePlace(organization) }},
		pace:   newPace(),
	}
	defer a.outbox.close()
	err = a.sendWindows(ctx, from)
	return a.frame.count, err
}
