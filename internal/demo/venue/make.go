// Package venue makes the local database of a small chain of bakeries and
// coffee shops: a point of sale as it might stand in any venue, with a history
// that has the rhythm of hours, weeks and seasons.
package venue

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/interpos/cabinet/docs/examples"
)

//go:embed schema.sql
var schema string

// ours marks the files that may be replaced (SQLite's application_id).
const ours = 0x49504453

// outletsMany is more than a chain has outlets: a file's user_version holds how many, and which one it is of.
const outletsMany = 256

// Options of a demo source.
type Options struct {
	Path    string // SQLite file
	Mapping string // where to write the mapping; empty: next to the file
	Seed    int64
	Days    int // of history
	Outlets int // 1 to 3
	Only    int // the one outlet whose database it is, counting from 1, with the directories of the whole chain; 0: one database of all
	Now     time.Time
	Keep    bool // go on with a file that is there
}

// Made is what Make did.
type Made struct {
	Receipts int
	Mapping  string
}

// Make writes the database and its mapping. The same options make the same
// content. A file that is no demo source is never replaced. With Keep, one
// that is there is brought up to now instead.
func Make(ctx context.Context, o Options) (Made, error) {
	if o.Outlets < 1 || o.Outlets > len(outletsOfChain()) || o.Days < 1 || o.Days > 2000 {
		return Made{}, fmt.Errorf("a demo source has 1 to %d outlets and 1 to 2000 days", len(outletsOfChain()))
	}
	if o.Only < 0 || o.Only > o.Outlets {
		return Made{}, fmt.Errorf("the chain has outlets 1 to %d", o.Outlets)
	}
	existing, err := isOurs(o.Path)
	if err != nil {
		return Made{}, err
	}
	made := Made{Mapping: o.mappingPath()}
	if existing && o.Keep && o.isCurrent(ctx) {
		made.Receipts, err = o.resumeDatabase(ctx)
	} else {
		made.Receipts, err = o.createDatabase(ctx)
	}
	if err != nil {
		return Made{}, err
	}
	mapping := examples.DemoFor
	if o.Only > 0 {
		mapping = examples.DemoOutletFor
	}
	return made, replaceFile(made.Mapping, mapping(filepath.Base(o.Path)))
}

