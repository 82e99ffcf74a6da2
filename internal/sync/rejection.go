package sync

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

// Rejection is a pushed record that broke a rule, kept until a later good
// version of it is accepted.
type Rejection struct {
	Kind            string
	ID              string // as sent, a UUID in its one spelling
	DeviceID        uuid.UUID
	DeviceName      string // "" for a device that never said hello
	Code            string
	Errors          []fault.Field
	ModifiedAt      *time.Time // nil: it could not be read
	Deleted         bool
	Data            json.RawMessage // as sent
	Attempts        int
	FirstRejectedAt time.Time
	LastRejectedAt  time.Time
}

// RejectionQuery selects rejections, newest first.
type RejectionQuery struct {
	Kind   string // "": all
	Offset int
	Limit  int
}

// Rejections lists what is kept as rejected, and how much there is in all.
func (f *Feed) Rejections(ctx context.Context, organization uuid.UUID, query RejectionQuery) (list []Rejection, total int, err error) {
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		const chosen = ` FROM rejections r WHERE r.organization_id = $1 AND ($2 = '' OR r.kind = $2)`
		if err := tx.QueryRow(ctx, `SELECT count(*)`+chosen, organization, query.Kind).Scan(&total); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			SELECT r.kind, r.record_id, r.device_id,
				coalesce((SELECT d.name FROM devices d WHERE d.organization_id = r.organization_id AND d.id = r.device_id), ''),
				r.code, r.errors, r.modified_at, r.deleted, r.sent, r.attempts, r.first_rejected_at, r.last_rejected_at`+chosen+`
			ORDER BY r.last_rejected_at DESC, r.kind, r.record_id OFFSET $3 LIMIT $4`,
			organization, query.Kind, query.Offset, query.Limit)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanRejection)
		return err
	})
	return list, total, err
}

func scanRejection(row pgx.CollectableRow) (r Rejection, err error) {
	var sent string
	err = row.Scan(&r.Kind, &r.ID, &r.DeviceID, &r.DeviceName, &r.Code, &r.Errors, &r.ModifiedAt, &r.Deleted,
		&sent, &r.Attempts, &r.FirstRejectedAt, &r.LastRejectedAt)
	r.Data = sentData([]byte(sent))
	return r, err
}

// sentData is the data of a kept change, byte for byte; null where it has none.
func sentData(sent []byte) json.RawMessage {
	var parser canonical.Parser
	parser.Reset(sent)
	var data []byte
	err := parser.Object(func(name string) error {
		start := parser.Offset()
		_, _, err := parser.Next()
		if name == "data" && data == nil {
			data = bytes.TrimSpace(sent[start:parser.Offset()])
		}
		return err
	})
	if err != nil || data == nil {
		return json.RawMessage("null")
	}
	return data
}

// Dismiss forgets a rejection that nobody will mend. Error: NotFound.
func (f *Feed) Dismiss(ctx context.Context, organization uuid.UUID, kind, id string) error {
	return f.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM rejections WHERE organization_id = $1 AND kind = $2 AND record_id = $3`,
			organization, kind, id)
		if err == nil && tag.RowsAffected() == 0 {
			return fault.New(fault.NotFound, "There is no such rejection.")
		}
		return err
	})
}
