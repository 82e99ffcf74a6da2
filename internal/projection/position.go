package projection

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/currency"
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
	rebuilt    int64      // how far the generation is that is being built; 0: there is none
	asOf       *time.Time // when the change at seq was received; nil: there is none up to there
	wanted     recipe
	made       recipe

	deliveryMinutes int // promised for a delivery that has no promise of its own
}

// recipe is what rows are made with: of which epoch of the feed, in which shape,
// by which calendar, with the digits of which money.
type recipe struct {
	epoch       uuid.UUID
	shape       int
	zone        string
	dayStartsAt int
	currency    string
}

// isAsWanted says whether the rows that are there were made with what is wanted now.
func (p position) isAsWanted() bool { return p.made == p.wanted }

// settings are those of the organization that rows are made by.
type settings struct {
	calendar    Calendar
	minorDigits int // of its money
}

func (r recipe) settings() settings {
	return settings{NewCalendar(r.zone, r.dayStartsAt), currency.MinorDigits(r.currency)}
}

const selectWanted = `SELECT time_zone, day_starts_at, currency, default_delivery_minutes FROM organizations WHERE id = $1`

const selectPosition = `
SELECT coalesce(c.generation, 0), coalesce(c.seq, 0), f.head, f.epoch,
       coalesce((SELECT b.seq FROM projection_cursors b WHERE b.organization_id = $1 AND b.state = 'building'), 0),
       coalesce(c.epoch, $2), coalesce(c.shape, 0), coalesce(c.time_zone, ''), coalesce(c.day_starts_at, 0), coalesce(c.currency, ''),
       (SELECT r.received_at FROM records r WHERE r.organization_id = $1 AND r.seq <= c.seq ORDER BY r.seq DESC LIMIT 1)
FROM feeds f
LEFT JOIN projection_cursors c ON c.organization_id = $1 AND c.state = $3
WHERE f.organization_id = $1`

// loadPosition reads the position of the generation in a state. Errors: pgx.ErrNoRows,
// where there is no such organization.
func loadPosition(ctx context.Context, tx pgx.Tx, organization uuid.UUID, of state) (position, error) {
	p := position{wanted: recipe{shape: shape}}
	queue := &pgx.Batch{}
	queue.Queue(selectWanted, organization).QueryRow(func(row pgx.Row) error {
		return row.Scan(&p.wanted.zone, &p.wanted.dayStartsAt, &p.wanted.currency, &p.deliveryMinutes)
	})
	queue.Queue(selectPosition, organization, uuid.Nil, of).QueryRow(func(row pgx.Row) error {
		return row.Scan(&p.generation, &p.seq, &p.head, &p.wanted.epoch, &p.rebuilt,
			&p.made.epoch, &p.made.shape, &p.made.zone, &p.made.dayStartsAt, &p.made.currency, &p.asOf)
	})
	err := tx.SendBatch(ctx, queue).Close()
	return p, err
}

const insertCursor = `
INSERT INTO projection_cursors (organization_id, generation, state, epoch, shape, time_zone, day_starts_at, currency)
SELECT $1, coalesce(max(generation), 0) + 1, $2, $3, $4, $5, $6, $7 FROM projection_cursors WHERE organization_id = $1
ON CONFLICT DO NOTHING`

// beginGeneration starts a generation with nothing in it; where another process has just
// done so, that one stands.
func beginGeneration(ctx context.Context, tx pgx.Tx, organization uuid.UUID, as state, wanted recipe) error {
	_, err := tx.Exec(ctx, insertCursor, organization, as, wanted.epoch, wanted.shape, wanted.zone, wanted.dayStartsAt, wanted.currency)
	return err
}

// errMoved says that the generation changed its state while its lock was waited for.
var errMoved = errors.New("the generation has moved on")

// lockPosition makes this transaction the only one that advances the generation in a
// state, and reads its position anew: another process may have moved it
// meanwhile. From here on the transaction sees and writes that generation. Its commit is
// not waited for on the disk: what a crash takes is projected again.
// Error: errMoved.
func lockPosition(ctx context.Context, tx pgx.Tx, organization uuid.UUID, of state) (position, error) {
	var locked int32
	const forUpdate = `SELECT generation FROM projection_cursors WHERE organization_id = $1 AND state = $2 FOR UPDATE`
	err := tx.QueryRow(ctx, forUpdate, organization, of).Scan(&locked)
	if errors.Is(err, pgx.ErrNoRows) {
		return position{}, errMoved
	}
	if err != nil {
		return position{}, err
	}
	if err := selectGeneration(ctx, tx, locked, "SET LOCAL synchronous_commit = off"); err != nil {
		return position{}, err
	}
	at, err := loadPosition(ctx, tx, organization, of)
	if err == nil && at.generation != locked {
		err = errMoved
	}
	return at, err
}

// selectGeneration makes the transaction see and write one generation, and no row of another.
// What else the transaction is to have set goes with it, in one round trip.
func selectGeneration(ctx context.Context, tx pgx.Tx, generation int32, further string) error {
	_, err := tx.Exec(ctx, fmt.Sprintf("SET LOCAL app.generation = '%d'; %s", generation, further))
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
