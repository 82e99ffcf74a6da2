package projection

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// position is how far the projections of an organization are, beside how far its
// feed is and what it wants them made with.
type position struct {
	seq, head int64
	currency  string
	wanted    recipe
	made      recipe
}

// recipe is what rows are made with: of which epoch of the feed, in which shape,
// by which calendar.
type recipe struct {
	epoch       uuid.UUID
	shape       int
	zone        string
	dayStartsAt int
}

// fits says whether the rows that are there were made with what is wanted now.
func (p position) fits() bool { return p.made == p.wanted }

func (p position) behind() bool { return !p.fits() || p.seq < p.head }

func (p position) calendar() Calendar { return NewCalendar(p.wanted.zone, p.wanted.dayStartsAt) }

const selectPosition = `
SELECT coalesce(c.seq, 0), coalesce(f.head, 0), o.currency,
       coalesce(f.epoch, $2), o.time_zone, o.day_starts_at,
       coalesce(c.epoch, $2), coalesce(c.shape, 0), coalesce(c.time_zone, ''), coalesce(c.day_starts_at, 0)
FROM organizations o
LEFT JOIN feeds f ON f.organization_id = o.id
LEFT JOIN projection_cursors c ON c.organization_id = o.id
WHERE o.id = $1`

// load reads the position. Errors: pgx.ErrNoRows, where there is no such organization.
func load(ctx context.Context, tx pgx.Tx, organization uuid.UUID) (position, error) {
	p := position{wanted: recipe{shape: shape}}
	err := tx.QueryRow(ctx, selectPosition, organization, uuid.Nil).Scan(&p.seq, &p.head, &p.currency,
		&p.wanted.epoch, &p.wanted.zone, &p.wanted.dayStartsAt,
		&p.made.epoch, &p.made.shape, &p.made.zone, &p.made.dayStartsAt)
	return p, err
}

const insertCursor = `
INSERT INTO projection_cursors (organization_id, epoch, shape, time_zone, day_starts_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id) DO NOTHING`

// lock makes this transaction the only one that advances the organization, and
// reads the position anew: another process may have moved it meanwhile.
func lock(ctx context.Context, tx pgx.Tx, organization uuid.UUID, wanted recipe) (position, error) {
	_, err := tx.Exec(ctx, insertCursor, organization, wanted.epoch, wanted.shape, wanted.zone, wanted.dayStartsAt)
	if err != nil {
		return position{}, err
	}
	const forUpdate = `SELECT 1 FROM projection_cursors WHERE organization_id = $1 FOR UPDATE`
	if _, err := tx.Exec(ctx, forUpdate, organization); err != nil {
		return position{}, err
	}
	return load(ctx, tx, organization)
}

// empty takes all rows of an organization out, for a replay with what is wanted now.
func empty(ctx context.Context, tx pgx.Tx, organization uuid.UUID, at *position) error {
	for _, table := range []string{"directory_entries", "documents", "sales", "sale_lines", "sale_payments"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE organization_id = $1", organization); err != nil {
			return err
		}
	}
	at.seq, at.made = 0, at.wanted
	_, err := tx.Exec(ctx, `UPDATE projection_cursors SET seq = 0, epoch = $2, shape = $3, time_zone = $4, day_starts_at = $5
		WHERE organization_id = $1`, organization, at.made.epoch, at.made.shape, at.made.zone, at.made.dayStartsAt)
	return err
}
