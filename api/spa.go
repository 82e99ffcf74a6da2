package api

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
)

// spaPath is every address that no other route has.
const spaPath = "/*"

// mountSPA serves the built frontend: hashed files with far-future caching, and at the
// addresses of its pages the page itself, so that deep links survive a reload.
func (s *Server) mountSPA() {
	if s.SPA == nil {
		return
	}
	s.pages = pagesOf(s.SPA)
	s.read(spaPath, s.spa, withCompression)
}

// pagesOf are the addresses of the frontend's pages, as its router writes them. A build
// without them has lost a file.
func pagesOf(files fs.FS) (pages []string) {
	content, err := fs.ReadFile(files, "pages.json")
	if err == nil {
		err = json.Unmarshal(content, &pages)
	}
	if err != nil {
		panic(err)
	}
	return pages
}

// isPage says whether the frontend has a page at an address: `$name` stands for one part of
// it, `$` for any number of them.
func (s *Server) isPage(address string) bool {
	return slices.ContainsFunc(s.pages, func(page string) bool { return matchesPage(page, address) })
}

func matchesPage(page, address string) bool {
	given := strings.Split(strings.Trim(address, "/"), "/")
	for i, part := range strings.Split(strings.Trim(page, "/"), "/") {
		switch {
		case part == "$":
			return true
		case i == len(given):
			return false
		case given[i] != part && (given[i] == "" || !strings.HasPrefix(part, "$")):
			return false
		}
	}
	return len(given) == len(strings.Split(strings.Trim(page, "/"), "/"))
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
	if !s.isPage(c.Request().URL.Path) {
		return s.noSuchPage(c)
	}
	return serveFile(c, s.SPA, "index.html")
}

// noSuchPage answers 404: to a browser with the frontend, which says so in words.
func (s *Server) noSuchPage(c echo.Context) error {
	if !strings.Contains(c.Request().Header.Get(echo.HeaderAccept), echo.MIMETextHTML) {
		return fault.New(fault.NotFound, "There is no such page here.")
	}
	page, err := fs.ReadFile(s.SPA, "index.html")
	if err != nil {
		return err
	}
	return c.HTMLBlob(http.StatusNotFound, page)
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
