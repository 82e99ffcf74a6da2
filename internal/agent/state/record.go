package state

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
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
	return known, s.eachRecord(ctx, where, args, func(r Record) { known[r.ID] = r })
}

// pageSize is how many records of the state are in memory at once.
const pageSize = 1000

// NotAccepted calls each for the records of a kind with one of the statuses, some at a time.
func (s *State) NotAccepted(ctx context.Context, kind string, statuses []Status, each func([]Record) error) error {
	for _, status := range statuses {
		if err := s.eachPage(ctx, kind, "status <> 'accepted' AND status = '"+string(status)+"'", each); err != nil {
			return err
		}
	}
	return nil
}

// Tombstones calls each for the deletions of a kind that the cabinet has taken, some at a time.
func (s *State) Tombstones(ctx context.Context, kind string, each func([]Record) error) error {
	return s.eachPage(ctx, kind, "deleted = 1 AND status = 'accepted'", each)
}

// Troubles gives the first records of a kind that the cabinet did not take, for a reason, and
// counts all of them.
func (s *State) Troubles(ctx context.Context, kind string, most int) (first []Record, count int, err error) {
	const troubled = "status <> 'accepted' AND (status IN ('rejected', 'waiting') OR status = 'stale' AND code <> '')"
	if err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM records WHERE kind = ? AND "+troubled, kind).Scan(&count); err != nil {
		return nil, 0, fmt.Errorf("read the state: %w", err)
	}
	err = s.eachRecord(ctx, troubled+" ORDER BY id LIMIT ?", []any{kind, most}, func(r Record) { first = append(first, r) })
	return first, count, err
}

// Sample gives some keys of a kind's records that are in the cabinet, as good as drawn by lot: ids are hashes.
func (s *State) Sample(ctx context.Context, kind string, most int) (keys []source.Value, err error) {
	err = s.eachRecord(ctx, "status = 'accepted' AND deleted = 0 ORDER BY id LIMIT ?", []any{kind, most}, func(r Record) { keys = append(keys, r.Key) })
	return keys, err
}

// Outstanding is a record that is in the cabinet, or is to be deleted there still or once more.
type Outstanding struct {
	ID      uuid.UUID
	Deleted bool // here already
}

// Outstanding calls each for those of a kind, by their ids, some at a time.
func (s *State) Outstanding(ctx context.Context, kind string, each func([]Outstanding) error) error {
	const text = `SELECT id, deleted FROM records
		WHERE kind = ? AND (deleted = 0 OR hash = x'' OR status IN ('waiting', 'unanswered')) AND id > ? ORDER BY id LIMIT ?`
	return readPages(func(after []byte) (list []Outstanding, last []byte, err error) {
		rows, err := s.db.QueryContext(ctx, text, kind, after, pageSize)
		if err != nil {
			return nil, nil, fmt.Errorf("read the state: %w", err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var one Outstanding
			var id []byte
			if err := rows.Scan(&id, &one.Deleted); err != nil {
				return nil, nil, fmt.Errorf("read the state: %w", err)
			}
			one.ID = uuid.UUID(id)
			list, last = append(list, one), id
		}
		return list, last, rows.Err()
	}, each)
}

// readPages reads page after page, each from the last id of the one before, and calls each for it
// with nothing open: it may write.
func readPages[T any](read func(after []byte) (list []T, last []byte, err error), each func([]T) error) error {
	for after := []byte{}; ; {
		list, last, err := read(after)
		if err != nil || len(list) == 0 {
			return err
		}
		if err := each(list); err != nil {
			return err
		}
		after = last
	}
}

func (s *State) eachPage(ctx context.Context, kind, where string, each func([]Record) error) error {
	return readPages(func(after []byte) (list []Record, last []byte, err error) {
		err = s.eachRecord(ctx, where+" AND id > ? ORDER BY id LIMIT ?", []any{kind, after, pageSize}, func(r Record) { list = append(list, r) })
		if len(list) > 0 {
			last = list[len(list)-1].ID[:]
		}
		return list, last, err
	}, each)
}

func (s *State) eachRecord(ctx context.Context, where string, args []any, fn func(Record)) error {
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
	return s.inTransaction(ctx, func(tx *sql.Tx) error {
		if cursor != "" {
			if err := rememberFacts(ctx, tx, map[string]string{FactCursor: cursor}); err != nil {
				return err
			}
		}
		if err := putRecords(ctx, tx, kind, records); err != nil {
			return err
		}
		return clearSending(ctx, tx)
	})
}

func putRecords(ctx context.Context, tx *sql.Tx, kind string, records []Record) error {
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
