package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/job"
	"github.com/interpos/cabinet/internal/mail"
	"github.com/interpos/cabinet/internal/projection"
)

// newMetrics is a registry that says what runs, and how the process is.
func newMetrics() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	version, revision := Version()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "cabinet_build_info", Help: "Always 1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": version, "revision": revision},
	})
	build.Set(1)
	registry.MustRegister(build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry
}

// watchDatabase adds how the connections to the database are used.
func watchDatabase(registry *prometheus.Registry, database *db.DB) {
	gauge := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	counter := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
	}
	stat := database.Pool.Stat
	gauge("database_connections", "Open connections to the database.", func() float64 { return float64(stat().TotalConns()) })
	gauge("database_connections_used", "Connections to the database that are at work.", func() float64 { return float64(stat().AcquiredConns()) })
	gauge("database_connections_max", "Connections to the database that there may be.", func() float64 { return float64(stat().MaxConns()) })
	counter("database_connection_waits_total", "How often a request had to wait for a connection to the database.",
		func() float64 { return float64(stat().EmptyAcquireCount()) })
	counter("database_connection_wait_seconds_total", "How long requests have waited for connections to the database, in all.",
		func() float64 { return stat().EmptyAcquireWaitTime().Seconds() })
}

// countedSender counts the letters that it sends.
type countedSender struct {
	mail.Sender
	letters *prometheus.CounterVec
}

// The outcomes of sending a letter.
const (
	letterSent    = "sent"
	letterRefused = "refused" // by the mail server, for good
	letterFailed  = "failed"  // to be sent again
)

func countLetters(registry *prometheus.Registry, sender mail.Sender) mail.Sender {
	letters := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "letters_total", Help: "Attempts to send a letter, by their outcome.",
	}, []string{"outcome"})
	for _, outcome := range []string{letterSent, letterRefused, letterFailed} {
		letters.WithLabelValues(outcome)
	}
	registry.MustRegister(letters)
	return countedSender{sender, letters}
}

// Send sends a message, and counts it.
func (s countedSender) Send(ctx context.Context, message mail.Message) error {
	err := s.Sender.Send(ctx, message)
	outcome := letterSent
	switch {
	case errors.Is(err, mail.ErrRefused):
		outcome = letterRefused
	case err != nil:
		outcome = letterFailed
	}
	s.letters.WithLabelValues(outcome).Inc()
	return err
}

// work is what is done in the background, as the database has it: every process tells the
// same of it. Where the database does not answer, its metrics are missing.
type work struct {
	projector *projection.Projector
	jobs      *job.Queue
	now       func() time.Time
	log       *slog.Logger
}

var (
	lagRecords   = prometheus.NewDesc("projection_lag_records", "Changes of feeds that are still to be projected.", []string{"generation"}, nil)
	lagging      = prometheus.NewDesc("projection_lagging_organizations", "Organizations whose projections are behind their feed.", []string{"generation"}, nil)
	lagSeconds   = prometheus.NewDesc("projection_lag_seconds", "How long the oldest change has been waiting to be projected.", nil, nil)
	jobsByState  = prometheus.NewDesc("jobs", "Jobs that are not done, by their kind and state.", []string{"kind", "state"}, nil)
	oldestJobAge = prometheus.NewDesc("job_oldest_seconds", "Age of the oldest job that is to be done yet.", []string{"kind"}, nil)
)

func watchWork(registry *prometheus.Registry, w work) {
	registry.MustRegister(w, prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "projection_skipped_records_total", Help: "Records that could not be projected; the log names them.",
	}, func() float64 { return float64(w.projector.Skipped()) }))
}

// Describe implements prometheus.Collector.
func (w work) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{lagRecords, lagging, lagSeconds, jobsByState, oldestJobAge} {
		descriptions <- d
	}
}

// Collect implements prometheus.Collector.
func (w work) Collect(metrics chan<- prometheus.Metric) {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := errors.Join(w.collectLag(ctx, metrics), w.collectJobs(ctx, metrics)); err != nil {
		w.log.Warn("metrics are missing", "error", err)
	}
}

func (w work) collectLag(ctx context.Context, metrics chan<- prometheus.Metric) error {
	lag, err := w.projector.Lag(ctx, w.now())
	if err != nil {
		return err
	}
	for generation, behind := range map[string]projection.Behind{"live": lag.Live, "building": lag.Building} {
		metrics <- prometheus.MustNewConstMetric(lagRecords, prometheus.GaugeValue, float64(behind.Records), generation)
		metrics <- prometheus.MustNewConstMetric(lagging, prometheus.GaugeValue, float64(behind.Organizations), generation)
	}
	metrics <- prometheus.MustNewConstMetric(lagSeconds, prometheus.GaugeValue, lag.Oldest.Seconds())
	return nil
}

func (w work) collectJobs(ctx context.Context, metrics chan<- prometheus.Metric) error {
	backlogs, err := w.jobs.Backlogs(ctx)
	for _, b := range backlogs {
		for state, count := range map[string]int64{"waiting": b.Waiting, "running": b.Running, "retrying": b.Retrying, "failed": b.Failed} {
			metrics <- prometheus.MustNewConstMetric(jobsByState, prometheus.GaugeValue, float64(count), b.Kind, state)
		}
		metrics <- prometheus.MustNewConstMetric(oldestJobAge, prometheus.GaugeValue, b.Oldest.Seconds(), b.Kind)
	}
	return err
}
