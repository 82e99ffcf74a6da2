package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/client"
)

// ErrOvertaken is the error of Receive where the inbox has moved meanwhile: the
// answer belongs to a reading, or to an organization, that is over.
var ErrOvertaken = errors.New("the inbox is read from another place by now")

// Inbox is how far the feed was read.
type Inbox struct {
	Organization string
	Kinds        []string
	Cursor       string // "": from the beginning
	Reading      int64  // counts the beginnings
	Whole        bool   // this reading has come to the feed's end once

	// Sent are those of the kinds that the source also sends. What it was delivered of them is not
	// taken back by an older state that a restored feed holds: it sends the newer one again.
	Sent []string
}

// Received is a record as the cabinet sent it last.
type Received struct {
	Arrival int64
	client.FeedChange
}

// Inbox gives the place from which to read the kinds on. For other kinds than
// before the feed is read from its beginning.
func (s *State) Inbox(ctx context.Context, kinds []string) (Inbox, error) {
	facts, err := s.Facts(ctx)
	if err != nil {
		return Inbox{}, err
	}
	reading, _ := strconv.ParseInt(facts[factInboxReading], 10, 64)
	at := Inbox{
		Organization: facts[FactOrganization], Kinds: kinds, Reading: reading,
		Cursor: facts[factInboxCursor], Whole: facts[factInboxWhole] != "",
	}
	if reading == 0 || facts[factInboxKinds] != strings.Join(kinds, ",") {
		return s.Reread(ctx, at)
	}
	return at, nil
}

// Reread has the feed read from its beginning.
func (s *State) Reread(ctx context.Context, at Inbox) (Inbox, error) {
	at.Cursor, at.Whole = "", false
	at.Reading++
	return at, s.Remember(ctx, at.asFacts())
}

func (at Inbox) asFacts() map[string]string {
	whole := ""
	if at.Whole {
		whole = "yes"
	}
	return map[string]string{
		factInboxCursor: at.Cursor, factInboxReading: strconv.FormatInt(at.Reading, 10),
		factInboxKinds: strings.Join(at.Kinds, ","), factInboxWhole: whole,
	}
}

// Receive keeps a page of the feed, read at a place of the inbox, together with
// the place that follows: all of it or nothing. What own has made counts as seen and is not kept.
// At the end of a reading that began again, what it has not seen was deleted
// meanwhile. fresh counts the records to be delivered. Error: ErrOvertaken.
func (s *State) Receive(ctx context.Context, at Inbox, page client.Changes, own uuid.UUID) (fresh int, err error) {
	next := at
	next.Cursor, next.Whole = page.Cursor, at.Whole || !page.More
	if len(page.Changes) == 0 && next.Cursor == at.Cursor && next.Whole == at.Whole {
		return 0, nil
	}
	return fresh, s.inTransaction(ctx, func(tx *sql.Tx) error {
		if err := at.expectPlace(ctx, tx); err != nil {
			return err
		}
		for i := range page.Changes {
			came, err := at.keepChange(ctx, tx, &page.Changes[i], own)
			if err != nil {
				return err
			}
			fresh += came
		}
		if next.Whole && !at.Whole {
			dropped, err := at.deleteUnseen(ctx, tx)
			if err != nil {
				return err
			}
			fresh += dropped
		}
		return rememberFacts(ctx, tx, next.asFacts())
	})
}

// expectPlace fails where the inbox is not at this place any more.
func (at Inbox) expectPlace(ctx context.Context, tx *sql.Tx) error {
	for name, want := range map[string]string{
		FactOrganization: at.Organization, factInboxCursor: at.Cursor, factInboxReading: strconv.FormatInt(at.Reading, 10),
	} {
		var value string
		err := tx.QueryRowContext(ctx, "SELECT value FROM facts WHERE name = ?", name).Scan(&value)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if value != want {
			return ErrOvertaken
		}
	}
	return nil
}

// keepChange keeps one change. What is there in the same version, with the same content, is not to be delivered
// again.
func (at Inbox) keepChange(ctx context.Context, tx *sql.Tx, c *client.FeedChange, own uuid.UUID) (fresh int, err error) {
	if c.DeviceID == own {
		_, err := tx.ExecContext(ctx, "UPDATE received SET reading = ? WHERE kind = ? AND id = ?", at.Reading, c.Kind, c.ID[:])
		return 0, err
	}
	if !at.Whole && !c.Deleted && slices.Contains(at.Sent, c.Kind) {
		const older = "UPDATE received SET reading = ?, seq = ? WHERE kind = ? AND id = ? AND modified_at > ? AND NOT deleted"
		result, err := tx.ExecContext(ctx, older, at.Reading, c.Seq, c.Kind, c.ID[:], c.ModifiedAt.UnixMicro())
		if err != nil {
			return 0, err
		}
		if there, err := result.RowsAffected(); err != nil || there > 0 {
			return 0, err
		}
	}
	const seen = `UPDATE received SET reading = ?, seq = ?, handed = CASE WHEN waiting THEN handed ELSE version END
		WHERE kind = ? AND id = ? AND version = ? AND modified_at = ? AND deleted = ? AND data = ?`
	result, err := tx.ExecContext(ctx, seen, at.Reading, c.Seq, c.Kind, c.ID[:], c.Version, c.ModifiedAt.UnixMicro(), c.Deleted, string(c.Data))
	if err != nil {
		return 0, err
	}
	if there, err := result.RowsAffected(); err != nil || there > 0 {
		return 0, err
	}
	const put = `INSERT OR REPLACE INTO received (kind, id, version, seq, modified_at, deleted, device_id, data, reading, waiting, handed)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, coalesce((SELECT handed FROM received WHERE kind = ?1 AND id = ?2), 0))`
	_, err = tx.ExecContext(ctx, put, c.Kind, c.ID[:], c.Version, c.Seq, c.ModifiedAt.UnixMicro(), c.Deleted, c.DeviceID[:], string(c.Data), at.Reading)
	return 1, err
}

