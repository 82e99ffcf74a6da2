package browse

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
)

// Record is one synchronized record as it stands in the feed, with its data and
// what the ids in them are called. A deleted record has no data.
type Record struct {
	Kind       string
	ID         uuid.UUID
	Version    int64
	Seq        int64
	ModifiedAt time.Time
	ReceivedAt time.Time
	Deleted    bool
	DeviceID   uuid.UUID
	DeviceName string
	Data       string          // JSON object
	Remarks    []record.Remark // what was remarked of it
	References map[uuid.UUID]Name
}

// Name is the record's own name; empty where it has none or is deleted.
func (r Record) Name() string {
	data, err := canonical.Parse([]byte(r.Data))
	if err != nil {
		return ""
	}
	name, _ := data.Get("name")
	text, _ := name.Text()
	return text
}

const selectRecord = `
SELECT r.version, r.seq, r.modified_at, r.received_at, r.deleted, r.device_id, coalesce(d.name, ''), r.data,
    coalesce((SELECT t.remarks FROM documents t WHERE t.organization_id = $1 AND t.kind = $2 AND t.id = $3),
        (SELECT t.remarks FROM directory_entries t WHERE t.organization_id = $1 AND t.kind = $2 AND t.id = $3))
FROM records r LEFT JOIN devices d ON d.organization_id = r.organization_id AND d.id = r.device_id
WHERE r.organization_id = $1 AND r.kind = $2 AND r.id = $3`

// loadRecord reads a record, a deleted one too. Errors: NotFound.
func loadRecord(ctx context.Context, tx pgx.Tx, organization uuid.UUID, kind string, id uuid.UUID) (Record, error) {
	r := Record{Kind: kind, ID: id}
	err := tx.QueryRow(ctx, selectRecord, organization, kind, id).Scan(&r.Version, &r.Seq, &r.ModifiedAt,
		&r.ReceivedAt, &r.Deleted, &r.DeviceID, &r.DeviceName, &r.Data, &r.Remarks)
	if errors.Is(err, pgx.ErrNoRows) {
		return Record{}, fault.New(fault.NotFound, "There is no such record.")
	}
	if err != nil {
		return Record{}, err
	}
	references := References{}
	references.AddFrom(r.Data)
	r.References, err = references.namesIn(ctx, tx, organization)
	return r, err
}

// FindKind is a kind of directory (document false), or of document. Errors: NotFound.
func FindKind(name string, document bool) (*record.Kind, error) {
	if kind, ok := record.Find(name); ok && kind.Document == document {
		return kind, nil
	}
	return nil, fault.New(fault.NotFound, "There is no such kind of records.")
}
