package api

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/security"
)

// maxPushBody limits a push as it comes over the wire; what it decompresses to
// is limited separately.
const maxPushBody = 16 << 20

// limitBody cuts a body off at the route's limit while it is read.
func limitBody(route Route) echo.MiddlewareFunc {
	limit := int64(maxBody)
	switch {
	case route.Needs.Caller == access.Device:
		limit = maxPushBody
	case strings.HasPrefix(route.Path, "/auth/"):
		limit = maxAuthBody
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

// refuseUnreadable refuses addresses that hold what text cannot, NUL bytes and invalid
// UTF-8: no route means them, and the database could not look for them. A query that
// cannot be taken apart is refused too: a part of it would be left out without a word.
func refuseUnreadable(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := url.ParseQuery(c.Request().URL.RawQuery); err != nil {
			return fault.New(fault.Malformed, "The query is not encoded as an address is: a % begins two hexadecimal digits, and & stands between parameters.")
		}
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
			h.Set(echo.HeaderReferrerPolicy, "no-referrer") // links of earlier letters carry tokens in the query
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

// usesCookie says whether a route sets or takes the cookie of a session, which browsers send by
// themselves.
func usesCookie(route Route) bool {
	return strings.HasPrefix(route.Path, "/auth/") && route.Needs.Caller == access.Anyone
}

// fromOwnPages refuses what a page of another site lets a browser send, by Sec-Fetch-Site, or by
// Origin where an older browser sends that alone. Programs send neither.
func fromOwnPages(site *url.URL) echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(site.Scheme + "://" + site.Host); err != nil {
		panic(err) // PUBLIC_URL has been checked
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return fault.Wrap(fault.Forbidden, "A page of another site has sent this.", err)
			}
			return next(c)
		}
	}
}

// maxRequestID is the longest id of a request that is taken from its sender, in characters.
const maxRequestID = 64

// identifyRequest gives every answer an X-Request-Id: that of the request, where a proxy
// or client has given it one that can stand in a log, else a new one.
func identifyRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Request().Header.Get(echo.HeaderXRequestID)
		if id == "" || len(id) > maxRequestID || strings.ContainsFunc(id, isNoIDCharacter) {
			id = rand.Text()[:16] // 80 random bits
		}
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		c.SetRequest(c.Request().WithContext(security.WithRequest(c.Request().Context(), c.RealIP(), id)))
		return next(c)
	}
}

func isNoIDCharacter(r rune) bool {
	return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:", r)
}
