package scan

import (
	"context"
	"time"

	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/source"
)

// Seen are the rows that the last scan of each kind has read under their change marks, near
// the newest one: an incremental scan reads only others.
type Seen struct{ db *scratch.DB }

// settling is how long a row may change again under the same mark, of whole
// seconds at the best. A whole scan finds what is written in other ways.
const settling = 5 * time.Second

// NewSeen makes it, of nothing.
func NewSeen(ctx context.Context, db *scratch.DB) (*Seen, error) {
	_, err := db.Exec(ctx, "CREATE TABLE seen (kind TEXT, id BLOB, mark TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID")
	return &Seen{db}, err
}

// Forget has everything read again.
func (s *Seen) Forget(ctx context.Context) error {
	_, err := s.db.Exec(ctx, "DELETE FROM seen")
	return err
}

// UnseenKeys calls each for the keys of those rows of a listing that were not seen under their
// marks, some at a time and in the order of the marks.
func (s *Seen) UnseenKeys(ctx context.Context, l *Listing, each func([]source.Value) error) error {
	return EachKey(ctx, s.db, each, `SELECT key, key_type FROM listed
		WHERE NOT repeated AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.kind = ? AND seen.id = listed.id AND seen.mark = listed.mark) ORDER BY at, rowid`, l.kind)
}

// Remember takes the rows of a listing that was made at a time for what was seen of its kind, and
// forgets the others. What could still change under its mark is not seen yet.
func (s *Seen) Remember(ctx context.Context, l *Listing, at time.Time) error {
	if _, err := s.db.Exec(ctx, "DELETE FROM seen WHERE kind = ?", l.kind); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, "INSERT INTO seen SELECT ?, id, mark FROM listed WHERE at < ?", l.kind, at.Add(-settling).UnixMicro())
	return err
}
