package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/problem"
)

// Problem is the body of every error answer (RFC 9457, application/problem+json).
type Problem struct {
	Type      string        `json:"type" example:"about:blank"`
	Title     string        `json:"title" example:"Unprocessable Entity"`
	Status    int           `json:"status" example:"422"`
	Code      fault.Code    `json:"code" swaggertype:"string" example:"validation_failed"`         // Stable word for programs
	Detail    string        `json:"detail" example:"Some fields are not valid."`                   // English sentence for people
	RequestID string        `json:"request_id" example:"0f3cTq2m9VtW4yX1"`                         // Also in the header X-Request-Id; quote it to support
	Errors    []fault.Field `json:"errors,omitempty" extensions:"x-omitempty" validate:"optional"` // What is wrong with which field
}

// handleError writes err as a problem. What no client may see goes to the log,
// with the request id.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	known := asFault(err)
	if known.Code == fault.MethodNotAllowed && c.Path() == spaPath {
		known = asFault(echo.ErrNotFound) // the SPA takes every address, but answers GET only
	}
	status := statusOf(known.Code)
	c.Set(problemKey, known.Code)
	requestID := c.Response().Header().Get(echo.HeaderXRequestID)
	if status >= http.StatusInternalServerError && c.Request().Context().Err() == nil {
		s.log.Error("request failed", "request_id", requestID, "method", c.Request().Method,
			"path", c.Path(), "code", known.Code, "error", err)
	}
	if known.RetryAfter > 0 {
		seconds := int(math.Ceil(known.RetryAfter.Seconds()))
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(seconds))
	}
	if status == http.StatusUnauthorized {
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, "Bearer")
	}
	if writeErr := writeProblem(c, status, Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Code: known.Code, Detail: known.Message, RequestID: requestID, Errors: known.Fields,
	}); writeErr != nil {
		s.log.Warn("answer not written", "request_id", requestID, "error", writeErr)
	}
}

// statusOf is the status of a code, by the catalogue.
func statusOf(code fault.Code) int {
	entry, _ := problem.Of(code) // a test holds that there is one
	return entry.Status
}

func writeProblem(c echo.Context, status int, problem Problem) error {
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	if c.Request().Method == http.MethodHead {
		return c.NoContent(status)
	}
	text, err := json.Marshal(problem)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(text))) // the body of the request may still be read
	return c.Blob(status, "application/problem+json", text)
}

// asFault finds the fault in err; Echo's own errors (no route, wrong method,
// body over the limit) are put into our words.
func asFault(err error) *fault.Error {
	var known *fault.Error
	if errors.As(err, &known) {
		return known
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.Wrap(fault.TooLarge, "The request is larger than the limit.", err)
	}
	if errors.Is(err, context.Canceled) {
		return fault.Wrap(fault.Unavailable, "The request was given up.", err)
	}
	var httpErr *echo.HTTPError
	if errors.As(err, &httpErr) {
		return faultOfStatus(httpErr)
	}
	return fault.Wrap(fault.Internal, "Something went wrong on our side. The request id helps support to find it.", err)
}

func faultOfStatus(err *echo.HTTPError) *fault.Error {
	switch err.Code {
	case http.StatusNotFound:
		return fault.Wrap(fault.NotFound, "There is no such thing here.", err)
	case http.StatusMethodNotAllowed:
		return fault.Wrap(fault.MethodNotAllowed, "This address does not take this method.", err)
	case http.StatusRequestEntityTooLarge:
		return fault.Wrap(fault.TooLarge, "The request is larger than the limit.", err)
	case http.StatusUnsupportedMediaType:
		return fault.Wrap(fault.UnsupportedMediaType, "The content type is not supported.", err)
	case http.StatusTooManyRequests:
		return fault.Wrap(fault.RateLimited, "Too many requests.", err)
	case http.StatusUnauthorized:
		return fault.Wrap(fault.Unauthorized, "Sign in first.", err)
	}
	if err.Code < http.StatusInternalServerError {
		return fault.Wrap(fault.Malformed, "The request cannot be read.", err)
	}
	return fault.Wrap(fault.Internal, "Something went wrong on our side.", err)
}
