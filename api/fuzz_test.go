package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/sync"
)

// FuzzReadPush holds the reading of pushed bodies: whatever is sent as gzip or
// zstd is read within the limit or refused in the client's words, and a body that was
// compressed comes back whole.
func FuzzReadPush(f *testing.F) {
	plain := []byte(`{"device_id":"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11","changes":[]}`)
	f.Add(plain)
	f.Add(bytes.Repeat(plain, 1000))
	for _, encoding := range []string{"gzip", "zstd"} {
		small := compressed(f, encoding, plain)
		f.Add(small)
		f.Add(small[:len(small)-3])
		f.Add(append(small, small...))
	}
	f.Add(compressed(f, "zstd", bytes.Repeat([]byte(" "), sync.MaxBytes+1)))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, encoding := range []string{"gzip", "zstd"} {
			var read, back bytes.Buffer
			unpack, err := unpackerOf(pushRequest(encoding, nil))
			if err != nil {
				t.Fatal(err)
			}
			err = unpack(bytes.NewBuffer(body), &read)
			holdBody(t, encoding, read.Bytes(), err)
			err = unpack(bytes.NewBuffer(compressed(t, encoding, body)), &back)
			if err != nil || !bytes.Equal(back.Bytes(), body) {
				t.Fatalf("%d bytes as %s come back as %d bytes: %v", len(body), encoding, back.Len(), err)
			}
		}
	})
}

func pushRequest(encoding string, body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/api/v1/sync/push", bytes.NewReader(body))
	r.Header.Set("Content-Encoding", encoding)
	return r
}

func holdBody(t *testing.T, encoding string, body []byte, err error) {
	t.Helper()
	if most := sync.MaxBytes + 1; len(body) > most || len(body) == most && err == nil { // one more, to know that there is more
		t.Fatalf("%d bytes were read: %v", len(body), err)
	}
	var known *fault.Error
	if err != nil && (!errors.As(err, &known) || known.Code != fault.Malformed && known.Code != fault.TooLarge) {
		t.Fatalf("%s: %v", encoding, err)
	}
}

func compressed(tb testing.TB, encoding string, body []byte) []byte {
	tb.Helper()
	var small bytes.Buffer
	var writer io.WriteCloser = gzip.NewWriter(&small)
	if encoding == "zstd" {
		var err error
		if writer, err = zstd.NewWriter(&small, zstd.WithEncoderConcurrency(1)); err != nil {
			tb.Fatal(err)
		}
	}
	if _, err := writer.Write(body); err != nil {
		tb.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		tb.Fatal(err)
	}
	return small.Bytes()
}
