package app

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/interpos/cabinet/api"
	"github.com/interpos/cabinet/frontend"
	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/idempotency"
	"github.com/interpos/cabinet/internal/job"
	"github.com/interpos/cabinet/internal/license"
	"github.com/interpos/cabinet/internal/organization"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/pull"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/report"
	"github.com/interpos/cabinet/internal/sync"
)

// startFeatures builds all that works on the database, and begins to answer.
func (a *App) startFeatures(ctx context.Context, located location, listener net.Listener) error {
	database, err := db.Open(ctx, located.server, located.login, a.config.DatabaseMaxConns)
	if err != nil {
		return err
	}
	a.onStop("database", func(context.Context) error { database.Close(); return nil })
	site, err := a.publicSite()
	if err != nil {
		return err
	}
	proxies, err := a.config.trustedProxies()
	if err != nil {
		return err
	}
	keys, err := a.config.loadKeys(a.log)
	if err != nil {
		return err
	}
	sender, inbox, err := a.mailSender(database, site)
	if err != nil {
		return err
	}
	metrics := newMetrics()
	sender = countLetters(metrics, sender)
	projector := a.startProjector(database)
	stopping := make(chan struct{})
	feed := sync.New(database, a.now, projector.Wake)
	receiver := push.New(database, feed, a.now)
	jobs, err := job.New(database, job.Options{
		Sealer: keys.sealer, Sender: sender, Site: site, Log: a.log.With("part", "jobs"), Now: a.now,
		Sweep: a.sweepExpired,
		Purge: func(ctx context.Context) error { return sync.Purge(ctx, database, a.now()) },
		Retry: receiver.RetryRejections,
	})
	if err != nil {
		return err
	}
	a.accounts = account.New(database, account.Options{Tokens: keys.tokens, Jobs: jobs, Now: a.now, Events: keys.events})
	a.licenses = license.New(database, a.now)
	a.issuer = license.NewIssuer(a.licenses, keys.sealer)
	prices, err := a.config.priceList()
	if err != nil {
		return err
	}
	a.idempotency = idempotency.New(database, keys.sealer, a.now)
	if err := jobs.Start(ctx); err != nil {
		return err
	}
	a.onStop("jobs", jobs.Stop)
	watchDatabase(metrics, database)
	watchWork(metrics, work{projector, jobs, a.now, a.log})
	dependencies := a.dependencies(database, keys, projector)
	dependencies.Metrics = metrics
	dependencies.Inbox, dependencies.PublicURL, dependencies.Proxies = inbox, site, proxies
	dependencies.Renewals = license.NewRenewals(a.licenses, prices)
	dependencies.Feed, dependencies.Receiver, dependencies.Sender = feed, receiver, pull.New(database, feed, stopping)
	dependencies.Meter = a.startMeter(database)
	if err := a.serveOperations(ctx, dependencies.Metrics); err != nil {
		return err
	}
	a.api = api.New(dependencies)
	a.serveHTTP(a.api, listener)
	a.onStop("waiting pulls", func(context.Context) error { close(stopping); return nil })
	a.onStop("readiness", a.drain)
	return nil
}

// drain says that the server will stop, while it still takes requests: whoever shares
// them out gives them to others from now on.
func (a *App) drain(ctx context.Context) error {
	a.api.Drain()
	select {
	case <-time.After(a.config.DrainDelay):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *App) dependencies(database *db.DB, keys keys, projector *projection.Projector) api.Dependencies {
	return api.Dependencies{
		DB:       database,
		Accounts: a.accounts,
		Organizations: organization.New(database, organization.Options{
			Sealer: keys.sealer, Now: a.now, Changed: projector.Wake, Events: keys.events,
		}),
		Licenses:      a.licenses,
		Idempotency:   a.idempotency,
		LicenseIssuer: a.issuer,
		Support:       api.SupportContact{Email: a.config.SupportEmail, Phone: a.config.SupportPhone},
		Records:       browse.New(projector),
		Reports:       report.New(projector, a.now),
		SPA:           frontend.Dist(),
		Log:           a.log,
		Now:           a.now,
	}
}

// sweepExpired removes what has expired. It runs from the start of the jobs on: what it
// uses must be there by then.
func (a *App) sweepExpired(ctx context.Context) error {
	return errors.Join(a.accounts.Sweep(ctx), a.issuer.Sweep(ctx), a.idempotency.Sweep(ctx))
}
