// Package sync is the heart of the cabinet: the ordered feed of an organization's
// records. What local databases send into it is package push, what they read of it
// package pull.
package sync

import (
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
)

// Limits of the protocol, published by hello.
const (
	MaxChanges     = 5_000     // changes of one push
	MaxBytes       = 16 << 20  // bytes of one push, after decompression
	MaxRecordBytes = 256 << 10 // bytes of one record's canonical data
	MaxPage        = 5_000     // changes of one pull
	MaxStream      = 1_000_000 // changes of one pull as lines
	MaxWait        = 30 * time.Second

	MaxRejections     = 10_000   // kept for one organization
	MaxRejectionBytes = 64 << 20 // from so many together on, no more are kept
)

// Feed serves the feeds of all organizations.
type Feed struct {
	db       *db.DB
	now      func() time.Time
	wake     func(uuid.UUID)
	watchers *watchers
}

// New makes the feeds' service over a database. wake is told after every push that
// changed records.
func New(database *db.DB, now func() time.Time, wake func(organization uuid.UUID)) *Feed {
	return &Feed{db: database, now: now, wake: wake, watchers: newWatchers(database)}
}

// Announce tells those who follow a feed that its head has moved.
func (f *Feed) Announce(organization uuid.UUID) {
	f.watchers.wakeReaders(organization)
	f.wake(organization)
}

// Watch makes the caller a reader that waits for changes: the channel closes when
// something arrives. leave must be called once.
func (f *Feed) Watch(organization uuid.UUID) (arrived <-chan struct{}, leave func()) {
	return f.watchers.joinFeed(organization)
}
