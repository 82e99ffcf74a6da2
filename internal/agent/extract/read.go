package extract

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
)

// Record is one row, with its lists, as it is sent.
type Record struct {
	ID         uuid.UUID
	Key        source.Value
	ModifiedAt time.Time // the change mark; zero where the kind has none
	Deleted    bool
	Data       []byte // canonical JSON
	Hash       [32]byte
	Bucket     string // of the kind's digest that the record counts in
	kind       *record.Kind
}

// Check says what the cabinet would reject the record for, and what it would remark.
// minorDigits are those of the organization's currency.
func (r *Record) Check(minorDigits int) ([]fault.Field, []record.Remark) {
	if r.Deleted {
		return nil, nil
	}
	data, err := canonical.Parse(r.Data)
	if err != nil {
		return []fault.Field{{Field: "data", Code: "invalid", Message: err.Error()}}, nil
	}
	return r.kind.Examine(data, minorDigits)
}

// Read makes the records of the rows with these keys, in one short transaction
// and in the order of the keys. Rows that are gone by now are left out. Error: *Failure.
func (x *Extractor) Read(ctx context.Context, keys []source.Value) ([]Record, error) {
	rows := newRows()
	err := x.source.Read(ctx, func(reader source.Reader) error {
		return rows.loadKeys(ctx, reader, x.root, keys)
	})
	if err != nil {
		return nil, x.asFailure(err)
	}
	records := make([]Record, 0, len(keys))
	for _, key := range keys {
		row, ok := rows.root[key.Key()]
		if !ok {
			continue
		}
		r, err := x.makeRecord(rows, row)
		if err != nil {
			return nil, &Failure{err}
		}
		records = append(records, r)
	}
	return records, nil
}

func (x *Extractor) makeRecord(rows *rows, row source.Row) (Record, error) {
	key := row[x.root.key]
	id, err := x.ID(key)
	if err != nil {
		return Record{}, err
	}
	r := Record{ID: id, Key: key, kind: x.kind.Record}
	if x.root.modifiedAt != none {
		r.ModifiedAt = x.markTime(row[x.root.modifiedAt])
	}
	if x.root.deleted != none {
		is, _ := parseBool(row[x.root.deleted].Text)
		r.Deleted = is == "true"
	}
	if r.Deleted {
		r.Hash = canonical.Hash(id, true, []byte(canonical.Tombstone))
		r.Bucket = r.kind.Bucket(id, true, canonical.Value{})
		return r, nil
	}
	x.buffer = x.appendObject(x.buffer[:0], rows, x.root, row, "")
	return r, x.canonicalize(&r, x.buffer)
}

// canonicalize takes the data over in its canonical form. Where a number is too long
// for that, the data stays as it was written, and the cabinet refuses it.
func (x *Extractor) canonicalize(r *Record, data []byte) error {
	x.parser.Reset(data)
	value, _, err := x.parser.Next()
	if err != nil {
		return fmt.Errorf("%s %s: %w", r.kind.Name, r.Key.Text, err)
	}
	form, exact := canonical.Append(make([]byte, 0, len(data)), value)
	if !exact {
		form = slices.Clone(data)
	}
	r.Data, r.Hash = form, canonical.Hash(r.ID, false, form)
	r.Bucket = r.kind.Bucket(r.ID, false, value)
	return nil
}

// appendObject appends a row as a JSON object. parent is the key of the row above.
func (x *Extractor) appendObject(dst []byte, rows *rows, t *table, row source.Row, parent string) []byte {
	dst = append(dst, '{')
	key := ""
	if t.key != none {
		key = row[t.key].Key()
	}
	if t.list != nil && t.list.HasID {
		dst = appendText(appendName(dst, "id"), x.itemID(t, row[t.key], parent))
	}
	for i := range t.Fields {
		value := t.Fields[i].Constant
		if t.fields[i] != none {
			value = row[t.fields[i]]
		}
		dst = x.writer.appendField(dst, &t.Fields[i], value)
	}
	for _, list := range t.lists {
		dst = x.appendList(dst, rows, list, key)
	}
	return append(dst, '}')
}

func (x *Extractor) itemID(t *table, key source.Value, parent string) string {
	if t.IsUUID {
		return key.Key()
	}
	return itemID(x.namespace(), t.path, parent, key.Key()).String()
}

func (x *Extractor) appendList(dst []byte, rows *rows, t *table, parent string) []byte {
	items := rows.lists[t][parent]
	if len(items) == 0 && !t.list.Required {
		return dst
	}
	dst = append(appendName(dst, t.list.Name.Text), '[')
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if t.texts != none {
			dst = appendText(dst, item[t.texts].Text)
			continue
		}
		dst = x.appendObject(dst, rows, t, item, parent)
	}
	return append(dst, ']')
}
