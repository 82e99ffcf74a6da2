package client_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/client"
)

// serve answers every request by handler, and gives a client of it.
func serve(t *testing.T, handler http.HandlerFunc) *client.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c, err := client.New(server.URL, client.Token("isk_test"))
	require.NoError(t, err)
	return c
}

func TestAddressMustBeOneOfACabinet(t *testing.T) {
	for _, address := range []string{"", "cabinet.example.org", "ftp://cabinet.example.org", "http://"} {
		_, err := client.New(address)
		require.Error(t, err, address)
	}
	for address, right := range map[string]string{
		"https://cabinet.example.org/api":                     "as https://cabinet.example.org",
		"https://cabinet.example.org/api/v1/":                 "as https://cabinet.example.org",
		"https://example.org/cabinet/api/v1/sync/hello":       "as https://example.org/cabinet",
		"https://cabinet.example.org/o/7d8f1c52/organization": "without /o/7d8f1c52/organization, as https://cabinet.example.org",
	} {
		_, err := client.New(address)
		require.ErrorContains(t, err, right)
		require.True(t, strings.HasSuffix(err.Error(), right), err)
	}
	for _, address := range []string{"https://cabinet.example.org", "http://localhost:8080/", "https://example.org/apis/cabinet/"} {
		_, err := client.New(address)
		require.NoError(t, err, address)
	}
}

func TestProblemIsDecodedWhole(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "Bearer isk_test", r.Header.Get("Authorization"))
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"code":"rate_limited","detail":"Slower.","errors":[{"field":"a","code":"b","message":"c"}]}`)
	})
	_, err := c.Hello(context.Background(), client.Hello{})
	var problem *client.Problem
	require.ErrorAs(t, err, &problem)
	require.Equal(t, client.Problem{
		Status: 429, Code: "rate_limited", Detail: "Slower.", RetryAfter: 7 * time.Second,
		Errors: []client.FieldError{{Field: "a", Code: "b", Message: "c"}},
	}, *problem)
	require.True(t, client.IsCode(err, "rate_limited"))
}

func TestOnlyWhatTimeHealsIsTemporary(t *testing.T) {
	for status, temporary := range map[int]bool{
		400: false, 401: false, 404: false, 408: true, 410: false, 413: false, 422: false, 429: true,
		500: true, 502: true, 503: true, 504: true,
	} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		_, err := c.Changes(context.Background(), client.Page{})
		require.Error(t, err)
		require.Equal(t, temporary, client.Temporary(err), status)
	}
}

func TestCutAnswerIsTemporary(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"server_time"`)
	})
	_, err := c.Hello(context.Background(), client.Hello{})
	require.True(t, client.Temporary(err), "%v", err)

	nobody, err := client.New("http://127.0.0.1:1")
	require.NoError(t, err)
	_, err = nobody.Hello(context.Background(), client.Hello{})
	require.True(t, client.Temporary(err), "%v", err)
}

func TestUntrustedCertificateIsNotTemporary(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	c, err := client.New(server.URL)
	require.NoError(t, err)
	_, err = c.Hello(context.Background(), client.Hello{})
	require.Error(t, err)
	require.False(t, client.Temporary(err), "%v", err)
}

func TestPatienceRepeatsUntilItIsTaken(t *testing.T) {
	var tries atomic.Int32
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) < 4 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, `{}`)
	})
	waits := 0
	patience := client.RetryPolicy{First: time.Millisecond, GiveUp: time.Minute, Waiting: func(error, time.Duration) { waits++ }}
	require.NoError(t, patience.Do(context.Background(), func(ctx context.Context) error {
		_, err := c.Hello(ctx, client.Hello{})
		return err
	}))
	require.Equal(t, 3, waits)
}

func TestPatienceObeysRetryAfterAndEnds(t *testing.T) {
	tries := 0
	slow := &client.Problem{Status: 503, RetryAfter: time.Hour}
	err := client.RetryPolicy{GiveUp: time.Minute}.Do(context.Background(), func(context.Context) error { tries++; return slow })
	require.ErrorIs(t, err, slow)
	require.Equal(t, 1, tries)

	final := errors.New("no")
	err = client.RetryPolicy{GiveUp: time.Minute}.Do(context.Background(), func(context.Context) error { tries++; return final })
	require.ErrorIs(t, err, final)
	require.Equal(t, 2, tries)
}

func TestPushTravelsInEveryEncoding(t *testing.T) {
	device := uuid.New()
	sent := []client.Change{
		{Kind: "unit", ID: uuid.New(), ModifiedAt: time.Now().UTC().Truncate(time.Microsecond), Data: json.RawMessage(`{"name":"<Литр>","x":0.10}`)},
		{Kind: "unit", ID: uuid.New(), ModifiedAt: time.Now().UTC().Truncate(time.Microsecond), Deleted: true},
	}
	for _, as := range []client.Encoding{{}, {Compression: client.Gzip}, {NDJSON: true}, {NDJSON: true, Compression: client.Gzip}, client.Compact} {
		var got []client.Change
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			got = received(t, r, as, device)
			_, _ = io.WriteString(w, `{"results":[],"head":7}`)
		})
		pushed, err := c.Push(context.Background(), device, sent, as)
		require.NoError(t, err)
		require.EqualValues(t, 7, pushed.Head)
		require.Equal(t, sent, got, "%+v", as)
	}
}

func received(t *testing.T, r *http.Request, as client.Encoding, device uuid.UUID) (changes []client.Change) {
	var body io.Reader = r.Body
	require.Equal(t, string(as.Compression), r.Header.Get("Content-Encoding"))
	var err error
	switch as.Compression {
	case client.Gzip:
		body, err = gzip.NewReader(r.Body)
	case client.Zstd:
		body, err = zstd.NewReader(r.Body)
	}
	require.NoError(t, err)
	if !as.NDJSON {
		var whole struct {
			DeviceID uuid.UUID `json:"device_id"`
			Changes  []client.Change
		}
		require.NoError(t, json.NewDecoder(body).Decode(&whole))
		require.Equal(t, device, whole.DeviceID)
		return whole.Changes
	}
	require.Equal(t, device.String(), r.Header.Get("Device-Id"))
	for lines := bufio.NewScanner(body); lines.Scan(); {
		var change client.Change
		require.NoError(t, json.Unmarshal(lines.Bytes(), &change))
		changes = append(changes, change)
	}
	return changes
}

func TestAnswersAreReadHoweverTheyArePacked(t *testing.T) {
	plain := []byte(`{"buckets":[{"bucket":"2026-05-25","count":2,"digest":"0f3a5b6d3c1e8f2b7a9c1d2e3f400a1b"}]}`)
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	_, err := writer.Write(plain)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	encoder, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	for encoding, body := range map[string][]byte{
		"": plain, "identity": plain, "gzip": zipped.Bytes(), "zstd": encoder.EncodeAll(plain, nil),
	} {
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			require.Equal(t, "zstd, gzip", r.Header.Get("Accept-Encoding"))
			w.Header().Set("Content-Encoding", encoding)
			_, _ = w.Write(body)
		})
		digests, err := c.Digests(context.Background(), "receipt")
		require.NoError(t, err, encoding)
		require.Equal(t, []client.BucketDigest{{Bucket: "2026-05-25", Count: 2, Digest: digests[0].Digest}}, digests)
		require.Len(t, digests[0].Digest, 16)
	}
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(zipped.Bytes()[:20])
	})
	_, err = c.Digests(context.Background(), "receipt")
	require.True(t, client.Temporary(err), "half an answer is asked for again: %v", err)
}
