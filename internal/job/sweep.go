package job

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// periodicJob runs a job periodically, and when a process starts.
func periodicJob(interval time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) { return args, nil }, &river.PeriodicJobOpts{RunOnStart: true})
}

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

// purgeArgs is the job that removes old tombstones and history.
type purgeArgs struct{}

// Kind is the job's name in the queue.
func (purgeArgs) Kind() string { return "purge" }

type purgeWorker struct {
	river.WorkerDefaults[purgeArgs]
	purge func(context.Context) error
}

// Work removes old tombstones and history.
func (w *purgeWorker) Work(ctx context.Context, _ *river.Job[purgeArgs]) error { return w.purge(ctx) }

// Timeout leaves time for all organizations. What is not done by then goes on in
// the next attempt.
func (w *purgeWorker) Timeout(*river.Job[purgeArgs]) time.Duration { return 30 * time.Minute }

// retryArgs is the job that tries rejections again after an upgrade.
type retryArgs struct{}

// Kind is the job's name in the queue.
func (retryArgs) Kind() string { return "retry_rejections" }

type retryWorker struct {
	river.WorkerDefaults[retryArgs]
	retry func(context.Context) error
}

// Work tries rejections again.
func (w *retryWorker) Work(ctx context.Context, _ *river.Job[retryArgs]) error { return w.retry(ctx) }

// Timeout leaves time for all organizations. What is not done by then goes on in
// the next attempt.
func (w *retryWorker) Timeout(*river.Job[retryArgs]) time.Duration { return 30 * time.Minute }
