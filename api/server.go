// Package api is the HTTP face of the cabinet: everything that knows Echo.
package api

import (
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/idempotency"
	"github.com/interpos/cabinet/internal/license"
	"github.com/interpos/cabinet/internal/mail"
	"github.com/interpos/cabinet/internal/organization"
	"github.com/interpos/cabinet/internal/pull"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/report"
	"github.com/interpos/cabinet/internal/sync"
)

// Dependencies is what the API stands on. Inbox is nil where letters go out by
// SMTP; SPA is nil in a build without the frontend.
type Dependencies struct {
	DB            *db.DB
	Accounts      *account.Accounts
	Organizations *organization.Organizations
	Licenses      *license.Licenses
	LicenseIssuer *license.Issuer
	Renewals      *license.Renewals
	Support       SupportContact
	Feed          *sync.Feed
	Receiver      *push.Receiver
	Sender        *pull.Sender
	Meter         *sync.Meter
	Idempotency   *idempotency.Keys
	Records       *browse.Records
	Reports       *report.Reports
	Inbox         *mail.Inbox
	SPA           fs.FS
	PublicURL     *url.URL
	Proxies       []netip.Prefix // whose X-Forwarded-For is believed
	Metrics       *prometheus.Registry
	Log           *slog.Logger
	Now           func() time.Time
}

// Server answers the requests of the SPA, of integrators and of local databases.
type Server struct {
	Dependencies
	log   *slog.Logger
	echo  *echo.Echo
	http  *http.Server
	pages []string // of the SPA, see pagesOf

	metrics metrics
	bodies  bodyBudgets

	draining atomic.Bool
}

// New builds the server with all its routes; nothing listens yet.
func New(dependencies Dependencies) *Server {
	s := &Server{
		Dependencies: dependencies, log: dependencies.Log, echo: echo.New(), metrics: newMetrics(dependencies.Metrics), bodies: newBodyBudgets(),
	}
	s.echo.HideBanner, s.echo.HidePort = true, true
	s.echo.HTTPErrorHandler = s.handleError
	s.echo.IPExtractor = clientIP(dependencies.Proxies)
	s.http = &http.Server{
		Handler:           drained(s.echo),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       2 * time.Minute,
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(dependencies.Log.Handler(), slog.LevelDebug),
	}
	s.useMiddleware()
	s.mountRoutes()
	return s
}

func (s *Server) useMiddleware() {
	s.echo.Use(
		identifyRequest,
		s.logRequests,
		s.measureRequests,
		s.recoverPanics(),
		securityHeaders(s.PublicURL.Scheme == "https"),
		refuseUnreadable,
	)
}

func (s *Server) mountRoutes() {
	for _, route := range s.Routes() {
		chain := append([]echo.MiddlewareFunc{noStore, limitBody(route)}, s.guardsOf(route.Needs)...)
		if usesCookie(route) {
			chain = append(chain, fromOwnPages(s.PublicURL))
		}
		chain = append(chain, s.budgetBody(route))
		chain = append(chain, refuseOtherParameters(route))
		handler := route.Handler
		if takesIdempotencyKey(route) {
			handler = s.idempotent(handler)
		}
		s.echo.Match(methodsOf(route), "/api/v1"+route.Path, withCompression(handler), chain...)
	}
	s.mountOperations()
	s.mountKeys()
	s.mountDocs()
	s.mountInbox()
	s.mountSPA()
}

// methodsOf are those that a route answers: HEAD wherever GET is (RFC 9110, 9.3.2).
func methodsOf(route Route) []string {
	if route.Method == http.MethodGet {
		return reading
	}
	return []string{route.Method}
}

// reading are the methods of an address that is only read.
var reading = []string{http.MethodGet, http.MethodHead}

// read mounts an address that is only read.
func (s *Server) read(path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) {
	s.echo.Match(reading, path, handler, middleware...)
}

// Serve answers on the listener until Shutdown.
func (s *Server) Serve(listener net.Listener) error {
	if err := s.http.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// Drain lets /readyz say from now on that the server will stop.
func (s *Server) Drain() { s.draining.Store(true) }

// Shutdown stops accepting, and waits for the running requests until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error { return s.http.Shutdown(ctx) }

// ServeHTTP answers one request without a listener.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }
