package api

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"
)

// worthCompressing is the size in bytes from which an answer is compressed: what
// fits one packet takes one packet.
const worthCompressing = 1400

// encoder compresses into a writer; *zstd.Encoder and *gzip.Writer do.
type encoder interface {
	io.WriteCloser
	Flush() error
	Reset(w io.Writer)
}

// encoders are those of one content coding (RFC 9110, 8.4.1). They are used again
// and again: making one costs more than a short answer.
type encoders struct {
	name string
	pool sync.Pool
}

// codings are what answers may be compressed with, the best first. Both work in
// the goroutine that writes, in a few MiB of memory.
var codings = []*encoders{
	{name: "zstd", pool: sync.Pool{New: func() any {
		made, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
			zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
		if err != nil {
			panic(err) // the options are constants
		}
		return made
	}}},
	{name: "gzip", pool: sync.Pool{New: func() any {
		made, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			panic(err) // the level is a constant
		}
		return made
	}}},
}

// withCompression answers in a content coding that the request accepts. What is
// counted of the answer then is what goes over the wire.
func withCompression(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		response := c.Response()
		response.Header().Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
		coding := acceptedCoding(c.Request().Header.Values(echo.HeaderAcceptEncoding))
		if coding == nil {
			return next(c)
		}
		plain := response.Writer
		w := &compressor{ResponseWriter: plain, coding: coding}
		response.Writer = w
		defer func() {
			response.Writer = plain
			if w.encoder != nil {
				response.Size = w.sent
				coding.pool.Put(w.encoder)
			}
		}()
		if err := next(c); err != nil {
			return err
		}
		return w.close()
	}
}

// acceptedCoding chooses by Accept-Encoding (RFC 9110, 12.5.3); nil: none, or none that
// is known here.
func acceptedCoding(header []string) *encoders {
	var best *encoders
	var weight float64
	for _, coding := range codings {
		if w := weightOf(coding.name, header); w > weight {
			best, weight = coding, w
		}
	}
	return best
}

// weightOf is the weight of a coding by itself; one that is not named is not
// asked for.
func weightOf(name string, header []string) float64 {
	for item := range strings.SplitSeq(strings.Join(header, ","), ",") {
		coding, parameter, weighted := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), name) {
			continue
		}
		if !weighted {
			return 1
		}
		value, _ := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(parameter, " ", "")), "q=")
		weight, _ := strconv.ParseFloat(value, 64)
		return weight
	}
	return 0
}

// compressor compresses an answer from its first bytes on. It begins with them
// and no earlier: until then the answer may yet become a problem.
type compressor struct {
	http.ResponseWriter
	coding  *encoders
	status  int
	begun   bool
	encoder encoder // nil: the answer is too small
	sent    int64   // bytes over the wire
}

// WriteHeader remembers the status.
func (w *compressor) WriteHeader(status int) { w.status = status }

// Write compresses p.
func (w *compressor) Write(p []byte) (int, error) {
	w.begin(len(p))
	if w.encoder == nil {
		return w.ResponseWriter.Write(p)
	}
	return w.encoder.Write(p)
}

func (w *compressor) begin(size int) {
	if w.begun {
		return
	}
	w.begun = true
	if size >= worthCompressing {
		w.encoder = w.coding.pool.Get().(encoder)
		w.encoder.Reset(wire{w})
		w.Header().Set(echo.HeaderContentEncoding, w.coding.name)
		w.Header().Del(echo.HeaderContentLength)
	}
	if w.status != 0 {
		w.ResponseWriter.WriteHeader(w.status)
	}
}

// FlushError sends all that was written, as http.ResponseController has it.
func (w *compressor) FlushError() error {
	w.begin(0)
	if w.encoder != nil {
		if err := w.encoder.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *compressor) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// close ends the answer.
func (w *compressor) close() error {
	w.begin(0)
	if w.encoder == nil {
		return nil
	}
	return w.encoder.Close()
}

// wire counts what is sent.
type wire struct{ *compressor }

// Write sends p as it is.
func (w wire) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.sent += int64(n)
	return n, err
}
