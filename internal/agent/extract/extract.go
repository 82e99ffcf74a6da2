// Package extract reads records out of a source as its mapping says: it makes
// their ids, times and exact numbers, and their canonical form and hash.
package extract

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/canonical"
)

// Extractor reads one kind. For one goroutine at a time.
type Extractor struct {
	source source.Source
	kind   *mapping.Kind
	writer writer
	root   *table
	parser canonical.Parser
	buffer []byte
}

// Entry is a row as it is listed: its key, and its change mark if it has one.
type Entry struct {
	Key  source.Value
	Mark source.Value
	At   time.Time // of the mark; zero where there is none
}

// New makes ready to read a kind, for the organization and with its time zone.
// It asks the source for the columns of every query; the error, mapping.Errors
// where the mapping is to blame, lists those that are missing.
func New(ctx context.Context, file string, src source.Source, kind *mapping.Kind, organization uuid.UUID, zone *time.Location) (*Extractor, error) {
	if kind.Zone != nil {
		zone = kind.Zone
	}
	b := binder{ctx: ctx, source: src, file: file}
	root := b.kind(kind)
	if b.away != nil {
		return nil, b.away
	}
	if len(b.errors) > 0 {
		return nil, b.errors
	}
	return &Extractor{source: src, kind: kind, writer: writer{organization, zone}, root: root, buffer: make([]byte, 0, 4096)}, nil
}

// ID is the id of the record that a row with this key becomes.
func (x *Extractor) ID(key source.Value) (uuid.UUID, error) {
	if x.kind.IsUUID {
		id, err := uuid.Parse(key.Key())
		if err != nil {
			return uuid.Nil, fmt.Errorf("%s: the id %q is no UUID; if it is a key of another sort, map it as key", x.kind.Record.Name, key.Text)
		}
		return id, nil
	}
	return ID(x.writer.organization, x.kind.Record.Name, key.Key()), nil
}

// List gives the keys of all rows, or with since of those whose change mark is
// that value or greater, in the order of their marks. The error says where
// keys are missing or stand twice.
func (x *Extractor) List(ctx context.Context, since *source.Value) ([]Entry, error) {
	selection := source.Selection{Query: x.kind.Query.Text, Columns: []string{x.root.name(x.root.key)}}
	if x.kind.ModifiedAt.Given() {
		selection.Columns = append(selection.Columns, x.root.name(x.root.modifiedAt))
	}
	if since != nil {
		selection.Since = &source.Since{Column: x.root.name(x.root.modifiedAt), Value: *since}
	}
	var entries []Entry
	seen := map[string]bool{}
	err := x.source.Read(ctx, func(reader source.Reader) error {
		return reader.Select(ctx, selection, func(row source.Row) error {
			entry, err := x.entry(row, seen)
			entries = append(entries, entry)
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", x.kind.Record.Name, err)
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	return entries, nil
}

func (x *Extractor) entry(row source.Row, seen map[string]bool) (Entry, error) {
	entry := Entry{Key: row[0]}
	if entry.Key.IsNull() || entry.Key.Key() == "" {
		return entry, fmt.Errorf("a row has no key (%s is empty)", x.kind.Key.Text)
	}
	if seen[entry.Key.Key()] {
		return entry, fmt.Errorf("the key %s stands in two rows: a join in the query may double rows", entry.Key.Key())
	}
	seen[entry.Key.Key()] = true
	if len(row) > 1 {
		entry.Mark = row[1]
		entry.At = x.at(row[1])
	}
	return entry, nil
}

// at is the time of a change mark; zero where it is none.
func (x *Extractor) at(mark source.Value) time.Time {
	if at, ok := x.instant(mark); ok {
		return at.Time
	}
	return time.Time{}
}

func (x *Extractor) instant(mark source.Value) (instant, bool) {
	var unit time.Duration
	if mark.Type == source.Number {
		unit = time.Second
		if len(mark.Text) > 11 {
			unit = time.Millisecond
		}
	}
	return parseInstant(mark, x.writer.zone, unit)
}

// Before is the change mark from which to read on after mark: earlier by the
// kind's overlap. ok is false for a mark that is no time.
func (x *Extractor) Before(mark source.Value) (since source.Value, ok bool) {
	at, ok := x.instant(mark)
	if !ok {
		return source.Value{}, false
	}
	return at.minus(x.kind.Overlap), true
}
