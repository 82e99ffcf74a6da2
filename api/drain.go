package api

import (
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	drainedBytes = 32 << 20 // of a body that nobody wants are read
	drainedFor   = 5 * time.Second
)

// drained answers a request that is refused before its body was read at once, and then reads
// on and throws away. A client that writes its request to the end before it looks for the
// answer would otherwise find the connection reset, and no answer.
func drained(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength == 0 {
			next.ServeHTTP(w, r)
			return
		}
		control := http.NewResponseController(w)
		_ = control.EnableFullDuplex() // the answer may go out while the body comes in; where it may not, nobody listens
		body := &body{ReadCloser: r.Body}
		watched := r.WithContext(r.Context())
		watched.Body = body
		next.ServeHTTP(w, watched)
		waitsToSend := r.Header.Get("Expect") != "" && !body.begun // and has its answer instead of the go-ahead
		if body.ended || waitsToSend {
			return
		}
		_ = control.Flush()
		_ = control.SetReadDeadline(time.Now().Add(drainedFor))
		_, _ = io.CopyN(io.Discard, body, drainedBytes)
		if !body.ended {
			panic(http.ErrAbortHandler) // closes the connection: what is left of the body must not be read as a request
		}
	})
}

// body is that of a request, which knows how far it was read.
type body struct {
	io.ReadCloser
	begun, ended bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.begun, b.ended = true, b.ended || errors.Is(err, io.EOF)
	return n, err
}
