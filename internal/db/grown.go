package db

import "context"

// manyRows is from how many written rows on it is looked whether tables have grown.
const manyRows = 2_000

// NoteWritten says that rows have been written to tables that bulks go into. From time to
// time PostgreSQL's statistics of what has grown much are made anew, before the next
// reader comes. Where that fails, autovacuum does it later.
func (d *DB) NoteWritten(ctx context.Context, rows int) {
	if d.written.Add(int64(rows)) < manyRows {
		return
	}
	d.written.Store(0)
	_ = d.System(ctx, func(tx Tx) error {
		_, err := tx.Exec(ctx, "SELECT analyze_grown()")
		return err
	})
}
