package api

import (
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/fault"
)

// problemKey is where the code of a problem answer stands in the request's context.
const problemKey = "code of the problem"

// probes are the addresses that the operator's tools ask every few seconds.
var probes = []string{"/livez", "/readyz"}

// logRequests writes a line of each request when it is answered: its id, what was asked,
// for whom, how it went. Neither the address nor its query, no body and no header stand
// there: they hold names, phone numbers, tokens. Probes that went well are for level debug.
func (s *Server) logRequests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		defer func() { // also where the connection is broken off on purpose
			level := slog.LevelInfo
			if slices.Contains(probes, c.Path()) && c.Response().Status < http.StatusBadRequest {
				level = slog.LevelDebug
			}
			s.log.LogAttrs(c.Request().Context(), level, "request", requestAttrs(c, time.Since(start))...)
		}()
		return next(c)
	}
}

func requestAttrs(c echo.Context, took time.Duration) []slog.Attr {
	answer := c.Response()
	size := answer.Size
	if c.Request().Method == http.MethodHead {
		size = 0 // what was written goes nowhere
	}
	attrs := []slog.Attr{
		slog.String("request_id", answer.Header().Get(echo.HeaderXRequestID)),
		slog.String("method", method(c.Request().Method)),
		slog.String("route", routeOf(c)),
		slog.Int("status", answer.Status),
		slog.Int64("ms", took.Milliseconds()),
		slog.Int64("bytes", size),
	}
	if code, ok := c.Get(problemKey).(fault.Code); ok {
		attrs = append(attrs, slog.String("code", string(code)))
	}
	if actor, ok := c.Get(actorKey).(access.Actor); ok {
		attrs = append(attrs, slog.String("user", actor.UserID.String()))
		if actor.OrganizationID != uuid.Nil {
			attrs = append(attrs, slog.String("organization", actor.OrganizationID.String()))
		}
	}
	if organization, ok := c.Get(deviceKey).(uuid.UUID); ok {
		attrs = append(attrs, slog.String("organization", organization.String()))
	}
	return attrs
}

// routeOf is the route that took the request: an address with names in place of ids.
func routeOf(c echo.Context) string {
	if c.Path() == "" {
		return "none"
	}
	return c.Path()
}
