package browse

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/canonical"
)

// References collects the ids that stand in what a screen shows, and finds what
// they are called.
type References struct{ ids map[uuid.UUID]struct{} }

// Add notes ids.
func (r *References) Add(ids ...uuid.NullUUID) {
	for _, id := range ids {
		if id.Valid {
			r.addID(id.UUID)
		}
	}
}

// addValues notes the ids in values.
func (r *References) addValues(values Values) {
	for _, value := range values {
		if id, ok := value.(uuid.UUID); ok {
			r.addID(id)
		}
	}
}

// AddFrom notes every id in a record's data that names another record: all that
// are UUIDs, nested ones too, but for the fields called id.
func (r *References) AddFrom(data string) {
	if value, err := canonical.Parse([]byte(data)); err == nil {
		r.addFromValue("", value)
	}
}

func (r *References) addFromValue(name string, value canonical.Value) {
	for name, field := range value.Fields() {
		r.addFromValue(name, field)
	}
	for element := range value.Elements() {
		r.addFromValue(name, element)
	}
	if text, ok := value.Text(); ok && name != "id" && len(text) == 36 {
		if id, err := uuid.Parse(text); err == nil {
			r.addID(id)
		}
	}
}

func (r *References) addID(id uuid.UUID) {
	if r.ids == nil {
		r.ids = map[uuid.UUID]struct{}{}
	}
	r.ids[id] = struct{}{}
}

const selectNames = `
SELECT found.* FROM unnest($2::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT id, number, false FROM documents WHERE organization_id = $1 AND id = wanted.id
    UNION ALL
    SELECT id, name, deleted FROM known_entries WHERE organization_id = $1 AND id = wanted.id OFFSET 0) found`

// Name is what an id is called.
type Name struct {
	Text    string
	Deleted bool // the directory record is: this is what it was called last
}

// namesIn gives the name of every noted directory record, a deleted one too, and the
// number of every noted document, that has arrived. Where records of two kinds share
// an id, one that is not deleted names it.
func (r *References) namesIn(ctx context.Context, tx pgx.Tx, organization uuid.UUID) (map[uuid.UUID]Name, error) {
	names := make(map[uuid.UUID]Name, len(r.ids))
	if len(r.ids) == 0 {
		return names, nil
	}
	ids := make([]uuid.UUID, 0, len(r.ids))
	for id := range r.ids {
		ids = append(ids, id)
	}
	found, err := tx.Query(ctx, selectNames, organization, ids)
	if err != nil {
		return nil, err
	}
	var id uuid.UUID
	var name Name
	_, err = pgx.ForEachRow(found, []any{&id, &name.Text, &name.Deleted}, func() error {
		if _, known := names[id]; !known || !name.Deleted {
			names[id] = name
		}
		return nil
	})
	return names, err
}
