package scratch

import (
	"context"

	"github.com/google/uuid"
)

// IDs are a set of records' ids.
type IDs struct {
	db    *DB
	table string
}

// IDs makes an empty set. One of the same name is gone.
func (d *DB) IDs(ctx context.Context, name string) (*IDs, error) {
	_, err := d.Exec(ctx, "DROP TABLE IF EXISTS "+name+"; CREATE TABLE "+name+" (id BLOB PRIMARY KEY) WITHOUT ROWID")
	return &IDs{d, name}, err
}

// Add puts an id into the set.
func (s *IDs) Add(ctx context.Context, id uuid.UUID) error {
	_, err := s.db.Exec(ctx, "INSERT OR IGNORE INTO "+s.table+" VALUES (?)", id[:])
	return err
}

// Each calls each for all ids in their order, so many at a time.
func (s *IDs) Each(ctx context.Context, most int, each func([]uuid.UUID) error) error {
	return Batches(most, each, func(add func(uuid.UUID) error) error {
		return s.db.Each(ctx, func(scan func(...any) error) error {
			var id []byte
			if err := scan(&id); err != nil {
				return err
			}
			return add(uuid.UUID(id))
		}, "SELECT id FROM "+s.table+" ORDER BY id")
	})
}

// Batches gathers what all adds, and calls each for so many of them at a time. Each may keep its
// batch.
func Batches[T any](most int, each func([]T) error, all func(add func(T) error) error) error {
	var batch []T
	err := all(func(one T) error {
		if batch = append(batch, one); len(batch) < most {
			return nil
		}
		full := batch
		batch = nil
		return each(full)
	})
	if err != nil || len(batch) == 0 {
		return err
	}
	return each(batch)
}
