package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/idempotency"
)

// Headers of requests that may be sent again.
const (
	headerIdempotencyKey = "Idempotency-Key"
	headerReplayed       = "Idempotency-Replayed" // true: the answer is that of the first request
)

const maxIdempotencyKey = 255 // characters

// sessionRoutes begin, renew and end sessions, and what they hand out is not kept. To do so
// again is harmless: a letter's link that has done its work says so.
var sessionRoutes = map[string]bool{
	"/auth/login": true, "/auth/refresh": true, "/auth/logout": true, "/auth/verify-email": true, "/auth/reset-password": true,
	"/auth/letter": true,
}

// takesIdempotencyKey says whether a route takes an Idempotency-Key: whatever people make by
// POST. What local databases send has ids of its own, by which it is known again.
func takesIdempotencyKey(route Route) bool {
	return route.Method == http.MethodPost && route.Needs.Caller != access.Device && !sessionRoutes[route.Path]
}

// idempotent answers a request that comes again with its key as the first time. Without a
// key it is answered each time.
func (s *Server) idempotent(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		key := c.Request().Header.Get(headerIdempotencyKey)
		if key == "" {
			return next(c)
		}
		request, err := keyedRequest(c, key)
		if err != nil {
			return err
		}
		answer, err := s.Idempotency.Begin(c.Request().Context(), request)
		if err != nil {
			return err
		}
		if answer != nil {
			c.Response().Header().Set(headerReplayed, "true")
			return sendKept(c, *answer)
		}
		return s.answerOnce(c, next, request)
	}
}

// keyedRequest reads a request whole, and leaves its body to be read again.
func keyedRequest(c echo.Context, key string) (idempotency.Request, error) {
	if len(key) > maxIdempotencyKey || strings.ContainsFunc(key, func(r rune) bool { return r < '!' || r > '~' }) {
		return idempotency.Request{}, fault.Invalid(fault.Field{
			Field: headerIdempotencyKey, Code: "invalid", Message: "must be 1 to 255 visible ASCII characters without blanks",
		})
	}
	r := c.Request()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return idempotency.Request{}, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	asked := append([]byte(r.Method+" "+r.URL.Path+"\x00"), body...)
	return idempotency.Request{Caller: callerOf(c), Key: key, Digest: sha256.Sum256(asked)}, nil
}

// callerOf tells callers apart: by account, and those who are not signed in by network.
func callerOf(c echo.Context) string {
	if actor, ok := c.Get(actorKey).(access.Actor); ok {
		return "user " + actor.UserID.String()
	}
	return "network " + c.RealIP()
}

// answerOnce answers, and keeps the answer before it is sent: whoever has it and asks again
// finds it. What was refused, or could not be done now, is not kept: the same may be sent again. Where it
// is not known whether it was done, the key stays taken: to do it again would be the worse mistake.
func (s *Server) answerOnce(c echo.Context, next echo.HandlerFunc, request idempotency.Request) error {
	held, err := holdAnswer(c, next)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), 10*time.Second)
	defer cancel()
	if err != nil {
		if isUndone(err) {
			s.logUnkept(c, s.Idempotency.GiveBack(ctx, request))
		}
		return err
	}
	answer := idempotency.Answer{Status: held.status, Header: map[string]string{}, Body: held.body.Bytes()}
	for _, name := range []string{echo.HeaderContentType, echo.HeaderLocation, headerETag} {
		if value := held.header.Get(name); value != "" {
			answer.Header[name] = value
		}
	}
	s.logUnkept(c, s.Idempotency.Finish(ctx, request, answer))
	return sendKept(c, answer)
}

// isUndone says whether a request that failed has changed nothing.
func isUndone(err error) bool {
	return asFault(err).Code != fault.Internal && !errors.Is(err, db.ErrMayBeDone)
}

// holdAnswer answers, but sends nothing yet.
func holdAnswer(c echo.Context, next echo.HandlerFunc) (*heldAnswer, error) {
	response := c.Response()
	defer c.SetResponse(response)
	held := &heldAnswer{header: response.Header()}
	c.SetResponse(echo.NewResponse(held, c.Echo()))
	return held, next(c)
}

// logUnkept says that a key stays taken without an answer. Its request was answered.
func (s *Server) logUnkept(c echo.Context, err error) {
	if err != nil {
		s.log.Warn("answer not kept", "request_id", c.Response().Header().Get(echo.HeaderXRequestID), "error", err)
	}
}

func sendKept(c echo.Context, answer idempotency.Answer) error {
	for name, value := range answer.Header {
		c.Response().Header().Set(name, value)
	}
	c.Response().WriteHeader(answer.Status)
	_, err := c.Response().Write(answer.Body)
	return err
}

// heldAnswer holds an answer back until it is kept.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is that of the answer that will be sent.
func (h *heldAnswer) Header() http.Header { return h.header }

// WriteHeader holds the status.
func (h *heldAnswer) WriteHeader(status int) { h.status = status }

// Write holds a piece of the body.
func (h *heldAnswer) Write(p []byte) (int, error) { return h.body.Write(p) }
