// Package scan finds out which rows of a kind are to be looked at, and which have vanished: it
// lists the keys of the source, and holds them against what was seen and sent before. They are
// never all in memory.
package scan

import (
	"context"
	"fmt"
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
)

// BatchSize is how many rows are read in one transaction and sent at once.
const BatchSize = 1000

// futureMark is how far ahead of now a change mark may be to be believed: one
// from a clock that ran wild must not hide the changes after it.
const futureMark = 5 * time.Minute

// Listing is the rows of one kind, by their keys. There is one at a time.
type Listing struct {
	Rows   int           // that were listed
	Due    int           // that AddDue has added
	Newest *source.Value // the last change mark that can be believed; nil: none
	db     *scratch.DB
	kind   string
}

const listed = `
	DROP TABLE IF EXISTS listed; CREATE TABLE listed (id BLOB NOT NULL, key TEXT NOT NULL, key_type INTEGER NOT NULL, mark TEXT, at INTEGER);
	DROP TABLE IF EXISTS due; CREATE TABLE due (id BLOB NOT NULL UNIQUE, key TEXT NOT NULL, key_type INTEGER NOT NULL);`

// List lists all rows of a kind, or with since those whose change mark is that value or
// greater. now is the time of the cabinet. Error: *extract.Failure, also where keys are missing or
// stand twice.
func List(ctx context.Context, db *scratch.DB, kind *extract.Extractor, since *source.Value, now time.Time) (*Listing, error) {
	if _, err := db.Exec(ctx, listed); err != nil {
		return nil, err
	}
	l := &Listing{db: db, kind: kind.Name()}
	rows := db.Inserter("listed", 5)
	defer rows.Close()
	var newest time.Time
	err := kind.List(ctx, since, func(entry *extract.Entry) error {
		l.Rows++
		if entry.At.IsZero() {
			return rows.Add(ctx, entry.ID[:], entry.Key.Text, int(entry.Key.Type), nil, nil)
		}
		if entry.At.Before(now.Add(futureMark)) && !entry.At.Before(newest) {
			newest, l.Newest = entry.At, &entry.Mark
		}
		return rows.Add(ctx, entry.ID[:], entry.Key.Text, int(entry.Key.Type), entry.Mark.Text, entry.At.UnixMicro())
	})
	if err != nil {
		return nil, err
	}
	if err := rows.Flush(ctx); err != nil {
		return nil, err
	}
	return l, l.indexByID(ctx)
}

// indexByID fails where a key stands twice.
func (l *Listing) indexByID(ctx context.Context) error {
	_, failed := l.db.Exec(ctx, "CREATE UNIQUE INDEX listed_id ON listed (id)")
	if failed == nil {
		return nil
	}
	err := l.db.Each(ctx, func(scan func(...any) error) error {
		var key source.Value
		if err := scan(&key.Text, &key.Type); err != nil {
			return err
		}
		return &extract.Failure{Err: fmt.Errorf("%s: the key %s stands in two rows: a join in the query may double rows", l.kind, key.Key())}
	}, "SELECT key, key_type FROM listed GROUP BY id HAVING count(*) > 1 LIMIT 1")
	if err != nil {
		return err
	}
	return failed
}

// AddDue adds rows that are to be sent again though the source has not changed them. Those
// that are listed anyway, and deletions, are left out.
func (l *Listing) AddDue(ctx context.Context, records []state.Record) error {
	for i := range records {
		r := &records[i]
		if r.Deleted {
			continue
		}
		const text = "INSERT OR IGNORE INTO due SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM listed WHERE id = ?1)"
		added, err := l.db.Exec(ctx, text, r.ID[:], r.Key.Text, int(r.Key.Type))
		if err != nil {
			return err
		}
		l.Due += int(added)
	}
	return nil
}

// Keys calls each for the keys of all rows, some at a time: first those that are due, then in the order
// of their change marks.
func (l *Listing) Keys(ctx context.Context, each func([]source.Value) error) error {
	if err := EachKey(ctx, l.db, each, "SELECT key, key_type FROM due ORDER BY rowid"); err != nil {
		return err
	}
	return EachKey(ctx, l.db, each, "SELECT key, key_type FROM listed ORDER BY at, rowid")
}

// EachKey calls each for the keys that a query gives, some at a time.
func EachKey(ctx context.Context, db *scratch.DB, each func([]source.Value) error, text string, args ...any) error {
	return scratch.Batches(BatchSize, each, func(add func(source.Value) error) error {
		return db.Each(ctx, func(scan func(...any) error) error {
			var key source.Value
			if err := scan(&key.Text, &key.Type); err != nil {
				return err
			}
			return add(key)
		}, text, args...)
	})
}
