package projection

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

// Lag is how far the projections of all organizations are behind their feeds.
type Lag struct {
	Live     Behind        // what readers see
	Building Behind        // what is being made anew
	Oldest   time.Duration // since the oldest change was received that readers do not see yet
}

// Behind is how much is still to be projected.
type Behind struct {
	Organizations int
	Records       int64
}

// lagging is an organization whose projections are behind its feed.
type lagging struct {
	Organization uuid.UUID
	State        state
	Seq          int64 // up to which place of the feed the projections go
	Records      int64
}

const selectLagging = `
SELECT f.organization_id, coalesce(c.state, 'live'), coalesce(c.seq, 0), f.head - coalesce(c.seq, 0) FROM feeds f
LEFT JOIN projection_cursors c ON c.organization_id = f.organization_id AND c.state IN ('live', 'building')
WHERE f.head > coalesce(c.seq, 0)`

// lagSample is how many organizations are asked for their oldest change. Where more are
// behind, chance says which.
const lagSample = 100

// Lag looks how far the projections are behind.
func (p *Projector) Lag(ctx context.Context, now time.Time) (lag Lag, err error) {
	var all []lagging
	err = p.db.System(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, selectLagging)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[lagging])
		return err
	})
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	asked := 0
	for _, one := range all {
		if one.State == building {
			lag.Building.add(one)
			continue
		}
		lag.Live.add(one)
		if asked++; asked <= lagSample && err == nil {
			var since time.Time
			if since, err = p.oldestBehind(ctx, one); !since.IsZero() {
				lag.Oldest = max(lag.Oldest, now.Sub(since))
			}
		}
	}
	return lag, err
}

func (b *Behind) add(one lagging) {
	b.Organizations++
	b.Records += one.Records
}

const selectOldestBehind = `SELECT received_at FROM records WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT 1`

// oldestBehind is when the first change was received that the projections lack; zero where
// nothing is left of it.
func (p *Projector) oldestBehind(ctx context.Context, one lagging) (since time.Time, err error) {
	err = p.db.ForOrganization(ctx, one.Organization, func(tx db.Tx) error {
		err := tx.QueryRow(ctx, selectOldestBehind, one.Organization, one.Seq).Scan(&since)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return since, err
}
