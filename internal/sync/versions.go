package sync

import (
	"context"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/cursor"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
)

// VersionQuery asks for versions of one record.
type VersionQuery struct {
	Kind   string
	ID     uuid.UUID
	Cursor string // of the page before; "": the newest
	Limit  int    // versions at the most; a page of long ones ends earlier
}

// Event is how a version came about.
type Event string

// What makes a version.
const (
	Created  Event = "created"
	Changed  Event = "changed"
	Deleted  Event = "deleted"
	Restored Event = "restored" // the record had been deleted
	Unknown  Event = "unknown"  // what was before is no longer kept
)

// Version is what a record was at a time.
type Version struct {
	Version    int64
	Seq        int64 // its place in the feed
	ModifiedAt time.Time
	ReceivedAt time.Time
	DeviceID   uuid.UUID
	DeviceName string // "": it has not introduced itself
	Deleted    bool
	Data       string // canonical JSON
	Chain      string // hash over this version and all before, in hex
	Event      Event
	// Differences are against the version before; of a restored record, against what
	// it was when it was deleted.
	Differences []record.Difference
}

// History is a page of the versions of a record, the newest first.
type History struct {
	Versions   []Version
	NextCursor string // "" on the last page
	Total      int64  // versions that are kept
	Cut        int64  // the versions up to this one are no longer kept; 0: all are
}

// newestVersions is the order of a record's versions.
var newestVersions = cursor.Order{Name: "-version", Columns: []cursor.Column{{Expression: "version", Type: cursor.Integer}}, Descending: true}

// Versions shows what a record was, the current version included. Errors: NotFound,
// for a record that there is not, or no longer; Malformed for the cursor.
func (f *Feed) Versions(ctx context.Context, organization uuid.UUID, query VersionQuery) (history History, err error) {
	ctx = db.For(ctx, db.Listing)
	err = f.db.Snapshot(ctx, organization, func(tx db.Tx) error {
		if history, err = historyOf(ctx, tx, organization, query); err != nil {
			return err
		}
		versions, more, err := versionsOf(ctx, tx, organization, query)
		if err != nil {
			return err
		}
		explainVersions(versions)
		shown := min(len(versions), query.Limit)
		if more {
			shown = min(shown, len(versions)-compared)
		}
		if history.Versions = versions[:shown]; shown < len(versions) {
			history.NextCursor = newestVersions.Cursor([]string{strconv.FormatInt(versions[shown-1].Version, 10)})
		}
		return nil
	})
	return history, err
}

func historyOf(ctx context.Context, tx pgx.Tx, organization uuid.UUID, query VersionQuery) (history History, err error) {
	err = tx.QueryRow(ctx, `
		SELECT coalesce((SELECT version FROM history_cuts WHERE organization_id = $1 AND kind = $2 AND id = $3), 0),
			1 + (SELECT count(*) FROM record_history WHERE organization_id = $1 AND kind = $2 AND id = $3)
		FROM records WHERE organization_id = $1 AND kind = $2 AND id = $3`, organization, query.Kind, query.ID).
		Scan(&history.Cut, &history.Total)
	if errors.Is(err, pgx.ErrNoRows) {
		return History{}, fault.New(fault.NotFound, "There is no such record.")
	}
	return history, err
}

// compared is how many versions before one may be needed to tell what it changed:
// that which it replaced and, where that is a tombstone, the one before.
const compared = 2

// maxPageBytes of data end a page: it is held in memory whole.
const maxPageBytes = 2 << 20

// versionsOf reads the page, and what its last version is compared with. more says
// that it had to end before that, for the length of the data.
func versionsOf(ctx context.Context, tx pgx.Tx, organization uuid.UUID, query VersionQuery) (versions []Version, more bool, err error) {
	args := []any{organization, query.Kind, query.ID, query.Limit + compared}
	after, err := newestVersions.After(query.Cursor, func(arg any) string {
		args = append(args, arg)
		return "$" + strconv.Itoa(len(args))
	})
	if err != nil {
		return nil, false, err
	}
	const columns = `version, seq, modified_at, received_at, device_id, deleted, data, chain`
	rows, err := tx.Query(ctx, `
		SELECT v.*, coalesce(d.name, '') FROM (
			SELECT `+columns+` FROM records
			WHERE organization_id = $1 AND kind = $2 AND id = $3 AND `+after+`
			UNION ALL (
				SELECT `+columns+` FROM record_history
				WHERE organization_id = $1 AND kind = $2 AND id = $3 AND `+after+`
				ORDER BY version DESC LIMIT $4)) v
		LEFT JOIN devices d ON d.organization_id = $1 AND d.id = v.device_id
		ORDER BY v.version DESC LIMIT $4`, args...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for size := 0; rows.Next(); {
		if more = size >= maxPageBytes && len(versions) > compared; more {
			break
		}
		var v Version
		var chain []byte
		if err := rows.Scan(&v.Version, &v.Seq, &v.ModifiedAt, &v.ReceivedAt, &v.DeviceID, &v.Deleted, &v.Data, &chain, &v.DeviceName); err != nil {
			return nil, false, err
		}
		v.Chain = hex.EncodeToString(chain)
		versions, size = append(versions, v), size+len(v.Data)
	}
	return versions, more, rows.Err()
}

// explainVersions tells of each version how it came about. The newest stands first.
func explainVersions(versions []Version) {
	for i := range versions {
		v, before := &versions[i], versionBefore(versions, i)
		switch {
		case v.Deleted:
			v.Event = Deleted
		case v.Version == 1:
			v.Event = Created
		case before == nil:
			v.Event = Unknown
		case before.Deleted:
			v.Event = Restored
			if before = versionBefore(versions, i+1); before != nil {
				v.Differences = differencesOf(before.Data, v.Data)
			}
		default:
			v.Event, v.Differences = Changed, differencesOf(before.Data, v.Data)
		}
	}
}

// versionBefore is the version that another took the place of; nil: it is not kept.
func versionBefore(versions []Version, i int) *Version {
	if i+1 < len(versions) && versions[i+1].Version == versions[i].Version-1 {
		return &versions[i+1]
	}
	return nil
}

// differencesOf compares data that was canonical when it was stored.
func differencesOf(before, after string) []record.Difference {
	earlier, err := canonical.Parse([]byte(before))
	if err != nil {
		return nil
	}
	later, err := canonical.Parse([]byte(after))
	if err != nil {
		return nil
	}
	return record.Differences(earlier, later)
}
