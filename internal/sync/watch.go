package sync

import (
	"context"
	stdsync "sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

// pollInterval is how often feeds that somebody waits for are looked at, for
// pushes that other server processes took.
const pollInterval = 300 * time.Millisecond

// watchers are the pulls that hold their answers. They hold no database
// connection: one query for all of them looks for new heads, and a push in this
// process wakes its readers at once.
type watchers struct {
	db    *db.DB
	mu    stdsync.Mutex
	feeds map[uuid.UUID]*watched
	polls bool
}

type watched struct {
	readers int
	head    int64 // as last seen; -1: not yet
	arrived chan struct{}
}

func newWatchers(database *db.DB) *watchers {
	return &watchers{db: database, feeds: map[uuid.UUID]*watched{}}
}

// joinFeed makes the caller a reader of a feed; the channel closes when something
// arrives. leave must be called once.
func (w *watchers) joinFeed(organization uuid.UUID) (arrived <-chan struct{}, leave func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.polls {
		w.polls = true
		go w.pollHeads()
	}
	feed := w.feeds[organization]
	if feed == nil {
		feed = &watched{head: -1, arrived: make(chan struct{})}
		w.feeds[organization] = feed
	}
	feed.readers++
	return feed.arrived, stdsync.OnceFunc(func() { w.leaveFeed(organization) })
}

func (w *watchers) leaveFeed(organization uuid.UUID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	feed := w.feeds[organization]
	if feed.readers--; feed.readers == 0 {
		delete(w.feeds, organization)
	}
}

func (w *watchers) wakeReaders(organization uuid.UUID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if feed := w.feeds[organization]; feed != nil {
		close(feed.arrived)
		feed.arrived = make(chan struct{})
	}
}

// pollHeads runs while anybody waits.
func (w *watchers) pollHeads() {
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for range ticker.C {
		organizations := w.watchedFeeds()
		if organizations == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		heads, err := w.readHeads(ctx, organizations)
		cancel()
		if err == nil {
			w.compareHeads(heads)
		}
	}
}

func (w *watchers) watchedFeeds() []uuid.UUID {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.polls = len(w.feeds) > 0
	var organizations []uuid.UUID
	for id := range w.feeds {
		organizations = append(organizations, id)
	}
	return organizations
}

func (w *watchers) readHeads(ctx context.Context, organizations []uuid.UUID) (map[uuid.UUID]int64, error) {
	heads := make(map[uuid.UUID]int64, len(organizations))
	err := w.db.System(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, `SELECT organization_id, head FROM feeds WHERE organization_id = ANY ($1)`, organizations)
		if err != nil {
			return err
		}
		var id uuid.UUID
		var head int64
		_, err = pgx.ForEachRow(rows, []any{&id, &head}, func() error {
			heads[id] = head
			return nil
		})
		return err
	})
	return heads, err
}

// compareHeads wakes the readers of feeds whose head has moved. The first look at a
// feed wakes too: something may have come between the reader's look and this.
func (w *watchers) compareHeads(heads map[uuid.UUID]int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, head := range heads {
		if feed := w.feeds[id]; feed != nil && feed.head != head {
			feed.head = head
			close(feed.arrived)
			feed.arrived = make(chan struct{})
		}
	}
}
