package browse

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/cursor"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/record"
)

// Entry is one directory record in a list.
type Entry struct {
	Kind       string
	ID         uuid.UUID
	Name       string
	Code       string
	Group      uuid.NullUUID // product: its group; product group: the one above it
	Archived   bool
	ModifiedAt time.Time
	Version    int64
	Seq        int64
	Remarks    []record.Remark // what was remarked of it
	Values     Values          // of the fields that the list, or its file, has a column of

	UpdatedAt time.Time // when the cabinet took this version
	Data      string    // JSON object, of a list with data

	data string // the same, while Values are read
}

// EntryQuery says which directory records a list shows, and in which order.
type EntryQuery struct {
	Search   string     // words that all must occur
	Group    *uuid.UUID // in this product group, or in one below it
	Archived *bool      // nil: both
	RemarkFilter
	Sort     string // name (default), code, modified_at; - in front: descending
	WithData bool
	Cursor   string
	Limit    int

	inFeedOrder bool // in place of Sort
}

var entries = &table[Entry]{
	columns: "t.kind, t.id, t.name, t.code, t.group_id, t.archived, r.modified_at, r.version, r.seq, r.received_at, r.data, t.remarks",
	from:    "directory_entries t",
	joined:  joinRecords,
	sorts: []sortColumn{
		{"name", cursor.Column{Expression: "t.name", Type: cursor.Text}},
		{"code", cursor.Column{Expression: "t.code", Type: cursor.Text}},
		{"modified_at", cursor.Column{Expression: "r.modified_at", Type: cursor.Time}},
	},
	pageSize: 2_000,
	targets: func(e *Entry) []any {
		return []any{&e.Kind, &e.ID, &e.Name, &e.Code, &e.Group, &e.Archived, &e.ModifiedAt, &e.Version, &e.Seq, &e.UpdatedAt, &e.data, &e.Remarks}
	},
	read: func(e *Entry, fields []record.Field) { e.Values, e.data = valuesOf(e.data, fields), "" },
	note: func(references *References, e *Entry) {
		references.Add(e.Group)
		references.addValues(e.Values)
	},
}

// entriesWhole are entries with their data.
var entriesWhole = func() *table[Entry] {
	t := *entries
	t.read = func(e *Entry, fields []record.Field) {
		e.Data = e.data
		entries.read(e, fields)
	}
	t.size = func(e *Entry) int { return len(e.Data) }
	return &t
}()

// inGroup is the group itself with all that are below it; a loop ends it too.
const inGroup = `t.group_id IN (
    WITH RECURSIVE below (id) AS (
        SELECT %s::uuid
        UNION
        SELECT g.id FROM directory_entries g JOIN below ON g.group_id = below.id
        WHERE g.organization_id = $1 AND g.kind = 'product_group'
    ) SELECT id FROM below)`

func entryList(organization uuid.UUID, name string, query EntryQuery, fieldsOf func(*record.Kind) []record.Field) (*list[Entry], error) {
	kind, err := FindKind(name, false)
	if err != nil {
		return nil, err
	}
	conditions := newFilter(organization, name)
	conditions.requireWords(projection.Patterns(query.Search))
	if query.Group != nil {
		if faults := checkFilter(kind, "group_id", ""); len(faults) > 0 {
			return nil, fault.Invalid(faults...)
		}
		conditions.requireThat(inGroup, *query.Group)
	}
	if query.Archived != nil {
		conditions.requireThat("t.archived = %s", *query.Archived)
	}
	conditions.requireRemarks(query.RemarkFilter)
	from := entries
	if query.WithData {
		from = entriesWhole
	}
	if query.inFeedOrder {
		from = from.inFeedOrder()
	}
	return newList(from, organization, fieldsOf(kind), conditions, query.Sort, query.Cursor)
}

// Entries gives a page of a directory. Errors: NotFound for an unknown kind,
// ValidationFailed for a sort, Malformed for a cursor that it does not have.
func (r *Records) Entries(ctx context.Context, organization uuid.UUID, kind string, query EntryQuery) (page Page[Entry], err error) {
	list, err := entryList(organization, kind, query, listedFields)
	if err != nil {
		return page, err
	}
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		if page, err = list.readPage(ctx, tx, query.Limit); err != nil {
			return err
		}
		page.Freshness = view.Freshness
		const count = "SELECT count(*) FROM directory_entries t WHERE "
		return tx.QueryRow(ctx, count+list.whole.whereClause(), list.whole.args...).Scan(&page.Total)
	})
	return page, err
}

// EachEntry calls row with the records of the whole list, without regard to cursor
// and limit. names gives what the ids in their values are called,
// zone is the organization's. Errors: as Entries, TooManyRows for more than
// MaxExport rows, and those of row.
func (r *Records) EachEntry(ctx context.Context, organization uuid.UUID, kind string, query EntryQuery,
	row func(entry Entry, zone *time.Location, names map[uuid.UUID]Name) error) (freshness projection.Freshness, err error) {
	err = r.projector.Read(db.For(ctx, db.Exporting), organization, func(tx pgx.Tx, view projection.View) error {
		freshness = view.Freshness
		query.Cursor = ""
		list, err := entryList(organization, kind, query, exportedFields)
		if err != nil {
			return err
		}
		return list.eachItem(ctx, tx, r.maxExport, func(entry Entry, names map[uuid.UUID]Name) error {
			return row(entry, view.Zone, names)
		})
	})
	return freshness, err
}

// Entry gives one directory record, a deleted one too. Errors: NotFound.
func (r *Records) Entry(ctx context.Context, organization uuid.UUID, kind string, id uuid.UUID) (found Record, err error) {
	if _, err := FindKind(kind, false); err != nil {
		return Record{}, err
	}
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, _ projection.View) error {
		found, err = loadRecord(ctx, tx, organization, kind, id)
		return err
	})
	return found, err
}
