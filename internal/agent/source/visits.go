package source

import (
	"context"
	"fmt"
	"time"
)

// Unavailable is the error of a source that cannot be read as a whole: it is
// missing, locked or out of reach. Another look may succeed.
type Unavailable struct{ Cause error }

func (u *Unavailable) Error() string { return u.Cause.Error() }

func (u *Unavailable) Unwrap() error { return u.Cause }

// Visits is a source for an agent that stays: it is opened when it is read, as
// often as it takes, and the time that it was kept busy is counted.
type Visits struct {
	driver, dsn string
	open        Source // nil: closed
	busy        time.Duration
}

// Visit makes a source that is not opened yet.
func Visit(driver, dsn string) *Visits { return &Visits{driver: driver, dsn: dsn} }

// Busy is for how long the source was read in all.
func (v *Visits) Busy() time.Duration { return v.busy }

// Leave lets go of a file, which the till may replace by another one. A
// connection is kept: making one costs more than a look.
func (v *Visits) Leave() {
	if v.driver == SQLite {
		_ = v.Close()
	}
}

// Close closes the source until it is read again.
func (v *Visits) Close() (err error) {
	if v.open != nil {
		err, v.open = v.open.Close(), nil
	}
	return err
}

// Columns are the names in the result of a query. Error: Unavailable.
func (v *Visits) Columns(ctx context.Context, query string) (names []string, err error) {
	err = v.visit(ctx, func(s Source) (err error) {
		names, err = s.Columns(ctx, query)
		return err
	})
	return names, err
}

// Read calls fn in a transaction that sees one state of the database. Error:
// Unavailable.
func (v *Visits) Read(ctx context.Context, fn func(Reader) error) error {
	return v.visit(ctx, func(s Source) error { return s.Read(ctx, fn) })
}

func (v *Visits) lost(err error) bool { return v.open == nil || v.open.lost(err) }

func (v *Visits) visit(ctx context.Context, look func(Source) error) error {
	started := time.Now()
	defer func() { v.busy += time.Since(started) }()
	if v.open == nil {
		source, err := Open(ctx, v.driver, v.dsn)
		if err != nil {
			return &Unavailable{err}
		}
		v.open = source
	}
	err := look(v.open)
	if err != nil && v.open.lost(err) {
		_ = v.Close()
		return &Unavailable{fmt.Errorf("read the source: %w", err)}
	}
	return err
}
