package job

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

// Backlog is what there is of a kind of job, and is not done.
type Backlog struct {
	Kind     string
	Waiting  int64
	Running  int64
	Retrying int64         // have failed, and will be tried again
	Failed   int64         // given up in the last days
	Oldest   time.Duration // since the oldest was enqueued that is to be done yet; 0: there is none
}

// kinds are those of all jobs.
var kinds = []string{letterArgs{}.Kind(), sweepArgs{}.Kind(), purgeArgs{}.Kind(), retryArgs{}.Kind()}

const selectBacklogs = `
SELECT k.kind, count(*) FILTER (WHERE state IN ('available', 'pending', 'scheduled')), count(*) FILTER (WHERE state = 'running'),
       count(*) FILTER (WHERE state = 'retryable'), count(*) FILTER (WHERE state IN ('cancelled', 'discarded')),
       coalesce(now() - min(created_at) FILTER (WHERE finalized_at IS NULL), '0')
FROM unnest($1::text[]) AS k (kind) LEFT JOIN river_job j ON j.kind = k.kind AND j.state <> 'completed'
GROUP BY k.kind`

// Backlogs tells of every kind of job, over all processes.
func (q *Queue) Backlogs(ctx context.Context) (backlogs []Backlog, err error) {
	err = q.db.Global(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, selectBacklogs, kinds)
		if err != nil {
			return err
		}
		backlogs, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Backlog])
		return err
	})
	return backlogs, err
}
