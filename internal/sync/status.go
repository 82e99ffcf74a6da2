package sync

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

// Overview is how an organization's synchronization stands.
type Overview struct {
	Feed          Position
	LastContactAt *time.Time // nil: no device has said hello
	LastPushAt    *time.Time
	Devices       int
	Rejections    int
	Full          bool // as many rejections are kept as may be
	Counts        []KindCount
}

// KindCount is how many records of a kind there are.
type KindCount struct {
	Kind       string
	Records    int // not deleted
	Deleted    int
	Rejections int
}

// Device is an installation that synchronizes.
type Device struct {
	ID               uuid.UUID
	Name             string
	Agent            string
	AgentVersion     string
	ClockSkewSeconds *int64 // ahead of the server; negative: behind; nil: it has not told its time
	FirstSeenAt      time.Time
	LastSeenAt       time.Time
	LastPushAt       *time.Time
	LastPullAt       *time.Time
}

// Overview tells how the organization's synchronization stands.
func (f *Feed) Overview(ctx context.Context, organization uuid.UUID) (o Overview, err error) {
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) (err error) {
		if o.Feed, err = readPosition(ctx, tx, organization); err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `SELECT count(*), max(last_seen_at), max(last_push_at) FROM devices WHERE organization_id = $1`,
			organization).Scan(&o.Devices, &o.LastContactAt, &o.LastPushAt)
		if err != nil {
			return err
		}
		o.Counts, err = kindCounts(ctx, tx, organization)
		for _, count := range o.Counts {
			o.Rejections += count.Rejections
		}
		if err != nil {
			return err
		}
		var bytes int64
		err = tx.QueryRow(ctx, `SELECT coalesce(sum(size), 0)::bigint FROM rejections WHERE organization_id = $1`, organization).Scan(&bytes)
		o.Full = o.Rejections >= MaxRejections || bytes >= MaxRejectionBytes
		return err
	})
	return o, err
}

func kindCounts(ctx context.Context, tx pgx.Tx, organization uuid.UUID) ([]KindCount, error) {
	rows, err := tx.Query(ctx, `
		SELECT kind, sum(records)::int, sum(deleted)::int, sum(rejections)::int FROM (
			SELECT kind, count(*) FILTER (WHERE NOT deleted) AS records, count(*) FILTER (WHERE deleted) AS deleted, 0 AS rejections
			FROM records WHERE organization_id = $1 GROUP BY kind
			UNION ALL
			SELECT kind, 0, 0, count(*) FROM rejections WHERE organization_id = $1 GROUP BY kind) c
		GROUP BY kind ORDER BY kind`, organization)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[KindCount])
}

// Devices lists the organization's devices, the one heard last first.
func (f *Feed) Devices(ctx context.Context, organization uuid.UUID) (devices []Device, err error) {
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT id, name, agent, agent_version, clock_skew_seconds, first_seen_at, last_seen_at, last_push_at, last_pull_at
			FROM devices WHERE organization_id = $1 ORDER BY last_seen_at DESC, id LIMIT $2`, organization, MaxDevices)
		if err != nil {
			return err
		}
		devices, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Device])
		return err
	})
	return devices, err
}
