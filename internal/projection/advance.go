package projection

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/interpos/cabinet/internal/record"
)

// A step's bounds: what one transaction projects.
const (
	stepRecords = 2_000
	stepBytes   = 8 << 20
)

// advance does one step, if there is one to do, and says where that leads. The
// head it gives is one that the feed had after the call.
func (p *Projector) advance(ctx context.Context, organization uuid.UUID) (position, error) {
	release, err := p.turns.take(ctx, organization)
	if err != nil {
		return position{}, err
	}
	defer release()
	at, err := p.step(ctx, organization, inBulk)
	if isDataError(err) {
		p.log.Warn("projecting record by record", "organization_id", organization, "error", err)
		at, err = p.step(ctx, organization, p.oneByOne)
	}
	return at, err
}

// writer puts the contributions of changes into the tables, in place of those
// that the same records made before.
type writer func(ctx context.Context, tx pgx.Tx, organization uuid.UUID, changes []change) error

// change is one record of the feed with its new contribution: none, if it is deleted.
type change struct {
	kind string
	id   uuid.UUID
	rows rows
}

// step is one transaction. It takes the lock only where there is something to do:
// readers come far more often than changes.
func (p *Projector) step(ctx context.Context, organization uuid.UUID, write writer) (at position, err error) {
	err = p.db.Bulk(ctx, organization, func(tx pgx.Tx) error {
		if at, err = load(ctx, tx, organization); err != nil || !at.behind() {
			return err
		}
		if at, err = lock(ctx, tx, organization, at.wanted); err != nil || !at.behind() {
			return err
		}
		if !at.fits() {
			if err := empty(ctx, tx, organization, &at); err != nil {
				return err
			}
		}
		changes, last, err := p.read(ctx, tx, organization, at)
		if err != nil {
			return err
		}
		if err := write(ctx, tx, organization, changes); err != nil {
			return err
		}
		at.seq = last
		_, err = tx.Exec(ctx, `UPDATE projection_cursors SET seq = $2 WHERE organization_id = $1`, organization, last)
		return err
	})
	return at, err
}

const selectChanges = `
SELECT seq, kind, id, deleted, data FROM records
WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`

// read projects the next records of the feed. last is the place up to which the
// feed has been read; where it holds no more, that is its head.
func (p *Projector) read(ctx context.Context, tx pgx.Tx, organization uuid.UUID, at position) (changes []change, last int64, err error) {
	found, err := tx.Query(ctx, selectChanges, organization, at.seq, stepRecords)
	if err != nil {
		return nil, 0, err
	}
	defer found.Close()
	var parser record.Parser
	calendar, size := at.calendar(), 0
	for last = at.seq; size < stepBytes && found.Next(); {
		var c change
		var deleted bool
		var data []byte
		if err := found.Scan(&last, &c.kind, &c.id, &deleted, &data); err != nil {
			return nil, 0, err
		}
		if !deleted {
			c.rows = p.projected(&parser, organization, c, data, calendar)
		}
		size += len(data)
		changes = append(changes, c)
	}
	if size < stepBytes && len(changes) < stepRecords {
		last = max(last, at.head)
	}
	return changes, last, found.Err()
}

// projected is what a record contributes; one that cannot be projected is logged
// and contributes nothing: it must not hold up the feed.
func (p *Projector) projected(parser *record.Parser, organization uuid.UUID, c change, data []byte, calendar Calendar) rows {
	parser.Reset(data)
	value, _, err := parser.Next()
	result := rows{}
	if err == nil {
		result, err = project(source{c.kind, c.id, value}, calendar)
	}
	if err != nil {
		p.skip(organization, c, err)
		return rows{}
	}
	return result
}

func (p *Projector) skip(organization uuid.UUID, c change, err error) {
	p.skipped.Add(1)
	p.log.Error("record not projected", "organization_id", organization, "kind", c.kind, "id", c.id, "error", err)
}

// oneByOne is the writer for a step that failed in bulk: it skips the records
// that the tables refuse.
func (p *Projector) oneByOne(ctx context.Context, tx pgx.Tx, organization uuid.UUID, changes []change) error {
	for _, c := range changes {
		err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return inBulk(ctx, tx, organization, []change{c}) })
		if isDataError(err) {
			p.skip(organization, c, err)
			c.rows = rows{}
			err = inBulk(ctx, tx, organization, []change{c})
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
