// Package scan finds out which rows of a kind are to be looked at, and which have vanished: it
// lists the keys of the source, and holds them against what was seen and sent before. They are
// never all in memory.
package scan

import (
	"context"
	"math"
	"strconv"
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
	Newest *source.Value // the last change mark that can be believed, or the greatest number of a kind that Grows; nil: none
	// Refused are rows that cannot become records; Refusals are the first of them. Those of a key
	// that stands twice are listed all the same: they have not vanished.
	Refused  int
	Refusals []extract.Refusal
	db       *scratch.DB
	kind     string
}

const listed = `
	DROP TABLE IF EXISTS listed; CREATE TABLE listed (id BLOB NOT NULL, key TEXT NOT NULL, key_type INTEGER NOT NULL, mark TEXT, at INTEGER, repeated INTEGER NOT NULL);
	DROP TABLE IF EXISTS due; CREATE TABLE due (id BLOB NOT NULL UNIQUE, key TEXT NOT NULL, key_type INTEGER NOT NULL);`

// List lists all rows of a kind, or with since those whose change mark is that value or
// greater and those that have none. now is the time of the cabinet. Error: *extract.Failure.
func List(ctx context.Context, db *scratch.DB, kind *extract.Extractor, since *source.Value, now time.Time) (*Listing, error) {
	if _, err := db.Exec(ctx, listed); err != nil {
		return nil, err
	}
	l := &Listing{db: db, kind: kind.Name()}
	rows := db.Inserter("listed", 6)
	defer rows.Close()
	var newest time.Time
	greatest := int64(math.MinInt64)
	err := kind.List(ctx, since, func(entry *extract.Entry) error {
		l.Rows++
		if entry.Refusal != nil {
			l.refuse(*entry.Refusal)
			return nil
		}
		if number, err := strconv.ParseInt(entry.Key.Key(), 10, 64); err == nil && kind.Grows() && entry.Key.Type == source.Number && number > greatest {
			greatest, l.Newest = number, &entry.Key
		}
		if entry.At.IsZero() {
			return rows.Add(ctx, entry.ID[:], entry.Key.Text, int(entry.Key.Type), nil, nil, false)
		}
		if entry.At.Before(now.Add(futureMark)) && !entry.At.Before(newest) {
			newest, l.Newest = entry.At, &entry.Mark
		}
		return rows.Add(ctx, entry.ID[:], entry.Key.Text, int(entry.Key.Type), entry.Mark.Text, entry.At.UnixMicro(), false)
	})
	if err != nil {
		return nil, err
	}
	if err := rows.Flush(ctx); err != nil {
		return nil, err
	}
	return l, l.indexByID(ctx)
}

// mostRefusals is how many are kept: a key that is always empty has one for each row.
const mostRefusals = 100

func (l *Listing) refuse(r extract.Refusal) {
	l.Refused++
	if len(l.Refusals) < mostRefusals {
		l.Refusals = append(l.Refusals, r)
	}
}

// several are the ids of which there is more than one row.
const several = "(SELECT id FROM listed GROUP BY id HAVING count(*) > 1)"

// indexByID leaves one row of each key. What stands twice is refused: nobody knows which one is right.
func (l *Listing) indexByID(ctx context.Context) error {
	if _, err := l.db.Exec(ctx, "CREATE INDEX listed_id ON listed (id)"); err != nil {
		return err
	}
	before := l.Refused
	err := l.db.Each(ctx, func(scan func(...any) error) error {
		var key source.Value
		if err := scan(&key.Text, &key.Type); err != nil {
			return err
		}
		l.refuse(*extract.Repeated(key))
		return nil
	}, "SELECT key, key_type FROM listed WHERE id IN "+several+" GROUP BY id")
	if err != nil || l.Refused == before {
		return err
	}
	if _, err := l.db.Exec(ctx, "UPDATE listed SET repeated = 1 WHERE id IN "+several); err != nil {
		return err
	}
	_, err = l.db.Exec(ctx, "DELETE FROM listed WHERE repeated AND rowid NOT IN (SELECT min(rowid) FROM listed WHERE repeated GROUP BY id)")
	return err
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
	return EachKey(ctx, l.db, each, "SELECT key, key_type FROM listed WHERE NOT repeated ORDER BY at, rowid")
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
