// Package job does work outside of requests: letters now, with retries, and
// what has to be done from time to time. Jobs are enqueued in the business
// transaction: they exist if it commits, and only then.
package job

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/mail"
	"github.com/interpos/cabinet/internal/seal"
)

// Options of a queue.
type Options struct {
	Sealer *seal.Sealer
	Sender mail.Sender
	Site   *url.URL // the cabinet's public address, with which links in letters begin
	Log    *slog.Logger
	Now    func() time.Time
	Sweep  func(context.Context) error // run every hour by one of the processes; nil: nothing
	Purge  func(context.Context) error // run every day by one of the processes; nil: nothing
	Retry  func(context.Context) error // run every hour by one of the processes; nil: nothing
}

// Queue takes jobs and works on them.
type Queue struct {
	db     *db.DB
	worker *river.Client[pgx.Tx]
	sealer *seal.Sealer
}

// New makes the queue; Start begins to work on it.
func New(database *db.DB, o Options) (*Queue, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &letterWorker{sealer: o.Sealer, sender: o.Sender, site: o.Site, now: o.Now})
	config := &river.Config{
		Logger:                      o.Log,
		Workers:                     workers,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		JobTimeout:                  time.Minute,
		CompletedJobRetentionPeriod: time.Hour,
		// Whoever shares connections between transactions passes no notifications on.
		PollOnly:          true,
		FetchPollInterval: 250 * time.Millisecond,
		// Only the owner of the queue's tables may reindex them; autovacuum does for us.
		ReindexerSchedule: river.NeverSchedule(),
	}
	if o.Sweep != nil {
		river.AddWorker(workers, &sweepWorker{sweep: o.Sweep})
		config.PeriodicJobs = append(config.PeriodicJobs, periodicJob(time.Hour, sweepArgs{}))
	}
	if o.Purge != nil {
		river.AddWorker(workers, &purgeWorker{purge: o.Purge})
		config.PeriodicJobs = append(config.PeriodicJobs, periodicJob(24*time.Hour, purgeArgs{}))
	}
	if o.Retry != nil {
		river.AddWorker(workers, &retryWorker{retry: o.Retry})
		config.PeriodicJobs = append(config.PeriodicJobs, periodicJob(time.Hour, retryArgs{}))
	}
	worker, err := river.NewClient(riverpgxv5.New(database.Pool), config)
	if err != nil {
		return nil, err
	}
	return &Queue{db: database, worker: worker, sealer: o.Sealer}, nil
}

// Start works on jobs until Stop. ctx bounds the start alone.
func (q *Queue) Start(ctx context.Context) error { return q.worker.Start(context.WithoutCancel(ctx)) }

// Stop takes no new job and waits for those at work; when ctx ends first they
// are cancelled, to be tried again by the next process.
func (q *Queue) Stop(ctx context.Context) error {
	err := q.worker.Stop(ctx)
	if err == nil || ctx.Err() == nil {
		return err
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return q.worker.StopAndCancel(hard)
}
