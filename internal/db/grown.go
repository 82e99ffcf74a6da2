package db

import "context"

// manyRows is from how many written rows on it is looked whether tables have grown.
const manyRows = 2_000

// NoteWritten says that rows have been written to tables that bulks go into.
func (d *DB) NoteWritten(rows int) { d.written.Add(int64(rows)) }

// AnalyzeGrown makes PostgreSQL's statistics of what has grown much anew, before the next reader
// comes. It takes time that a bulk would miss: it is for the moment when the bulk is through.
// Where it fails, autovacuum does it later.
func (d *DB) AnalyzeGrown(ctx context.Context) {
	if d.written.Load() < manyRows {
		return
	}
	d.written.Store(0)
	_ = d.System(ctx, func(tx Tx) error {
		_, err := tx.Exec(ctx, "SELECT analyze_grown()")
		return err
	})
}
