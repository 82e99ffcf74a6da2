package state

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/client"
)

// Status is where a record stands.
type Status string

// Statuses of records.
const (
	Accepted Status = "accepted"
	Stale    Status = "stale"    // the cabinet has something newer
	Rejected Status = "rejected" // against a rule; sent again when it changes
	Waiting  Status = "waiting"  // sent again every time: a license is missing, or a clock is ahead
	// Unanswered: it was sent, and the agent ended before an answer; sent again.
	Unanswered Status = "unanswered"
)

// Record is what is known of one sent record.
type Record struct {
	ID         uuid.UUID
	Key        source.Value
	Hash       []byte    // empty: to be sent again
	ModifiedAt time.Time // of the content that the cabinet has taken last
	Deleted    bool
	Status     Status
	Version    int64
	Code       string
	Errors     []client.FieldError
}

// Same says whether the content with this hash was sent and needs no repeat.
func (r Record) Same(hash [32]byte) bool { return bytes.Equal(r.Hash, hash[:]) }

// InCabinet says whether the cabinet has this content, or had it.
func (r Record) InCabinet() bool { return r.Status == Accepted }

// Known gives those of the ids that were sent before.
func (s *State) Known(ctx context.Context, kind string, ids []uuid.UUID) (map[uuid.UUID]Record, error) {
	args := []any{kind}
	for _, id := range ids {
		args = append(args, id[:])
	}
	known := make(map[uuid.UUID]Record, len(ids))
	if len(ids) == 0 {
		return known, nil
	}
	where := "id IN (?" + strings.Repeat(",?", len(ids)-1) + ")"
	return known, s.each(ctx, where, args, func(r Record) { known[r.ID] = r })
}

// NotAccepted gives the records of a kind with one of the statuses.
func (s *State) NotAccepted(ctx context.Context, kind string, statuses ...Status) ([]Record, error) {
	args := []any{kind}
	for _, status := range statuses {
		args = append(args, string(status))
	}
	var records []Record
	where := "status <> 'accepted' AND status IN (?" + strings.Repeat(",?", len(statuses)-1) + ")"
	return records, s.each(ctx, where, args, func(r Record) { records = append(records, r) })
}

// Outstanding gives the records of a kind that are in the cabinet, or are to be
// deleted there still or once more, though the source does not have them any more.
func (s *State) Outstanding(ctx context.Context, kind string, present map[uuid.UUID]bool) ([]Record, error) {
	var gone []Record
	err := s.each(ctx, "(deleted = 0 OR hash = x'' OR status IN ('waiting', 'unanswered'))", []any{kind}, func(r Record) {
		if !present[r.ID] {
			gone = append(gone, r)
		}
	})
	return gone, err
}

// Tombstones gives the deletions of a kind that the cabinet has taken.
func (s *State) Tombstones(ctx context.Context, kind string) ([]Record, error) {
	var dead []Record
	return dead, s.each(ctx, "deleted = 1 AND status = 'accepted'", []any{kind}, func(r Record) { dead = append(dead, r) })
}

func (s *State) each(ctx context.Context, where string, args []any, fn func(Record)) error {
	const columns = "SELECT id, key, key_type, hash, modified_at, deleted, status, version, code, errors FROM records WHERE kind = ? AND "
	rows, err := s.db.QueryContext(ctx, columns+where, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r Record
		var id []byte
		var modifiedAt int64
		var faults string
		if err := rows.Scan(&id, &r.Key.Text, &r.Key.Type, &r.Hash, &modifiedAt, &r.Deleted, &r.Status, &r.Version, &r.Code, &faults); err != nil {
			return err
		}
		r.ID, r.ModifiedAt = uuid.UUID(id), time.UnixMicro(modifiedAt).UTC()
		if faults != "" {
			if err := json.Unmarshal([]byte(faults), &r.Errors); err != nil {
				return err
			}
		}
		fn(r)
	}
	return rows.Err()
}

// Acknowledge keeps what the cabinet answered to a batch, all of it or nothing,
// with the cursor of the answer; "": that stays what it was.
func (s *State) Acknowledge(ctx context.Context, kind string, records []Record, cursor string) error {
	return s.within(ctx, func(tx *sql.Tx) error {
		if cursor != "" {
			if err := remember(ctx, tx, map[string]string{FactCursor: cursor}); err != nil {
				return err
			}
		}
		if err := put(ctx, tx, kind, records); err != nil {
			return err
		}
		return answered(ctx, tx)
	})
}

func put(ctx context.Context, tx *sql.Tx, kind string, records []Record) error {
	const text = `INSERT OR REPLACE INTO records
		(kind, id, key, key_type, hash, modified_at, deleted, status, version, code, errors, answered_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	statement, err := tx.PrepareContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { _ = statement.Close() }()
	now := time.Now().Unix()
	for i := range records {
		r := &records[i]
		faults := ""
		if len(r.Errors) > 0 {
			encoded, err := json.Marshal(r.Errors)
			if err != nil {
				return err
			}
			faults = string(encoded)
		}
		if _, err := statement.ExecContext(ctx, kind, r.ID[:], r.Key.Text, int(r.Key.Type), r.Hash,
			r.ModifiedAt.UnixMicro(), r.Deleted, string(r.Status), r.Version, r.Code, faults, now); err != nil {
			return err
		}
	}
	return nil
}
