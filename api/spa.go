package api

import (
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
)

// spaPath is every address that no other route has.
const spaPath = "/*"

// mountSPA serves the built frontend: hashed files with far-future caching, and
// for every other address the page itself, so that deep links survive a reload.
func (s *Server) mountSPA() {
	if s.SPA == nil {
		return
	}
	s.echo.GET(spaPath, s.spa, withCompression)
	s.echo.HEAD(spaPath, s.spa, withCompression)
}

func (s *Server) spa(c echo.Context) error {
	name := strings.TrimPrefix(path.Clean(c.Request().URL.Path), "/")
	if strings.HasPrefix(name, "api/") || strings.HasPrefix(name, "dev/") || strings.HasPrefix(name, ".well-known/") {
		return fault.New(fault.NotFound, "There is no such thing here.")
	}
	info, err := fs.Stat(s.SPA, name)
	if err == nil && !info.IsDir() && name != "index.html" {
		return s.spaFile(c, name)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	if strings.HasPrefix(name, "assets/") {
		return fault.New(fault.NotFound, "There is no such thing here.")
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-cache")
	return serveFile(c, s.SPA, "index.html")
}

func (s *Server) spaFile(c echo.Context, name string) error {
	if strings.HasPrefix(name, "assets/") {
		c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	return serveFile(c, s.SPA, name)
}

// serveFile writes one file; the build leaves a gzipped twin beside the large ones.
func serveFile(c echo.Context, files fs.FS, name string) error {
	h := c.Response().Header()
	if _, err := fs.Stat(files, name+".gz"); err == nil {
		h.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
		if strings.Contains(c.Request().Header.Get(echo.HeaderAcceptEncoding), "gzip") {
			h.Set(echo.HeaderContentEncoding, "gzip")
			h.Set(echo.HeaderContentType, contentType(name))
			name += ".gz"
		}
	}
	http.ServeFileFS(c.Response(), c.Request(), files, name)
	return nil
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	}
	return "text/html; charset=utf-8"
}
