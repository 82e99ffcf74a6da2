package sync

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/cursor"
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
	Data            json.RawMessage // as sent; null where it is no object, or was not kept
	Attempts        int
	FirstRejectedAt time.Time
	LastRejectedAt  time.Time
	keys            []string // its place in the list
}

// RejectionQuery selects rejections, newest first.
type RejectionQuery struct {
	Kind   string // "": all
	Cursor string // RejectionPage.Next of the page before; "": from the newest
	Limit  int    // at least 1; a page of long ones ends earlier
}

// RejectionPage is a page of rejections.
type RejectionPage struct {
	Rejections []Rejection
	Next       string // cursor of the next page; "": this is the last
	Total      int    // of all pages
}

var newestRejections = cursor.Order{Name: "last_rejected_at", Descending: true, Columns: []cursor.Column{
	{Expression: "r.last_rejected_at", Type: cursor.Time}, {Expression: "r.kind", Type: cursor.Text}, {Expression: "r.record_id", Type: cursor.Text},
}}

// Rejections lists what is kept as rejected. Error: Malformed, for a cursor that this list
// has not given out.
func (f *Feed) Rejections(ctx context.Context, organization uuid.UUID, query RejectionQuery) (page RejectionPage, err error) {
	args := []any{organization, query.Kind}
	const chosen = ` FROM rejections r WHERE r.organization_id = $1 AND ($2 = '' OR r.kind = $2)`
	behind, err := newestRejections.After(query.Cursor, func(arg any) string {
		args = append(args, arg)
		return "$" + strconv.Itoa(len(args))
	})
	if err != nil {
		return RejectionPage{}, err
	}
	args = append(args, query.Limit+1) // one more, to know whether there is more
	err = f.db.Snapshot(db.For(ctx, db.Listing), organization, func(tx db.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT count(*)`+chosen, organization, query.Kind).Scan(&page.Total); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			SELECT r.kind, r.record_id, r.device_id,
				coalesce((SELECT d.name FROM devices d WHERE d.organization_id = r.organization_id AND d.id = r.device_id), ''),
				r.code, r.errors, r.modified_at, r.deleted, r.sent, r.attempts, r.first_rejected_at, r.last_rejected_at, `+
			newestRejections.Keys()+chosen+` AND `+behind+` ORDER BY `+newestRejections.SQL()+` LIMIT $`+strconv.Itoa(len(args)), args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for size := 0; rows.Next(); {
			if count := len(page.Rejections); count == query.Limit || size >= maxPageBytes {
				page.Next = newestRejections.Cursor(page.Rejections[count-1].keys)
				return nil
			}
			r, err := scanRejection(rows)
			if err != nil {
				return err
			}
			page.Rejections, size = append(page.Rejections, r), size+len(r.Data)
		}
		return rows.Err()
	})
	return page, err
}

func scanRejection(row pgx.Row) (r Rejection, err error) {
	var sent string
	err = row.Scan(&r.Kind, &r.ID, &r.DeviceID, &r.DeviceName, &r.Code, &r.Errors, &r.ModifiedAt, &r.Deleted,
		&sent, &r.Attempts, &r.FirstRejectedAt, &r.LastRejectedAt, &r.keys)
	r.Data = sentData([]byte(sent))
	return r, err
}

// sentData is the data of a kept change, byte for byte; null where it has none, or no object.
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
	if err != nil || len(data) == 0 || data[0] != '{' || !json.Valid(data) {
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
