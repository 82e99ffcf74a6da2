package projection

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/db"
)

// A step's bounds: what one transaction projects.
const (
	stepRecords = 500
	stepBytes   = 2 << 20
)

// advanceOnce does one piece of work, if there is one to do, and gives where the
// live generation stands; more says that there is more to do. The head it gives
// is one that the feed had after the call.
func (p *Projector) advanceOnce(ctx context.Context, organization uuid.UUID) (at position, more bool, err error) {
	release, err := p.turns.wait(ctx, organization)
	if err != nil {
		return position{}, false, err
	}
	defer release()
	at, err = p.followFeed(ctx, organization, live)
	if err != nil || at.seq < at.head {
		return at, true, err
	}
	more, err = p.buildNext(ctx, organization, at)
	if err == nil && more {
		at, err = p.liveNow(ctx, organization) // it may be another one now
	}
	return at, more, err
}

// liveNow is where the live generation stands.
func (p *Projector) liveNow(ctx context.Context, organization uuid.UUID) (at position, err error) {
	err = p.db.ForOrganization(ctx, organization, func(tx db.Tx) (err error) {
		at, err = loadPosition(ctx, tx, organization, live)
		return err
	})
	return at, err
}

// buildNext carries the generation that is being built one step on, and starts one
// where the live one does not fit. more says that there was something to do.
func (p *Projector) buildNext(ctx context.Context, organization uuid.UUID, current position) (more bool, err error) {
	var next position
	err = p.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		if next, err = loadPosition(ctx, tx, organization, building); err != nil {
			return err
		}
		if next.generation != 0 && !next.isAsWanted() { // what is wanted has changed again
			const retire = `UPDATE projection_cursors SET state = 'retired' WHERE organization_id = $1 AND generation = $2 AND state = 'building'`
			if _, err := tx.Exec(ctx, retire, organization, next.generation); err != nil {
				return err
			}
			next.generation = 0
			more = true
		}
		if next.generation == 0 && !current.isAsWanted() {
			more = true
			return beginGeneration(ctx, tx, organization, building, current.wanted)
		}
		return nil
	})
	if err != nil || next.generation == 0 {
		return more, err
	}
	_, err = p.followFeed(ctx, organization, building)
	return true, err
}

// writer puts the contributions of changes into the tables, in place of those
// that the same records made before.
type writer func(ctx context.Context, tx pgx.Tx, organization uuid.UUID, generation int32, changes []contribution) error

// contribution is one record of the feed with its new contribution: of a deleted one at
// most its name.
type contribution struct {
	kind  string
	id    uuid.UUID
	first bool // it is the record's first version
	gone  bool // it is deleted
	rows  rows
}

// followFeed does one step of the generation in a state. A step that the database
// refuses for its data is done again record by record.
func (p *Projector) followFeed(ctx context.Context, organization uuid.UUID, of state) (position, error) {
	at, err := p.runStep(ctx, organization, of, inBulk)
	if isDataError(err) {
		p.log.Warn("projecting record by record", "organization_id", organization, "error", err)
		at, err = p.runStep(ctx, organization, of, p.oneByOne)
	}
	return at, err
}

// runStep is one transaction. It takes the lock only where there is something to do:
// readers come far more often than changes. What was built up to the head of the
// feed becomes the live generation.
func (p *Projector) runStep(ctx context.Context, organization uuid.UUID, of state, write writer) (at position, err error) {
	projected := 0
	err = p.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		if at, err = loadPosition(ctx, tx, organization, of); err != nil {
			return err
		}
		if at.generation == 0 && of == live {
			if err := beginGeneration(ctx, tx, organization, live, at.wanted); err != nil {
				return err
			}
		} else if of == live && at.seq >= at.head {
			return nil
		}
		if at, err = lockPosition(ctx, tx, organization, of); err != nil {
			return err
		}
		if before := at.seq; before < at.head {
			defer func() { projected = int(at.seq - before) }()
			if err := p.advanceTo(ctx, tx, organization, &at, write); err != nil {
				return err
			}
		}
		if of == building && at.seq >= at.head {
			return turnLive(ctx, tx, organization, at.generation)
		}
		return nil
	})
	if errors.Is(err, errMoved) {
		return position{head: 1}, nil // another process has carried it on: there may be more to do
	}
	if err == nil {
		p.db.NoteWritten(projected)
		if projected > 0 && at.seq >= at.head {
			p.db.AnalyzeGrown(ctx)
		}
	}
	return at, err
}