// replaceFile puts a new file in place at once: an agent may read the old one meanwhile.
func replaceFile(path string, content []byte) error {
	temporary := path + ".new"
	if err := os.WriteFile(temporary, content, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

// isCurrent says whether the file has the tables that this version writes; one of an
// older version is made anew.
func (o Options) isCurrent(ctx context.Context) (is bool) {
	err := writeInTransaction(ctx, o.Path, func(b *book) {
		is = b.queryNumber("SELECT count(*) FROM pragma_table_info('checks') WHERE name = 'vat_on_top'") == 1
	})
	return err == nil && is
}

func (o Options) mappingPath() string {
	if o.Mapping != "" {
		return o.Mapping
	}
	return strings.TrimSuffix(o.Path, filepath.Ext(o.Path)) + ".yaml"
}

// createDatabase makes the whole history beside the file, and then puts it in place.
func (o Options) createDatabase(ctx context.Context) (int, error) {
	temporary := o.Path + ".new"
	if err := os.MkdirAll(filepath.Dir(o.Path), 0o755); err != nil {
		return 0, err
	}
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	receipts, err := o.fillDatabase(ctx, temporary)
	if err != nil {
		return 0, err
	}
	return receipts, os.Rename(temporary, o.Path)
}

func (o Options) fillDatabase(ctx context.Context, path string) (receipts int, err error) {
	w, err := newWorld(o.Seed, o.Outlets, o.Only)
	if err != nil {
		return 0, err
	}
	first := startOfDay(o.Now).AddDate(0, 0, 1-o.Days)
	err = writeInTransaction(ctx, path, func(b *book) {
		b.execute(fmt.Sprintf("PRAGMA application_id = %d", ours))
		b.execute(fmt.Sprintf("PRAGMA user_version = %d", o.Outlets+outletsMany*o.Only))
		for _, statement := range strings.Split(schema, ";\n") {
			b.execute(statement)
		}
		b.insertDirectories(w, first.AddDate(0, 0, -3))
		receipts = b.insertHistory(w, o.Seed, first, time.Time{}, o.Now)
	})
	return receipts, err
}

// resumeDatabase adds what was sold since the file was last written.
func (o Options) resumeDatabase(ctx context.Context) (receipts int, err error) {
	err = writeInTransaction(ctx, o.Path, func(b *book) {
		chain := b.queryNumber("PRAGMA user_version")
		w, err := newWorld(o.Seed, chain%outletsMany, chain/outletsMany)
		if err != nil {
			b.err = err
			return
		}
		b.writtenAt = o.Now
		b.settleOpenChecks(o.Now)
		if last := b.lastSaleTime(); b.err == nil && last.Before(o.Now) {
			last = last.In(o.Now.Location())
			receipts = b.insertHistory(w, o.Seed, startOfDay(last), last, o.Now)
		}
	})
	return receipts, err
}

// insertHistory writes the days from first on, but only what lies after a moment, that of
// the last receipt (zero: there is none), and up to now.
func (b *book) insertHistory(w *world, seed int64, first, after, now time.Time) int {
	stocked := b.lastStockTime()
	buyers := make([]*buyer, len(w.shops))
	for i, s := range w.shops {
		buyers[i] = &buyer{shop: s, used: usage{}, left: map[*item]amount{}, known: startOfDay(now)}
	}
	sales := w.salesBetween(seed, first, after, now, buyers)
	day := first
	for _, one := range sales {
		if today := startOfDay(one.closed); !today.Equal(day) {
			b.closeShifts(w, today)
			day = today
		}
		b.insertReceipt(w.shops[one.outlet.id-1], one)
	}
	b.closeShifts(w, now)
	b.insertOpenChecks(w, seed, now)
	for _, s := range buyers {
		for day := first; !day.After(now); day = day.AddDate(0, 0, 1) {
			b.insertDeliveries(s, seed, day, stocked, now, after.IsZero() && day.Equal(first))
			s.consumeDay(day)
			b.insertWaste(s, seed, day, stocked, now)
		}
	}
	return len(sales)
}

// salesBetween are those of all outlets in the order of their closing.
func (w *world) salesBetween(seed int64, first, after, now time.Time, buyers []*buyer) []*sale {
	var sales []*sale
	for i, s := range w.shops {
		for day := first; !day.After(now); day = day.AddDate(0, 0, 1) {
			for _, one := range s.salesOfDay(seed, day) {
				if one.closed.After(after) && !one.closed.After(now) && (one.refundOf == nil || one.refundOf.closed.After(after)) {
					sales = append(sales, one)
					buyers[i].used.addSale(one)
				}
			}
		}
	}
	slices.SortStableFunc(sales, func(a, b *sale) int { return a.closed.Compare(b.closed) })
	return sales
}

// writeInTransaction runs fn in one transaction of the file.
func writeInTransaction(ctx context.Context, path string, fn func(*book)) error {
	db, err := openDatabase(path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() { _ = tx.Rollback() }()
	b := newBook(ctx, tx)
	if fn(b); b.err != nil {
		return fmt.Errorf("write %s: %w", path, b.err)
	}
	return tx.Commit()
}

func openDatabase(path string) (*sql.DB, error) {
	slashed := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		slashed = "/" + slashed
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: slashed}).EscapedPath()+"?_pragma=busy_timeout(10000)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// isOurs says whether there is a demo source. Error: there is something else.
func isOurs(path string) (bool, error) {
	if info, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return false, nil
	}
	db, err := openDatabase(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = db.Close() }()
	id := 0
	if err := db.QueryRow("PRAGMA application_id").Scan(&id); err != nil || id != ours {
		return false, fmt.Errorf("%s is there already and is no demo source: it is left alone", path)
	}
	return true, nil
}
