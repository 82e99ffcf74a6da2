package api

import (
	_ "embed"
	"io/fs"
	"net/http"

	"github.com/labstack/echo/v4"
	swaggerfiles "github.com/swaggo/files/v2"

	cabinet "github.com/interpos/cabinet"
)

//go:embed docs/index.html
var docsPage []byte

//go:embed docs/start.js
var docsScript []byte

// mountDocs serves the specification and a page to browse it, without internet.
func (s *Server) mountDocs() {
	s.read("/openapi.yaml", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/yaml", cabinet.OpenAPI)
	}, withCompression)
	s.read("/docs", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, "/docs/") })
	s.read("/docs/", func(c echo.Context) error { return c.HTMLBlob(http.StatusOK, docsPage) })
	s.read("/docs/start.js", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "text/javascript; charset=utf-8", docsScript)
	})
	s.mountDocPages()
	s.read("/docs/:file", s.docsFile, withCompression)
}

func (s *Server) docsFile(c echo.Context) error {
	if _, err := fs.Stat(swaggerfiles.FS, c.Param("file")); err != nil {
		return echo.ErrNotFound
	}
	http.ServeFileFS(c.Response(), c.Request(), swaggerfiles.FS, c.Param("file"))
	return nil
}