// advanceTo projects the next records into the locked generation.
func (p *Projector) advanceTo(ctx context.Context, tx pgx.Tx, organization uuid.UUID, at *position, write writer) error {
	changes, last, err := p.readChanges(ctx, tx, organization, *at)
	if err != nil {
		return err
	}
	if err := recallDeleted(ctx, tx, organization, changes); err != nil {
		return err
	}
	if err := write(ctx, tx, organization, at.generation, changes); err != nil {
		return err
	}
	at.seq = last
	_, err = tx.Exec(ctx, `UPDATE projection_cursors SET seq = $3 WHERE organization_id = $1 AND generation = $2`,
		organization, at.generation, last)
	return err
}

const selectChanges = `
SELECT seq, kind, id, version = 1, received_at, deleted, data FROM records
WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`

// readChanges projects the next records of the feed. last is the place up to which the
// feed has been read; where it holds no more, that is its head.
func (p *Projector) readChanges(ctx context.Context, tx pgx.Tx, organization uuid.UUID, at position) (changes []contribution, last int64, err error) {
	connected, err := firstConnection(ctx, tx, organization)
	if err != nil {
		return nil, 0, err
	}
	found, err := tx.Query(ctx, selectChanges, organization, at.seq, stepRecords)
	if err != nil {
		return nil, 0, err
	}
	defer found.Close()
	var parser canonical.Parser
	by, size := at.made.settings(), 0
	for last = at.seq; size < stepBytes && found.Next(); {
		var c contribution
		var received time.Time
		var data []byte
		if err := found.Scan(&last, &c.kind, &c.id, &c.first, &received, &c.gone, &data); err != nil {
			return nil, 0, err
		}
		if !c.gone {
			c.rows = p.projectOrSkip(&parser, organization, c, data, by)
			c.rows.markLate(received, connected, by.calendar)
		}
		size += len(data)
		changes = append(changes, c)
	}
	if size < stepBytes && len(changes) < stepRecords {
		last = max(last, at.head)
	}
	return changes, last, found.Err()
}

// firstConnection is when the organization's first device came.
func firstConnection(ctx context.Context, tx pgx.Tx, organization uuid.UUID) (connected time.Time, err error) {
	err = tx.QueryRow(ctx, `SELECT coalesce(min(first_seen_at), now()) FROM devices WHERE organization_id = $1`, organization).Scan(&connected)
	return connected, err
}

// projectOrSkip is what a record contributes; one that cannot be projected is logged
// and contributes nothing: it must not hold up the feed.
func (p *Projector) projectOrSkip(parser *canonical.Parser, organization uuid.UUID, c contribution, data []byte, by settings) rows {
	parser.Reset(data)
	value, _, err := parser.Next()
	result := rows{}
	if err == nil {
		result, err = projectRecord(source{c.kind, c.id, value}, by)
	}
	if err != nil {
		p.logSkipped(organization, c, err)
		return rows{}
	}
	return result
}

func (p *Projector) logSkipped(organization uuid.UUID, c contribution, err error) {
	p.skipped.Add(1)
	p.log.Error("record not projected", "organization_id", organization, "kind", c.kind, "id", c.id, "error", err)
}

// oneByOne is the writer for a step that failed in bulk: it looks for what every
// record contributed before, and skips the records that the tables refuse.
func (p *Projector) oneByOne(ctx context.Context, tx pgx.Tx, organization uuid.UUID, generation int32, changes []contribution) error {
	for _, c := range changes {
		c.first = false // there may be what should not be
		err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return inBulk(ctx, tx, organization, generation, []contribution{c}) })
		if isDataError(err) {
			p.logSkipped(organization, c, err)
			c.rows = rows{}
			err = inBulk(ctx, tx, organization, generation, []contribution{c})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isDataError says whether the database refused what it was given, and would do
// so again: SQLSTATE classes 22 (data), 23 (constraint), 54 (limit exceeded).
func isDataError(err error) bool {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return false
	}
	for _, class := range []string{"22", "23", "54"} {
		if strings.HasPrefix(refused.Code, class) {
			return true
		}
	}
	return false
}
