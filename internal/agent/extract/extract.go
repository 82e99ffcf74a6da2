// Package extract reads records out of a source as its mapping says: it makes
// their ids, times and exact numbers, and their canonical form and hash.
package extract

import (
	"context"
	"errors"
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

// Failure is why one kind cannot be read; the others can.
type Failure struct{ Err error }

func (f *Failure) Error() string { return f.Err.Error() }

func (f *Failure) Unwrap() error { return f.Err }

// Entry is a row as it is listed: its key, and its change mark if it has one.
type Entry struct {
	ID      uuid.UUID // of the record
	Key     source.Value
	Mark    source.Value
	At      time.Time // of the mark; zero where there is none
	Refusal *Refusal  // nil: the row can become a record
}

// New makes ready to read a kind, whose ids are made in namespaces, and with the organization's time zone.
// It asks the source for the columns of every query; the error, mapping.Errors
// where the mapping is to blame, lists those that are missing.
func New(ctx context.Context, file string, src source.Source, kind *mapping.Kind, names Namespaces, zone *time.Location) (*Extractor, error) {
	if kind.Zone != nil {
		zone = kind.Zone
	}
	b := binder{ctx: ctx, source: src, file: file}
	root := b.bindKind(kind)
	if b.unavailable != nil {
		return nil, b.unavailable
	}
	if len(b.errors) > 0 {
		return nil, b.errors
	}
	return &Extractor{source: src, kind: kind, writer: writer{names: names, zone: zone, encoding: kind.Encoding}, root: root, buffer: make([]byte, 0, 4096)}, nil
}

// Name is that of the kind.
func (x *Extractor) Name() string { return x.kind.Record.Name }

// ID is the id of the record that a row with this key becomes. Error: the key is to be a UUID, and is none.
func (x *Extractor) ID(key source.Value) (uuid.UUID, error) {
	if x.kind.IsUUID {
		id, err := uuid.Parse(key.Key())
		if err != nil {
			return uuid.Nil, fmt.Errorf("%s: the id %q is no UUID; if it is a key of another sort, map it as key", x.kind.Record.Name, key.Text)
		}
		return id, nil
	}
	return ID(x.namespace(), x.kind.Record.Name, key.Key()), nil
}

// namespace is that of the kind's ids, and of those in its lists.
func (x *Extractor) namespace() uuid.UUID { return x.writer.names.of(x.kind.SharedIDs) }

// Grows says whether new rows are found by their keys, as the kind has no change marks.
func (x *Extractor) Grows() bool {
	return x.root.modifiedAt == none && len(x.root.key) == 1 && !x.kind.IsUUID
}

// List calls each for all rows, or with since for those whose change mark is that value or
// greater and those that have none; where the kind Grows, for those whose key is that value or greater. Error: *Failure, or each's own.
func (x *Extractor) List(ctx context.Context, since *source.Value, each func(*Entry) error) error {
	l := lister{Extractor: x, each: each}
	err := l.listRows(ctx, since)
	if err == nil && l.keyless > 0 {
		err = l.nameKeyless(ctx)
	}
	if l.refused != nil {
		return l.refused
	}
	return x.asFailure(err)
}

// lister lists rows once.
type lister struct {
	*Extractor
	each    func(*Entry) error
	keyless int
	refused error // by each
}

func (l *lister) listRows(ctx context.Context, since *source.Value) error {
	root := l.root
	key := root.columnNames(root.key)
	selection := source.Selection{Query: root.Query.Text, Columns: key, OrderBy: key}
	if root.modifiedAt != none {
		selection.Columns = append(slices.Clone(key), root.columnName(root.modifiedAt))
	}
	if since == nil {
		return l.source.Scan(ctx, selection, l.listRow)
	}
	if l.Grows() {
		selection.Since = &source.Since{Column: key[0], Value: *since}
		return l.source.Scan(ctx, selection, l.listRow)
	}
	mark := &source.Since{Column: root.columnName(root.modifiedAt), Value: *since}
	selection.NoMark = mark
	if err := l.source.Scan(ctx, selection, l.listRow); err != nil {
		return err
	}
	selection.NoMark, selection.Since, selection.OrderBy = nil, mark, []string{mark.Column}
	return l.source.Scan(ctx, selection, l.listRow)
}

func (l *lister) listRow(row source.Row) error {
	keys := len(l.root.key)
	entry := Entry{Key: source.TupleOf(row[:keys:keys])}
	if !entry.Key.HasKey() {
		l.keyless++
		return nil
	}
	if len(row) > keys {
		entry.Mark = row[keys]
		entry.At = l.markTime(entry.Mark)
	}
	var err error
	if entry.ID, err = l.ID(entry.Key); err != nil {
		entry.Refusal = &Refusal{Key: entry.Key, Code: IDInvalid, Text: err.Error()}
	}
	return l.give(&entry)
}

func (l *lister) give(entry *Entry) error {
	l.refused = l.each(entry)
	return l.refused
}

// mostNamed is how many rows without a key are named by what else they hold.
const mostNamed = 3

// nameKeyless gives the rows that have no key, as far as SQL finds them, with what they hold.
func (l *lister) nameKeyless(ctx context.Context) error {
	root := l.root
	selection := source.Selection{Query: root.Query.Text, Columns: root.columns, Null: root.columnNames(root.key), Limit: mostNamed}
	var texts []string
	err := l.source.Read(ctx, func(reader source.Reader) error {
		texts = nil
		return reader.Select(ctx, selection, func(row source.Row) error {
			texts = append(texts, describeRow(root, row))
			return nil
		})
	})
	if err != nil {
		return err
	}
	for i := range l.keyless {
		refusal := &Refusal{Code: KeyMissing, Text: "a row has no key (" + root.Key.String() + " is empty)"}
		if i < len(texts) {
			refusal.Text += ": " + texts[i]
		}
		if err := l.give(&Entry{Refusal: refusal}); err != nil {
			return err
		}
	}
	return nil
}

// asFailure names the kind of an error of the source.
func (x *Extractor) asFailure(err error) error {
	var named *Failure
	if err == nil || errors.As(err, &named) {
		return err
	}
	return &Failure{fmt.Errorf("%s: %w", x.kind.Record.Name, err)}
}

// markTime is the time of a change mark; zero where it is none.
func (x *Extractor) markTime(mark source.Value) time.Time {
	if at, ok := x.parseMark(mark); ok {
		return at.Time
	}
	return time.Time{}
}

func (x *Extractor) parseMark(mark source.Value) (instant, bool) {
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
	at, ok := x.parseMark(mark)
	if !ok {
		return source.Value{}, false
	}
	return at.earlierBy(x.kind.Overlap), true
}
