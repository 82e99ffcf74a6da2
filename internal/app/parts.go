package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/interpos/cabinet/api"
	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/mail"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/seal"
	"github.com/interpos/cabinet/internal/security"
	"github.com/interpos/cabinet/internal/sync"
)

// publicSite is the address with which people reach the cabinet.
func (a *App) publicSite() (*url.URL, error) {
	site, err := parsePublicURL(a.config.PublicURL)
	if site == nil && err == nil {
		site = a.url
	}
	return site, err
}

// keys are what derives from the server's secret. What else does is the database role's
// password (locateDatabase), which each start renews.
type keys struct {
	tokens *account.Tokens
	sealer *seal.Sealer
	events *security.Log
}

func (c Config) loadKeys(log *slog.Logger) (k keys, err error) {
	secret, err := c.secretKey()
	if err != nil {
		return k, err
	}
	var previous [][]byte
	if c.SecretKeyPrevious != "" {
		previous = append(previous, []byte(c.SecretKeyPrevious))
	}
	if k.tokens, err = account.NewTokens(append([][]byte{secret}, previous...)...); err != nil {
		return k, err
	}
	if k.events, err = security.NewLog(log, secret); err != nil {
		return k, err
	}
	k.sealer, err = seal.NewSealer(secret, previous...)
	return k, err
}

// mailSender delivers letters by SMTP; without, into the development inbox. The inbox to
// be shown is nil where letters are sent, and where people reach the cabinet from other
// machines: letters carry the keys to accounts.
func (a *App) mailSender(database *db.DB, site *url.URL) (sender mail.Sender, shown *mail.Inbox, err error) {
	if a.config.SMTPURL != "" {
		sender, err = mail.NewSMTP(a.config.SMTPURL, a.config.MailFrom)
		return sender, nil, err
	}
	inbox := mail.NewInbox(database, a.log)
	if !isLoopback(site.Hostname()) {
		a.log.Warn("letters are neither sent nor shown: SMTP_URL is not set, and PUBLIC_URL is not an address of this machine")
		return inbox, nil, nil
	}
	return inbox, inbox, nil
}

func (a *App) startProjector(database *db.DB) *projection.Projector {
	projector := projection.New(database, a.log.With("part", "projections"))
	a.runInBackground("projector", projector.Run)
	return projector
}

func (a *App) startMeter(database *db.DB) *sync.Meter {
	limits := sync.DefaultLimits
	limits.Requests = cmp.Or(a.config.SyncRequestsPerMinute, limits.Requests)
	limits.Bytes = cmp.Or(a.config.SyncBytesPerMinute, limits.Bytes)
	limits.Records = cmp.Or(a.config.SyncRecordsPerMinute, limits.Records)
	meter := sync.NewMeter(database, limits, a.now)
	a.runInBackground("meter", meter.Run)
	return meter
}

// runInBackground runs a part until the server stops.
func (a *App) runInBackground(name string, run func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	a.onStop(name, func(ctx context.Context) error {
		cancel()
		return waitFor(ctx, done)
	})
}

func (a *App) serveHTTP(server *api.Server, listener net.Listener) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); err != nil {
			a.failed <- fmt.Errorf("the server has stopped answering: %w", err)
		}
	}()
	a.onStop("server", func(ctx context.Context) error {
		return errors.Join(server.Shutdown(ctx), waitFor(ctx, done))
	})
}

// serveOperations serves metrics and profiles on a listener of their own: they are the
// host's alone.
func (a *App) serveOperations(ctx context.Context, metrics *prometheus.Registry) error {
	listener, err := listenAt(ctx, "OPS_ADDR", a.config.OpsAddr)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	a.opsURL = listeningURL(listener.Addr())
	a.log.Info("metrics and profiles are served", "at", a.opsURL.String())
	a.onStop("metrics", func(context.Context) error { return server.Close() })
	return nil
}

func waitFor(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
