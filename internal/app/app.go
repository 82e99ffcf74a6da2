package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"slices"
	"syscall"
	"time"
	_ "time/tzdata" // time zones must not depend on the machine

	"github.com/interpos/cabinet/api"
	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/idempotency"
	"github.com/interpos/cabinet/internal/license"
)

// App is the whole server.
type App struct {
	config Config
	log    *slog.Logger
	now    func() time.Time

	url         *url.URL
	opsURL      *url.URL
	accounts    *account.Accounts
	licenses    *license.Licenses
	issuer      *license.Issuer
	idempotency *idempotency.Keys
	api         *api.Server
	running     []part
	failed      chan error
}

// part is something that was started, and how it is stopped.
type part struct {
	name string
	stop func(ctx context.Context) error
}

// New makes a server; nothing runs yet.
func New(config Config, log *slog.Logger) *App {
	now := config.Now
	if now == nil {
		now = time.Now
	}
	return &App{config: config, log: log, now: now, failed: make(chan error, 4)}
}

// Start returns when the server answers requests. It listens first, so that a
// taken port is said at once. When it fails, what was started is stopped again.
func (a *App) Start(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
		}
	}()
	if err := a.config.checkMail(); err != nil {
		return err
	}
	listener, err := a.listen(ctx)
	if err != nil {
		return err
	}
	dsn, err := a.startDatabase(ctx)
	if err != nil {
		return err
	}
	if err := a.waitForDatabase(ctx, dsn); err != nil {
		return err
	}
	return a.config.migrateThen(ctx, dsn, func(located location) error {
		if err := located.login.Renew(ctx, located.owner); err != nil {
			return err
		}
		return a.startFeatures(ctx, located, listener)
	})
}

// Stop ends everything in the reverse order of its start: no more requests are
// taken, the running ones and the running jobs end, then the database is closed
// and the private PostgreSQL stops. When ctx ends, the rest ends the hard way.
func (a *App) Stop(ctx context.Context) error {
	var failures []error
	for _, p := range slices.Backward(a.running) {
		if err := p.stop(ctx); err != nil {
			failures = append(failures, fmt.Errorf("stop %s: %w", p.name, err))
		}
	}
	a.running = nil
	return errors.Join(failures...)
}

// URL is where the server listens.
func (a *App) URL() string { return a.url.String() }

// OpsURL is where metrics and profiles are served.
func (a *App) OpsURL() string { return a.opsURL.String() }

// API is what answers the requests. It is there once the server has started.
func (a *App) API() *api.Server { return a.api }

// Failed tells of a part that has ended by itself: the server can no longer do
// its work.
func (a *App) Failed() <-chan error { return a.failed }

func (a *App) onStop(name string, stop func(ctx context.Context) error) {
	a.running = append(a.running, part{name, stop})
}

func (a *App) listen(ctx context.Context) (net.Listener, error) {
	listener, err := listenAt(ctx, "ADDR", a.config.Addr)
	if err != nil {
		return nil, err
	}
	a.url = listeningURL(listener.Addr())
	a.onStop("listener", func(context.Context) error {
		if err := listener.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	})
	return listener, nil
}

// listenAt listens at the address of a setting, and says by its name what is wrong with it.
func listenAt(ctx context.Context, setting, address string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is taken by another program: set %s to another address", address, setting)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("this user may not listen at %s: set %s to a port above 1023", address, setting)
	case err != nil:
		return nil, fmt.Errorf("listen at %s=%s: %w", setting, address, err)
	}
	return listener, nil
}
