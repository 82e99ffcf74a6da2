package api

import (
	"fmt"
	"io"
	"math"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/sync"
)

// metered holds a sync key to what it may use in a minute, and says in every
// answer what is left of it (RateLimit and RateLimit-Policy,
// draft-ietf-httpapi-ratelimit-headers-10).
func (s *Server) metered(next echo.HandlerFunc) echo.HandlerFunc {
	limits := s.Meter.Limits
	policy := fmt.Sprintf(`"requests";q=%d;w=60, "bytes";q=%d;w=60, "records";q=%d;w=60`, limits.Requests, limits.Bytes, limits.Records)
	return func(c echo.Context) error {
		organization := keyOrganization(c)
		standing, err := s.Meter.Admit(organization)
		setRateLimit(c.Response().Header(), policy, standing)
		if err != nil {
			return err
		}
		body := &countedBody{ReadCloser: c.Request().Body}
		c.Request().Body = body
		defer func() {
			s.Meter.Count(organization, sync.Usage{Bytes: body.size + c.Response().Size})
		}()
		return next(c)
	}
}

func setRateLimit(header http.Header, policy string, standing sync.Standing) {
	seconds := int(math.Ceil(standing.Reset.Seconds()))
	header.Set("RateLimit-Policy", policy)
	header.Set("RateLimit", fmt.Sprintf(`"requests";r=%d;t=%d, "bytes";r=%d;t=%d, "records";r=%d;t=%d`,
		standing.Left.Requests, seconds, standing.Left.Bytes, seconds, standing.Left.Records, seconds))
}

// countedBody counts what was read of a body.
type countedBody struct {
	io.ReadCloser
	size int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.size += int64(n)
	return n, err
}
