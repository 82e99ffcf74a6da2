package source

import (
	"context"
	"fmt"
	"time"
)

// Unavailable is the error of a source that cannot be read as a whole: it is
// missing, locked or out of reach. Another try may succeed.
type Unavailable struct{ Cause error }

func (u *Unavailable) Error() string { return u.Cause.Error() }

func (u *Unavailable) Unwrap() error { return u.Cause }

// OnDemand is a source for an agent that stays: it is opened when it is read, as
// often as it takes, and the time that it was kept busy is counted.
type OnDemand struct {
	driver Driver
	dsn    string
	source Source // nil: closed
	busy   time.Duration
}

// NewOnDemand makes a source that is not opened yet. Error: there is no such driver.
func NewOnDemand(driver, dsn string) (*OnDemand, error) {
	found, err := Find(driver)
	if err != nil {
		return nil, err
	}
	return &OnDemand{driver: found, dsn: dsn}, nil
}

// Busy is for how long the source was read in all.
func (o *OnDemand) Busy() time.Duration { return o.busy }

// Release lets go of what the POS may replace by another one. A connection is kept:
// making one costs more than a scan.
func (o *OnDemand) Release() {
	if o.driver.Replaceable() {
		_ = o.Close()
	}
}

// Close closes the source until it is read again.
func (o *OnDemand) Close() (err error) {
	if o.source != nil {
		err, o.source = o.source.Close(), nil
	}
	return err
}

// Columns are those of the result of a query. Error: Unavailable.
func (o *OnDemand) Columns(ctx context.Context, query string) (columns []Column, err error) {
	err = o.withSource(ctx, func(s Source) (err error) {
		columns, err = s.Columns(ctx, query)
		return err
	})
	return columns, err
}

// Read calls fn in a transaction, as Source.Read says. Error: Unavailable.
func (o *OnDemand) Read(ctx context.Context, fn func(Reader) error) error {
	return o.withSource(ctx, func(s Source) error { return s.Read(ctx, fn) })
}

// Scan calls each for every row, as Source.Scan says. Error: Unavailable.
func (o *OnDemand) Scan(ctx context.Context, selection Selection, each func(Row) error) error {
	return o.withSource(ctx, func(s Source) error { return s.Scan(ctx, selection, each) })
}

// RowsAtOnce is that of the source, once it is open.
func (o *OnDemand) RowsAtOnce() int {
	if o.source == nil {
		return 0
	}
	return o.source.RowsAtOnce()
}

// Holds says whether the POS waits for a scan, as Source.Holds says. Error: Unavailable.
func (o *OnDemand) Holds(ctx context.Context, selection Selection) (holds bool, err error) {
	err = o.withSource(ctx, func(s Source) (err error) {
		holds, err = s.Holds(ctx, selection)
		return err
	})
	return holds, err
}

// Lost says whether after an error of a reading nothing else can be read for now.
func (o *OnDemand) Lost(err error) bool { return o.source == nil || o.source.Lost(err) }

func (o *OnDemand) withSource(ctx context.Context, read func(Source) error) error {
	started := time.Now()
	defer func() { o.busy += time.Since(started) }()
	if o.source == nil {
		source, err := o.driver.Open(ctx, o.dsn)
		if err != nil {
			return &Unavailable{err}
		}
		o.source = source
	}
	err := read(o.source)
	if err != nil && o.source.Lost(err) {
		_ = o.Close()
		return &Unavailable{fmt.Errorf("read the source: %w", err)}
	}
	return err
}
