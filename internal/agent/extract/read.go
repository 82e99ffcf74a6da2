package extract

import (
	"context"
	"fmt"
	"slices"
	"strings"
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
	MarkText   string    // the change mark as the source writes it; "" where it is no text
	Deleted    bool
	Data       []byte // canonical JSON
	Hash       [32]byte
	Bucket     string // of the kind's digest that the record counts in
	Notes      []Note // about values that are sent, and may not be what was meant
	kind       *record.Kind
}

// Batch is what some keys were read as.
type Batch struct {
	Records  []Record
	Refusals []Refusal
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

// Read makes the records of the rows with these keys, in short transactions
// and in the order of the keys. Rows that are gone by now are left out. Error: *Failure.
func (x *Extractor) Read(ctx context.Context, keys []source.Value) (Batch, error) {
	batch := Batch{Records: make([]Record, 0, len(keys))}
	most := x.source.RowsAtOnce()
	if most == 0 {
		most = max(1, len(keys))
	}
	for some := range slices.Chunk(keys, most) {
		var rows *rows
		err := x.source.Read(ctx, func(reader source.Reader) error {
			rows = newRows()
			return rows.loadKeys(ctx, reader, x.root, some)
		})
		if err != nil {
			return Batch{}, x.asFailure(err)
		}
		x.makeRecords(&batch, rows, some)
	}
	return batch, nil
}

func (x *Extractor) makeRecords(batch *Batch, rows *rows, keys []source.Value) {
	for _, key := range keys {
		row, ok := rows.root[key.Key()]
		if !ok {
			continue
		}
		if rows.repeated[key.Key()] {
			batch.Refusals = append(batch.Refusals, *Repeated(key))
			continue
		}
		r, refusal := x.makeRecord(rows, row)
		if refusal != nil {
			batch.Refusals = append(batch.Refusals, *refusal)
			continue
		}
		batch.Records = append(batch.Records, r)
	}
}

func (x *Extractor) makeRecord(rows *rows, row source.Row) (Record, *Refusal) {
	key := valueOf(row, x.root.key)
	id, err := x.ID(key)
	if err != nil {
		return Record{}, &Refusal{Key: key, Code: IDInvalid, Text: err.Error()}
	}
	r := Record{ID: id, Key: key, kind: x.kind.Record}
	if x.root.modifiedAt != none {
		r.ModifiedAt = x.markTime(row[x.root.modifiedAt])
		if row[x.root.modifiedAt].Type == source.Text {
			r.MarkText = strings.TrimSpace(row[x.root.modifiedAt].Text)
		}
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
	x.writer.notes = nil
	if x.root.modifiedAt != none && r.ModifiedAt.IsZero() {
		x.writer.path = r.kind.Name + " modified_at"
		x.writer.note(MarkMissing, describeValue(row[x.root.modifiedAt]))
	}
	x.buffer = x.appendObject(x.buffer[:0], rows, x.root, row, "")
	r.Notes = x.writer.notes
	if err := x.canonicalize(&r, x.buffer); err != nil {
		return r, &Refusal{Key: key, Code: Unreadable, Text: err.Error()}
	}
	return r, nil
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

// appendObject appends a row as a JSON object, with an id unless that is empty.
func (x *Extractor) appendObject(dst []byte, rows *rows, t *table, row source.Row, id string) []byte {
	dst = append(dst, '{')
	if id != "" {
		dst = appendText(appendName(dst, "id"), id)
	}
	for i := range t.Fields {
		field := &t.Fields[i]
		value := field.Constant
		x.writer.path = t.path + "." + field.Name.Text
		if len(t.fields[i]) > 0 {
			value = valueOf(row, t.fields[i])
			if field.Ref == "" {
				value.Text = x.writer.decodeText(value)
			}
		}
		dst = x.writer.appendField(dst, field, value)
	}
	key := valueOf(row, t.key).Key()
	for _, list := range t.lists {
		dst = x.appendList(dst, rows, list, key)
	}
	return append(dst, '}')
}

func (x *Extractor) appendList(dst []byte, rows *rows, t *table, parent string) []byte {
	items := rows.lists[t][parent]
	if len(items) == 0 && !t.list.Required {
		return dst
	}
	dst = append(appendName(dst, t.list.Name.Text), '[')
	ids := itemIDs{x, t, parent, map[string]int{}}
	for i, item := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		if t.texts != none {
			x.writer.path = t.path
			dst = appendText(dst, x.writer.decodeText(item[t.texts]))
			continue
		}
		dst = x.appendObject(dst, rows, t, item, ids.next(item))
	}
	return append(dst, ']')
}

// itemIDs makes the ids of the items in one list. No two are the same: where a key stands there
// again, its number goes into the id.
type itemIDs struct {
	*Extractor
	table  *table
	parent string // key of the row above
	times  map[string]int
}

// next is the id of the next item; empty, if they have none.
func (l *itemIDs) next(item source.Row) string {
	t := l.table
	if len(t.key) == 0 {
		return ""
	}
	value := valueOf(item, t.key)
	key := value.Key()
	l.times[key]++
	number := l.times[key]
	l.writer.path = t.path
	switch {
	case !value.HasKey():
		l.writer.note(ItemKeyMissing, t.Key.String()+" is empty")
	case number > 1:
		l.writer.note(ItemKeyRepeated, key)
	}
	if !t.list.HasID {
		return ""
	}
	if number > 1 || !value.HasKey() {
		return itemID(l.namespace(), t.path, l.parent, fmt.Sprintf("%s#%d", key, number)).String()
	}
	if t.IsUUID {
		return key
	}
	return itemID(l.namespace(), t.path, l.parent, key).String()
}
