package projection

import (
	"context"
	"errors"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// state is what a generation of an organization's projections is for.
type state string

const (
	live     state = "live"     // what readers see
	building state = "building" // being made anew, to become the live one once it is whole
	retired  state = "retired"  // was the live one; its rows are being removed
)

// position is how far a generation of an organization's projections is, beside
// how far its feed is and what it wants them made with.
type position struct {
	generation int32 // 0: there is none
	seq, head  int64
	currency   string
	wanted     recipe
	made       recipe
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

func (p position) calendar() Calendar { return NewCalendar(p.made.zone, p.made.dayStartsAt) }

const selectPosition = `
SELECT coalesce(c.generation, 0), coalesce(c.seq, 0), coalesce(f.head, 0), o.currency,
       coalesce(f.epoch, $2), o.time_zone, o.day_starts_at,
       coalesce(c.epoch, $2), coalesce(c.shape, 0), coalesce(c.time_zone, ''), coalesce(c.day_starts_at, 0)
FROM organizations o
LEFT JOIN feeds f ON f.organization_id = o.id
LEFT JOIN projection_cursors c ON c.organization_id = o.id AND c.state = $3
WHERE o.id = $1`

// load reads the position of the generation in a state. Errors: pgx.ErrNoRows,
// where there is no such organization.
func load(ctx context.Context, tx pgx.Tx, organization uuid.UUID, of state) (position, error) {
	p := position{wanted: recipe{shape: shape}}
	err := tx.QueryRow(ctx, selectPosition, organization, uuid.Nil, of).Scan(&p.generation, &p.seq, &p.head, &p.currency,
		&p.wanted.epoch, &p.wanted.zone, &p.wanted.dayStartsAt,
		&p.made.epoch, &p.made.shape, &p.made.zone, &p.made.dayStartsAt)
	return p, err
}

const insertCursor = `
INSERT INTO projection_cursors (organization_id, generation, state, epoch, shape, time_zone, day_starts_at)
SELECT $1, coalesce(max(generation), 0) + 1, $2, $3, $4, $5, $6 FROM projection_cursors WHERE organization_id = $1
ON CONFLICT DO NOTHING`

// begin starts a generation with nothing in it; where another process has just
// done so, that one stands.
func begin(ctx context.Context, tx pgx.Tx, organization uuid.UUID, as state, wanted recipe) error {
	_, err := tx.Exec(ctx, insertCursor, organization, as, wanted.epoch, wanted.shape, wanted.zone, wanted.dayStartsAt)
	return err
}

// errMoved says that the generation changed its state while its lock was waited for.
var errMoved = errors.New("the generation has moved on")

// lock makes this transaction the only one that advances the generation in a
// state, and reads its position anew: another process may have moved it
// meanwhile. From here on the transaction sees and writes that generation.
// Error: errMoved.
func lock(ctx context.Context, tx pgx.Tx, organization uuid.UUID, of state) (position, error) {
	var locked int32
	const forUpdate = `SELECT generation FROM projection_cursors WHERE organization_id = $1 AND state = $2 FOR UPDATE`
	err := tx.QueryRow(ctx, forUpdate, organization, of).Scan(&locked)
	if errors.Is(err, pgx.ErrNoRows) {
		return position{}, errMoved
	}
	if err != nil {
		return position{}, err
	}
	if err := see(ctx, tx, locked); err != nil {
		return position{}, err
	}
	at, err := load(ctx, tx, organization, of)
	if err == nil && at.generation != locked {
		err = errMoved
	}
	return at, err
}

// see makes the transaction see and write one generation.
func see(ctx context.Context, tx pgx.Tx, generation int32) error {
	_, err := tx.Exec(ctx, `SELECT set_config('app.generation', $1, true)`, strconv.Itoa(int(generation)))
	return err
}

// turnLive makes the generation that was built the one that readers see.
func turnLive(ctx context.Context, tx pgx.Tx, organization uuid.UUID, generation int32) error {
	const retire = `UPDATE projection_cursors SET state = 'retired' WHERE organization_id = $1 AND state = 'live'`
	if _, err := tx.Exec(ctx, retire, organization); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE projection_cursors SET state = 'live' WHERE organization_id = $1 AND generation = $2`, organization, generation)
	return err
}
