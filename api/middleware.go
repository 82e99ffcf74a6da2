package api

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/fault"
)

// maxPushBody limits a push as it comes over the wire; what it decompresses to
// is limited separately.
const maxPushBody = 16 << 20

// limitBody cuts a body off at the route's limit while it is read.
func limitBody(route Route) echo.MiddlewareFunc {
	limit := int64(maxBody)
	if route.Needs.Caller == access.Device {
		limit = maxPushBody
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.ContentLength > limit {
				return fault.New(fault.TooLarge, fmt.Sprintf("The body is larger than %d bytes.", limit))
			}
			r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
			return next(c)
		}
	}
}

// rejectNUL refuses addresses that hold what text cannot: NUL bytes and invalid
// UTF-8. No route means them, and the database could not look for them.
func rejectNUL(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		for _, values := range c.QueryParams() {
			for _, value := range values {
				if !isStorable(value) {
					return fault.New(fault.Malformed, "The query holds characters that are not text.")
				}
			}
		}
		if !isStorable(c.Request().URL.Path) {
			return fault.New(fault.NotFound, "There is no such thing here.")
		}
		return next(c)
	}
}

func isStorable(text string) bool { return utf8.ValidString(text) && !strings.Contains(text, "\x00") }

func (s *Server) recoverPanics() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				if r := recover(); r != nil {
					if r == http.ErrAbortHandler { //nolint:errorlint // net/http's sentinel, compared as it does
						panic(r)
					}
					err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
				}
			}()
			return next(c)
		}
	}
}

// clientIP finds out who is at the other end: the last address of
// X-Forwarded-For that is none of the proxies'. Whatever stands before it, the
// client may have invented.
func clientIP(proxies []netip.Prefix) echo.IPExtractor {
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, proxy := range proxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{
			IP: proxy.Addr().AsSlice(), Mask: net.CIDRMask(proxy.Bits(), proxy.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// contentSecurityPolicy allows the SPA's own files only. Styles may stand in
// elements: the component library positions its overlays that way.
const contentSecurityPolicy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

func securityHeaders(https bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set(echo.HeaderContentSecurityPolicy, contentSecurityPolicy)
			h.Set(echo.HeaderXContentTypeOptions, "nosniff")
			h.Set(echo.HeaderReferrerPolicy, "no-referrer") // letters' links carry tokens in the query
			h.Set(echo.HeaderXFrameOptions, "DENY")
			h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
			h.Set("Cross-Origin-Opener-Policy", "same-origin")
			if https {
				h.Set(echo.HeaderStrictTransportSecurity, "max-age=31536000")
			}
			return next(c)
		}
	}
}

// noStore keeps answers of the API out of every cache: they are one tenant's.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return next(c)
	}
}

// requestID makes an id of 80 random bits.
func requestID() string { return rand.Text()[:16] }
