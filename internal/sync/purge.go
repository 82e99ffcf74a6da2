package sync

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/record"
)

// Retention is how long the tombstones of directory records are kept, counted from
// their arrival, and their earlier versions, counted from their replacement.
// Documents keep both for good. Cursors of that age expire.
const Retention = 400 * 24 * time.Hour

// purgeRows is how many tombstones, or versions, one transaction removes: pushes
// of the organization wait for it.
const purgeRows = 1_000

// Purge removes what is older than Retention at a time, of all organizations. It
// may run at the same time as pushes, pulls and other purges.
func Purge(ctx context.Context, database *db.DB, at time.Time) error {
	all, err := Organizations(ctx, database)
	if err != nil {
		return err
	}
	for _, organization := range all {
		if err := purgeOrganization(ctx, database, organization, at.Add(-Retention)); err != nil {
			return fmt.Errorf("organization %s: %w", organization, err)
		}
	}
	return nil
}

// Organizations are all that have a feed.
func Organizations(ctx context.Context, database *db.DB) (all []uuid.UUID, err error) {
	err = database.System(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, `SELECT organization_id FROM feeds ORDER BY organization_id`)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		return err
	})
	return all, err
}

func purgeOrganization(ctx context.Context, database *db.DB, organization uuid.UUID, until time.Time) error {
	for _, step := range []purgeStep{purgeTombstones, expireHistory, expireMarks} {
		for more := true; more; {
			err := database.ForOrganization(ctx, organization, func(tx db.Tx) (err error) {
				more, err = step.runOnce(ctx, tx, organization, until)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// purgeStep is what one transaction of a purge does. The organization is $1, the
// kinds $2, the time up to which everything goes $3.
type purgeStep struct {
	expired string // the rows that are to go
	remove  string // removes some of them, up to $4, and says how many
}

// runOnce removes some rows under the lock on the feed that pushes take too. Where
// nothing has expired, nobody has to wait. more says that others are left.
func (s purgeStep) runOnce(ctx context.Context, tx pgx.Tx, organization uuid.UUID, until time.Time) (more bool, err error) {
	args := []any{organization, record.DirectoryNames(), until}
	if err := tx.QueryRow(ctx, `SELECT EXISTS (`+s.expired+`)`, args...).Scan(&more); err != nil || !more {
		return false, err
	}
	if _, err := tx.Exec(ctx, `SELECT FROM feeds WHERE organization_id = $1 FOR UPDATE`, organization); err != nil {
		return false, err
	}
	var removed int
	err = tx.QueryRow(ctx, s.remove, append(args, purgeRows)...).Scan(&removed)
	return removed == purgeRows, err
}

// purgeTombstones forgets deleted records with their history, and with rejected
// changes from before the deletion: a retry must not bring them back. One that the
// projections have not seen has to wait for them: they are readers of the feed too.
var purgeTombstones = func() purgeStep {
	const expired = `
		SELECT kind, id FROM records r
		WHERE organization_id = $1 AND kind = ANY ($2) AND deleted AND received_at < $3 AND NOT EXISTS (
			SELECT FROM projection_cursors c WHERE c.organization_id = $1 AND c.state <> 'retired' AND c.seq < r.seq)`
	return purgeStep{expired, `
		WITH purged AS (
			DELETE FROM records WHERE organization_id = $1 AND (kind, id) IN (` + expired + ` LIMIT $4) RETURNING kind, id, seq, modified_at
		), history AS (
			DELETE FROM record_history h USING purged p WHERE h.organization_id = $1 AND h.kind = p.kind AND h.id = p.id
		), cuts AS (
			DELETE FROM history_cuts c USING purged p WHERE c.organization_id = $1 AND c.kind = p.kind AND c.id = p.id
		), rejected AS (
			DELETE FROM rejections r USING purged p
			WHERE r.organization_id = $1 AND r.kind = p.kind AND r.record_id = p.id::text AND r.modified_at <= p.modified_at
		), feed AS (
			UPDATE feeds SET purged_seq = greatest(purged_seq, (SELECT max(seq) FROM purged)) WHERE organization_id = $1
		)
		SELECT count(*) FROM purged`}
}()

// expireHistory removes earlier versions, those of each record from its first on,
// and keeps the chain up to there: what is left can still be verified. A version
// has expired when the one that replaced it came before the time.
var expireHistory = func() purgeStep {
	const expired = `
		SELECT kind, id, version FROM record_history h
		WHERE organization_id = $1 AND kind = ANY ($2) AND received_at < $3 AND coalesce(
			(SELECT n.received_at FROM record_history n
				WHERE n.organization_id = $1 AND n.kind = h.kind AND n.id = h.id AND n.version = h.version + 1),
			(SELECT r.received_at FROM records r
				WHERE r.organization_id = $1 AND r.kind = h.kind AND r.id = h.id AND r.version = h.version + 1)) < $3`
	return purgeStep{expired, `
		WITH found AS (` + expired + ` LIMIT $4), newest AS (
			SELECT kind, id, max(version) AS version FROM found GROUP BY kind, id
		), cuts AS (
			INSERT INTO history_cuts (organization_id, kind, id, version, chain)
			SELECT $1, h.kind, h.id, h.version, h.chain FROM newest n
			JOIN record_history h ON h.organization_id = $1 AND h.kind = n.kind AND h.id = n.id AND h.version = n.version
			ON CONFLICT (organization_id, kind, id) DO UPDATE SET version = excluded.version, chain = excluded.chain
		), removed AS (
			DELETE FROM record_history h USING newest n
			WHERE h.organization_id = $1 AND h.kind = n.kind AND h.id = n.id AND h.version <= n.version
		)
		SELECT count(*) FROM found`}
}()

// expireMarks removes the marks of old pushes, but for the newest.
var expireMarks = func() purgeStep {
	const expired = `
		SELECT seq FROM feed_marks
		WHERE organization_id = $1 AND marked_at < $3 AND seq < (SELECT head FROM feeds WHERE organization_id = $1) AND $2::text[] IS NOT NULL`
	return purgeStep{expired, `
		WITH removed AS (
			DELETE FROM feed_marks WHERE organization_id = $1 AND seq IN (` + expired + ` ORDER BY seq LIMIT $4) RETURNING seq
		)
		SELECT count(*) FROM removed`}
}()
