package api

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

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
