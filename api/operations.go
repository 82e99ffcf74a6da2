package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/interpos/cabinet/internal/fault"
)

// mountOperations adds what tells a supervisor or a load balancer: liveness and readiness.
func (s *Server) mountOperations() {
	s.read("/livez", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	s.read("/readyz", s.reportReadiness)
}

// reportReadiness answers 200 while the server can do its work, 503 while the database
// does not answer within a second, and once the server is about to stop.
func (s *Server) reportReadiness(c echo.Context) error {
	if s.draining.Load() {
		return &fault.Error{Code: fault.Unavailable, Message: "The server is about to stop.", RetryAfter: 2 * time.Second}
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), time.Second)
	defer cancel()
	if err := s.DB.Pool.Ping(ctx); err != nil {
		return &fault.Error{Code: fault.Unavailable, Message: "The database does not answer.", RetryAfter: 2 * time.Second, Cause: err}
	}
	return c.String(http.StatusOK, "ready\n")
}

// measureRequests counts requests and times them, by route and status.
func (s *Server) measureRequests() echo.MiddlewareFunc {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "http_request_duration_seconds", Help: "Time to answer a request.",
		Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	}, []string{"method", "route", "status"})
	s.Metrics.MustRegister(seconds)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := time.Now()
			if err := next(c); err != nil {
				c.Error(err)
			}
			seconds.WithLabelValues(method(c.Request().Method), routeOf(c), statusClass(c.Response().Status)).
				Observe(time.Since(start).Seconds())
			return nil
		}
	}
}

// method bounds the label: a client may send any word as a method.
func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions:
		return name
	}
	return "other"
}

func statusClass(status int) string {
	return []string{"0xx", "1xx", "2xx", "3xx", "4xx", "5xx"}[min(status/100, 5)]
}