// deleteUnseen turns what this reading has not seen into deletions, to be delivered;
// deletions and kinds that are not asked for any more are forgotten.
func (at Inbox) deleteUnseen(ctx context.Context, tx *sql.Tx) (dropped int, err error) {
	asked := "kind IN (?" + strings.Repeat(",?", len(at.Kinds)-1) + ")"
	kinds := make([]any, len(at.Kinds))
	for i, kind := range at.Kinds {
		kinds[i] = kind
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM received WHERE NOT "+asked, kinds...); err != nil {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM received WHERE reading < ? AND deleted AND NOT waiting", at.Reading); err != nil {
		return 0, err
	}
	result, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO received (kind, id, version, seq, modified_at, deleted, device_id, data, reading, waiting, handed)
		SELECT kind, id, version, seq, modified_at, 1, device_id, '{}', ?1, 1, 0 FROM received WHERE reading < ?1 ORDER BY arrival`, at.Reading)
	if err != nil {
		return 0, err
	}
	count, err := result.RowsAffected()
	return int(count), err
}

// Undelivered gives the records of a kind that are to be delivered, the first
// that arrived first.
func (s *State) Undelivered(ctx context.Context, kind string, most int) ([]Received, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT arrival, kind, id, version, seq, modified_at, deleted, device_id, data
		FROM received WHERE kind = ? AND waiting ORDER BY arrival LIMIT ?`, kind, most)
	if err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []Received
	for rows.Next() {
		var r Received
		var id, device []byte
		var modifiedAt int64
		var data string
		if err := rows.Scan(&r.Arrival, &r.Kind, &id, &r.Version, &r.Seq, &modifiedAt, &r.Deleted, &device, &data); err != nil {
			return nil, fmt.Errorf("read the state: %w", err)
		}
		r.ID, r.DeviceID, r.ModifiedAt = uuid.UUID(id), uuid.UUID(device), time.UnixMicro(modifiedAt).UTC()
		r.Data = json.RawMessage(data)
		list = append(list, r)
	}
	return list, rows.Err()
}

// MarkDelivered keeps that these were taken. One that has changed meanwhile stays to
// be delivered.
func (s *State) MarkDelivered(ctx context.Context, list []Received) error {
	return s.inTransaction(ctx, func(tx *sql.Tx) error {
		for i := range list {
			const taken = "UPDATE received SET handed = ?, waiting = waiting AND arrival <> ? WHERE kind = ? AND id = ?"
			r := &list[i]
			if _, err := tx.ExecContext(ctx, taken, r.Version, r.Arrival, r.Kind, r.ID[:]); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delivered is what the source was delivered last of a record.
type Delivered struct {
	Version    int64
	ModifiedAt time.Time // zero while there is something newer to be delivered
}

// Delivered gives, of those ids whose records came from the cabinet, what was delivered last.
func (s *State) Delivered(ctx context.Context, kind string, ids []uuid.UUID) (map[uuid.UUID]Delivered, error) {
	delivered := map[uuid.UUID]Delivered{}
	if len(ids) == 0 {
		return delivered, nil
	}
	args := []any{kind}
	for _, id := range ids {
		args = append(args, id[:])
	}
	rows, err := s.db.QueryContext(ctx, "SELECT id, handed, modified_at, waiting FROM received WHERE kind = ? AND id IN (?"+strings.Repeat(",?", len(ids)-1)+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id []byte
		var one Delivered
		var modifiedAt int64
		var waiting bool
		if err := rows.Scan(&id, &one.Version, &modifiedAt, &waiting); err != nil {
			return nil, fmt.Errorf("read the state: %w", err)
		}
		if !waiting {
			one.ModifiedAt = time.UnixMicro(modifiedAt).UTC()
		}
		delivered[uuid.UUID(id)] = one
	}
	return delivered, rows.Err()
}

// InboxCount is how many records of a kind have come, and how many of them are
// to be delivered.
type InboxCount struct {
	Kind              string
	Received, Waiting int
}

// InboxCounts are those of all kinds; none where nothing was ever received.
func (s *State) InboxCounts(ctx context.Context) ([]InboxCount, error) {
	var made bool
	err := s.db.QueryRowContext(ctx, "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'received'").Scan(&made)
	if err != nil || !made {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, "SELECT kind, count(*), sum(waiting) FROM received GROUP BY kind ORDER BY kind")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var counts []InboxCount
	for rows.Next() {
		var c InboxCount
		if err := rows.Scan(&c.Kind, &c.Received, &c.Waiting); err != nil {
			return nil, err
		}
		counts = append(counts, c)
	}
	return counts, rows.Err()
}
