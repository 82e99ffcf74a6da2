package projection

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

const selectLastData = `
SELECT gone.place, last.data FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY AS gone (kind, id, place) CROSS JOIN LATERAL (
    SELECT data FROM record_history h
    WHERE h.organization_id = $1 AND h.kind = gone.kind AND h.id = gone.id AND NOT h.deleted
    ORDER BY h.version DESC LIMIT 1) last`

// recallDeleted gives deleted directory records what they were called, by the last of
// their earlier versions. Those go when the tombstone goes: the feed has no deleted
// record without them, but one that was never anything else.
func recallDeleted(ctx context.Context, tx pgx.Tx, organization uuid.UUID, changes []contribution) error {
	var gone []*contribution
	var kinds []string
	var ids []pgtype.UUID
	for i := range changes {
		c := &changes[i]
		if kind, known := record.Find(c.kind); c.gone && !c.first && known && !kind.Document {
			gone, kinds, ids = append(gone, c), append(kinds, c.kind), append(ids, presentID(c.id))
		}
	}
	if len(gone) == 0 {
		return nil
	}
	found, err := tx.Query(ctx, selectLastData, organization, kinds, ids)
	if err != nil {
		return err
	}
	var place int
	var data []byte
	_, err = pgx.ForEachRow(found, []any{&place, &data}, func() error {
		c := gone[place-1]
		kind, _ := record.Find(c.kind)
		if last, err := canonical.Parse(data); err == nil {
			c.rows.deleted = &deletedEntry{textIn(kind, last, "name"), idIn(kind, last, "group_id")}
		}
		return nil
	})
	return err
}
