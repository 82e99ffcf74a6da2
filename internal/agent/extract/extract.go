// Package extract reads records out of a source as its mapping says: it makes
// their ids, times and exact numbers, and their canonical form and hash.
package extract

import (
	"context"
	"errors"
	"fmt"
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
	ID   uuid.UUID // of the record
	Key  source.Value
	Mark source.Value
	At   time.Time // of the mark; zero where there is none
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
	return &Extractor{source: src, kind: kind, writer: writer{names, zone}, root: root, buffer: make([]byte, 0, 4096)}, nil
}

// Name is that of the kind.
func (x *Extractor) Name() string { return x.kind.Record.Name }

// ID is the id of the record that a row with this key becomes. Error: *Failure.
func (x *Extractor) ID(key source.Value) (uuid.UUID, error) {
	if x.kind.IsUUID {
		id, err := uuid.Parse(key.Key())
		if err != nil {
			return uuid.Nil, &Failure{fmt.Errorf("%s: the id %q is no UUID; if it is a key of another sort, map it as key", x.kind.Record.Name, key.Text)}
		}
		return id, nil
	}
	return ID(x.namespace(), x.kind.Record.Name, key.Key()), nil
}

// namespace is that of the kind's ids, and of those in its lists.
func (x *Extractor) namespace() uuid.UUID { return x.writer.names.of(x.kind.SharedIDs) }

// List calls each for all rows, or with since for those whose change mark is that value or
// greater, as the source gives them. Error: *Failure, where keys are missing too; or each's own.
func (x *Extractor) List(ctx context.Context, since *source.Value, each func(*Entry) error) error {
	selection := source.Selection{Query: x.kind.Query.Text, Columns: []string{x.root.columnName(x.root.key)}}
	if x.kind.ModifiedAt.Given() {
		selection.Columns = append(selection.Columns, x.root.columnName(x.root.modifiedAt))
	}
	if since != nil {
		selection.Since = &source.Since{Column: x.root.columnName(x.root.modifiedAt), Value: *since}
	}
	var refused error // by each
	err := x.source.Read(ctx, func(reader source.Reader) error {
		return reader.Select(ctx, selection, func(row source.Row) error {
			entry, err := x.makeEntry(row)
			if err == nil {
				refused = each(&entry)
				err = refused
			}
			return err
		})
	})
	if refused != nil {
		return refused
	}
	return x.asFailure(err)
}

func (x *Extractor) makeEntry(row source.Row) (entry Entry, err error) {
	entry.Key = row[0]
	if entry.Key.IsNull() || entry.Key.Key() == "" {
		return entry, fmt.Errorf("a row has no key (%s is empty)", x.kind.Key.Text)
	}
	if len(row) > 1 {
		entry.Mark = row[1]
		entry.At = x.markTime(row[1])
	}
	entry.ID, err = x.ID(entry.Key)
	return entry, err
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
