package projection

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

// sweepRows is how many rows of a table one step of sweeping removes.
const sweepRows = 5_000

// tables are those whose rows belong to a generation.
var tables = []string{"sale_payments", "sale_lines", "sales", "documents", "directory_entries", "deleted_entries"}

// sweepRetired removes some rows of a retired generation. more says that there are more.
func (p *Projector) sweepRetired(ctx context.Context, organization uuid.UUID) (more bool, err error) {
	err = p.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		at, err := lockPosition(ctx, tx, organization, retired)
		if errors.Is(err, errMoved) {
			return nil // there is none
		}
		if err != nil {
			return err
		}
		more = true
		for _, table := range tables {
			removed, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE organization_id = $1 AND ctid = ANY (ARRAY(
				SELECT ctid FROM `+table+` WHERE organization_id = $1 LIMIT $2))`, organization, sweepRows)
			if err != nil || removed.RowsAffected() > 0 {
				return err
			}
		}
		_, err = tx.Exec(ctx, `DELETE FROM projection_cursors WHERE organization_id = $1 AND generation = $2`, organization, at.generation)
		return err
	})
	return more, err
}

// Progress is how far a rebuild is: up to which number of the feed, of how many.
type Progress struct {
	Seq, Head int64
}

// Rebuild makes an organization's projections anew from its feed, beside those
// that readers see, and puts them in their place once they are whole. Other
// processes, a running server among them, may work on it at the same time.
func (p *Projector) Rebuild(ctx context.Context, organization uuid.UUID, progress func(Progress)) error {
	var next position
	err := p.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		current, err := loadPosition(ctx, tx, organization, live)
		if err != nil {
			return err
		}
		if err := beginGeneration(ctx, tx, organization, building, current.wanted); err != nil {
			return err
		}
		next, err = loadPosition(ctx, tx, organization, building)
		return err
	})
	if err != nil {
		return err
	}
	for at := (position{}); at.generation < next.generation; {
		var more bool
		if at, more, err = p.advanceOnce(ctx, organization); err != nil {
			return err
		}
		if at.generation < next.generation && !more {
			if at, err = p.liveNow(ctx, organization); err != nil { // another process may have turned it live since
				return err
			}
			if at.generation < next.generation {
				return errors.New("the rebuild was given up by another process")
			}
		}
		if err := p.reportProgress(ctx, organization, progress); err != nil {
			return err
		}
	}
	for more := true; more; {
		if more, err = p.sweepRetired(ctx, organization); err != nil {
			return err
		}
	}
	return nil
}

func (p *Projector) reportProgress(ctx context.Context, organization uuid.UUID, progress func(Progress)) error {
	return p.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		at, err := loadPosition(ctx, tx, organization, building)
		if err == nil && at.generation != 0 {
			progress(Progress{at.seq, at.head})
		}
		return err
	})
}

// Organizations are all that have a feed.
func Organizations(ctx context.Context, database *db.DB) (all []uuid.UUID, err error) {
	err = database.System(ctx, func(tx db.Tx) error {
		found, err := tx.Query(ctx, `SELECT organization_id FROM feeds ORDER BY organization_id`)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(found, pgx.RowTo[uuid.UUID])
		return err
	})
	return all, err
}
