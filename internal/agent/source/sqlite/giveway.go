package sqlite

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/interpos/cabinet/internal/agent/source"
)

// Without a write-ahead log SQLite lets nobody write while somebody reads: a POS that wants to
// commit waits for the agent. So the agent looks, while it reads, whether the journal of a
// writer has appeared, ends its transaction then, and goes on when the writer is through.
const (
	// rowsAtOnce are read in some milliseconds, with their lists.
	rowsAtOnce = 100
	// busyFor is how long after a writer another one is expected.
	busyFor = 10 * time.Second
	// lookEvery is how often the agent looks for a writer while it reads.
	lookEvery = time.Millisecond
	// settled is how long a journal that stays (journal_mode=PERSIST) must not have changed.
	settled = 20 * time.Millisecond
	// waitAtMost is how long a reading waits for writers to come to an end.
	waitAtMost = time.Second
)

// errGiveWay is the cause for which a reading is ended: the POS writes.
var errGiveWay = errors.New("the POS writes")

// Read calls fn in a transaction; in another one, where a writer has come meanwhile. Each time
// the writer has to wait longer, so that fn comes to an end.
func (d *database) Read(ctx context.Context, fn func(source.Reader) error) error {
	for patience := time.Duration(0); ; patience = max(2*patience, 2*time.Millisecond) {
		gaveWay, err := d.readOnce(ctx, func(reading time.Duration) bool { return reading >= patience }, fn)
		if !gaveWay {
			return err
		}
	}
}

// readOnce calls fn in one transaction, which it ends where a writer has come and mayEnd, told for how
// long it has been reading, agrees.
func (d *database) readOnce(ctx context.Context, mayEnd func(time.Duration) bool, fn func(source.Reader) error) (gaveWay bool, err error) {
	if d.shares {
		return false, d.readInTransaction(ctx, fn)
	}
	before := d.awaitWriter(ctx)
	reading, end := context.WithCancelCause(ctx)
	defer end(nil)
	started := time.Now()
	giveWay := func() {
		if now := d.lookForWriter(); now != (journal{}) && now != before && mayEnd(time.Since(started)) {
			end(errGiveWay)
		}
	}
	go lookNowAndThen(reading, giveWay)
	err = d.readWhile(reading, giveWay, fn)
	gaveWay = err != nil && ctx.Err() == nil && errors.Is(context.Cause(reading), errGiveWay)
	if gaveWay {
		d.gaveWay = time.Now()
	}
	return gaveWay, err
}

func (d *database) readInTransaction(ctx context.Context, fn func(source.Reader) error) error {
	return d.readWhile(ctx, func() {}, fn)
}

// readWhile calls fn in a transaction. Between two rows look is called now and then, which may end ctx.
func (d *database) readWhile(ctx context.Context, look func(), fn func(source.Reader) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return explain(err)
	}
	defer func() { _ = tx.Rollback() }()
	return explain(fn(&reader{tx: tx, ctx: ctx, look: look, looked: time.Now()}))
}

// lookNowAndThen is for the time in which SQLite works without giving a row: it sorts, or passes over rows.
func lookNowAndThen(ctx context.Context, look func()) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			look()
		}
	}
}

// journal is what is seen of the file that a writer makes. None: nobody writes.
type journal struct {
	size    int64
	changed int64
}

func (d *database) lookForWriter() journal {
	info, err := os.Stat(d.journal)
	if err != nil || info.Size() == 0 {
		return journal{}
	}
	return journal{info.Size(), info.ModTime().UnixNano()}
}

// awaitWriter waits until nobody writes, but not for ever, and gives what is then seen of the journal.
func (d *database) awaitWriter(ctx context.Context) journal {
	started, since, before := time.Now(), time.Now(), d.lookForWriter()
	for before != (journal{}) && time.Since(since) < settled && time.Since(started) < waitAtMost && ctx.Err() == nil {
		time.Sleep(lookEvery)
		if now := d.lookForWriter(); now != before {
			before, since = now, time.Now()
		}
	}
	return before
}

// Scan calls each for every row. Where an index gives the order, it goes on from the last row after it
// has given way to a writer.
func (d *database) Scan(ctx context.Context, selection source.Selection, each func(source.Row) error) error {
	holds, err := d.Holds(ctx, selection)
	if err != nil {
		return err
	}
	if holds || d.shares {
		selection.OrderBy = nil
		return d.readInTransaction(ctx, func(reader source.Reader) error { return reader.Select(ctx, selection, each) })
	}
	position := newPosition(selection)
	for patience := time.Duration(0); ; {
		selection.From = position.from()
		done := position.rows
		var refused error
		mayEnd := func(reading time.Duration) bool {
			return reading >= patience && position.state.CompareAndSwap(going, ended)
		}
		gaveWay, err := d.readOnce(ctx, mayEnd, func(reader source.Reader) error {
			return reader.Select(ctx, selection, func(row source.Row) error {
				if position.passes(row) {
					refused = each(row)
				}
				return refused
			})
		})
		if refused != nil || !gaveWay {
			return errors.Join(refused, err)
		}
		position.state.Store(going)
		patience = max(2*patience, 2*time.Millisecond)
		if position.rows > done {
			patience = 0
		}
	}
}

// Holds says whether the rows have to be sorted: no index gives their order.
func (d *database) Holds(ctx context.Context, selection source.Selection) (holds bool, err error) {
	if d.shares {
		return false, nil
	}
	text, args := dialect.SQL(selection)
	rows, err := d.db.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var step string
		if err := rows.Scan(new(any), new(any), new(any), &step); err != nil {
			return false, err
		}
		holds = holds || strings.Contains(step, "ORDER BY")
	}
	return holds, rows.Err()
}

// position is how far a scan has come. Values that differ may be equal to the database: so it goes on
// from the last one, and leaves out the rows that it was given already.
type position struct {
	order []int // columns
	rows  int
	last  source.Value
	equal map[string]int // how often each row was given whose place may be the last one's
	skip  map[string]int // those that come again
	state atomic.Int32
}

// States of a scan.
const (
	going int32 = iota
	ended       // it gives way, and goes on from the last row
	bound       // too many rows are in one place to go on from it: it does not give way any more
)

// mostEqual is how many rows of one place are remembered: a POS that marks all its rows at once makes
// more than memory has room for.
const mostEqual = 20_000

func newPosition(selection source.Selection) *position {
	p := &position{}
	for _, name := range selection.OrderBy {
		p.order = append(p.order, slices.Index(selection.Columns, name))
	}
	return p
}

// from is where to go on; nil: from the beginning.
func (p *position) from() *source.Value {
	p.skip, p.equal = p.equal, nil
	if p.last.IsNull() {
		return nil
	}
	last := p.last
	return &last
}

// passes says whether a row is a new one.
func (p *position) passes(row source.Row) bool {
	place := make([]source.Value, len(p.order))
	for i, column := range p.order {
		place[i] = row[column]
	}
	value, whole := source.TupleOf(place), source.TupleOf(row).Text
	if p.equal == nil || !mayBeEqual(value, p.last) {
		p.equal = map[string]int{}
	}
	if len(p.equal) >= mostEqual && (p.state.CompareAndSwap(going, bound) || p.state.Load() == bound) {
		clear(p.equal)
	}
	p.equal[whole]++
	if p.skip[whole] > 0 {
		p.skip[whole]--
		return false
	}
	if value.HasKey() {
		p.last = value
	}
	p.rows++
	return true
}

// mayBeEqual goes by the widest of SQLite's collations.
func mayBeEqual(a, b source.Value) bool { return strings.EqualFold(a.Key(), b.Key()) }
