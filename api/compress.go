package api

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/export"
)

// worthCompressing is the size in bytes from which an answer is compressed: what
// fits one packet takes one packet.
const worthCompressing = 1400

// compressing compresses with what the request accepts: zstd, else gzip, both at their fastest.
var compressing = newCompressing()

func newCompressing() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(worthCompressing), gzhttp.SuffixETag("-gzip"), gzhttp.CompressionLevel(gzip.BestSpeed),
		gzhttp.ContentTypeFilter(func(contentType string) bool {
			return contentType != export.XLSX.ContentType() && gzhttp.DefaultContentTypeFilter(contentType)
		}))
	if err != nil {
		panic(err) // the options are constants
	}
	return wrap
}

// withCompression answers in a content coding that the request accepts. What is
// counted of the answer then is what goes over the wire.
func withCompression(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		response := c.Response()
		plain := &wire{ResponseWriter: response.Writer}
		defer func() { response.Writer, response.Size = plain.ResponseWriter, plain.sent }()
		compressing(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			response.Writer = w
			err = next(c)
		})).ServeHTTP(plain, c.Request())
		return err
	}
}

// wire counts what is sent.
type wire struct {
	http.ResponseWriter
	sent int64 // bytes
}

// Write sends p as it is.
func (w *wire) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.sent += int64(n)
	return n, err
}

// Flush sends what is buffered; a lost connection shows with the next write.
func (w *wire) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap is for http.ResponseController.
func (w *wire) Unwrap() http.ResponseWriter { return w.ResponseWriter }
