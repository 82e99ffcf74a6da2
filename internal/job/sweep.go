package job

import (
	"context"

	"github.com/riverqueue/river"
)

// sweepArgs is the job that removes what has expired.
type sweepArgs struct{}

// Kind is the job's name in the queue.
func (sweepArgs) Kind() string { return "sweep" }

type sweepWorker struct {
	river.WorkerDefaults[sweepArgs]
	sweep func(context.Context) error
}

// Work removes what has expired.
func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[sweepArgs]) error { return w.sweep(ctx) }
