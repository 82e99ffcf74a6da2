package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

const ndjson = "application/x-ndjson"

// bigFeed is an organization whose feed holds so many records of 1,000 bytes.
func bigFeed(t *testing.T, records int, settings ...func(*app.Config)) till {
	t.Helper()
	w := newWorld(t, settings...)
	id, key := w.organization(w.user("owner"))
	dbtest.Exec(w, w.dsn, `
		INSERT INTO records (organization_id, kind, id, seq, version, modified_at, device_id, deleted, bucket, hash, chain, data)
		SELECT $1, 'unit', gen_random_uuid(), n, 1, now(), gen_random_uuid(), false, 'aa', sha256(n::text::bytea), sha256(n::text::bytea),
			'{"name":"' || repeat('x', 989) || '"}' FROM generate_series(1, $2::bigint) n`, id, records)
	dbtest.Exec(w, w.dsn, `UPDATE feeds SET head = $2, mark = 7 WHERE organization_id = $1`, id, records)
	dbtest.Exec(w, w.dsn, `INSERT INTO feed_marks (organization_id, seq, mark, marked_at) VALUES ($1, $2, 7, now())`, id, records)
	return till{w, key}
}

func (t till) pull(query string, header map[string]string) answer {
	t.Helper()
	return t.call(request{method: "GET", path: "/api/v1/sync/changes" + query, token: t.key, header: header})
}

// line is one line of a stream: a change, or the cursor at the end.
type line struct {
	Seq    int64
	Cursor string
	More   bool
}

func linesOf(t *testing.T, body []byte) (lines []line) {
	t.Helper()
	for raw := range bytes.Lines(body) {
		var l line
		require.NoError(t, json.Unmarshal(raw, &l), "%.100s", raw)
		lines = append(lines, l)
	}
	return lines
}

func TestAStreamIsTheWholeFeedInOrder(t *testing.T) {
	const records = 6000
	device := bigFeed(t, records)
	asLines := map[string]string{"Accept": ndjson}
	all := linesOf(t, device.pull("", asLines).body)
	require.Len(t, all, records+1, "every change, and the cursor")
	for i, l := range all[:records] {
		require.Equal(t, int64(i+1), l.Seq)
	}
	require.False(t, all[records].More)

	first := linesOf(t, device.pull("?limit=5500", asLines).body)
	require.Len(t, first, 5501)
	require.True(t, first[5500].More)
	rest := linesOf(t, device.pull("?cursor="+first[5500].Cursor, asLines).body)
	require.Len(t, rest, 501)
	require.Equal(t, int64(5501), rest[0].Seq)

	page := device.pull("?limit=5000", nil).json(t)
	require.Len(t, page["changes"], 5000)
	require.Equal(t, true, page["more"])
	require.Len(t, device.pull("", nil).json(t)["changes"], 1000)
	require.Equal(t, "validation_failed", device.call(request{method: "GET", path: "/api/v1/sync/changes?limit=5001", token: device.key, wrong: true}).code(t))
	tooMany := request{method: "GET", path: "/api/v1/sync/changes?limit=1000001", token: device.key, header: asLines, wrong: true}
	require.Equal(t, "validation_failed", device.call(tooMany).code(t))
}

// stalled is a reader that has asked for the whole feed, and reads when told to.
type stalled struct {
	net.Conn
	answer *http.Response
	lines  *bufio.Reader
}

func (t till) stall() stalled {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(t.app.URL(), "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "GET /api/v1/sync/changes HTTP/1.1\r\nHost: cabinet\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n", t.key, ndjson)
	require.NoError(t, err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	return stalled{conn, answer, bufio.NewReader(answer.Body)}
}

const longFeed = 30_000 // of 1,000 bytes: more than all buffers on the way hold

func TestSlowReadersHoldNoConnectionOfTheDatabase(t *testing.T) {
	const slow = 5 // more than there are connections
	device := bigFeed(t, longFeed, func(config *app.Config) { config.DatabaseMaxConns = 4 })
	var readers [slow]stalled
	for i := range readers {
		readers[i] = device.stall()
		require.Equal(t, http.StatusOK, readers[i].answer.StatusCode)
	}
	conn, err := pgx.Connect(t.Context(), device.dsn)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	require.Eventually(t, func() bool {
		var held int
		require.NoError(t, conn.QueryRow(t.Context(), `
			SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`).Scan(&held))
		return held == 0
	}, 30*time.Second, 20*time.Millisecond, "readers whose buffers are full hold a connection")
	require.Equal(t, http.StatusOK, device.push(object{"device_id": deviceID, "changes": []object{change("unit", unitID, object{"name": "kg"})}}, nil).status)

	body, err := io.ReadAll(readers[0].lines)
	require.NoError(t, err)
	lines := linesOf(t, body)
	require.Len(t, lines, longFeed+2, "the change that came meanwhile is there too")
	require.NotEmpty(t, lines[longFeed+1].Cursor)
}

func TestTooManyReadersOfAnOrganizationAreToldToComeAgain(t *testing.T) {
	const most = 8
	device := bigFeed(t, longFeed)
	var readers [most]stalled
	for i := range readers {
		require.Equal(t, http.StatusOK, device.pull("?limit=1", nil).status, "there is a place still")
		readers[i] = device.stall()
	}
	refused := device.pull("?limit=1", nil)
	require.Equal(t, http.StatusTooManyRequests, refused.status)
	require.Equal(t, "rate_limited", refused.code(t))
	require.NotEmpty(t, refused.header.Get("Retry-After"))
	_, other := device.organization(device.user("other"))
	require.Equal(t, http.StatusOK, till{device.world, other}.pull("", nil).status)

	require.NoError(t, readers[0].Close())
	require.Eventually(t, func() bool { return device.pull("?limit=1", nil).status == http.StatusOK }, time.Minute, 20*time.Millisecond)
}

func TestAStreamThatCannotGoOnIsCutOff(t *testing.T) {
	device := bigFeed(t, longFeed)
	reader := device.stall()
	dbtest.Exec(t, device.dsn, `UPDATE feeds SET epoch = gen_random_uuid()`)
	body, err := io.ReadAll(reader.lines)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NotContains(t, string(body), `"cursor"`)
}

func TestAnswersAreCompressedAsAskedFor(t *testing.T) {
	device := bigFeed(t, 3000)
	for _, path := range []string{"/changes", "/changes?limit=5000", "/digest?kind=unit", "/digest/records?kind=unit&bucket=aa"} {
		for _, accept := range []string{"application/json", ndjson} {
			get := request{method: "GET", path: "/api/v1/sync" + path, token: device.key, header: map[string]string{"Accept": accept, "Accept-Encoding": "identity"}}
			plain := device.call(get)
			require.Equal(t, http.StatusOK, plain.status)
			require.Empty(t, plain.header.Get("Content-Encoding"))
			for asked, coding := range map[string]string{
				"zstd": "zstd", "gzip": "gzip", "gzip, zstd": "zstd", "gzip;q=1, zstd;q=0.5": "gzip", "GZIP; Q=0.1": "gzip",
				"": "", "br": "", "zstd;q=0, gzip;q=0": "", "*": "",
			} {
				got := device.compressed(get, asked)
				if len(plain.body) < 1400 {
					coding = "" // one packet, whatever is done
				}
				require.Equal(t, coding, got.header.Get("Content-Encoding"), "%s, asked for %q", path, asked)
				require.Contains(t, got.header.Values("Vary"), "Accept-Encoding")
				require.Equal(t, string(plain.body), string(decompressed(t, coding, got.body)), "%s, asked for %q", path, asked)
			}
		}
	}
	problem := device.compressed(request{method: "GET", path: "/api/v1/sync/changes?cursor=none", token: device.key}, "gzip")
	require.Empty(t, problem.header.Get("Content-Encoding"))
	require.Equal(t, "malformed", problem.code(t))
}

// compressed is call for an answer that no specification can be held against.
func (t till) compressed(r request, accepted string) answer {
	t.Helper()
	sent := t.build(r)
	sent.Header["Accept-Encoding"] = []string{accepted}
	response, err := http.DefaultClient.Do(sent)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{response.StatusCode, response.Header, body}
}

func decompressed(t *testing.T, coding string, body []byte) []byte {
	t.Helper()
	var reader io.Reader = bytes.NewReader(body)
	switch coding {
	case "zstd":
		decoder, err := zstd.NewReader(reader)
		require.NoError(t, err)
		defer decoder.Close()
		reader = decoder
	case "gzip":
		decoder, err := gzip.NewReader(reader)
		require.NoError(t, err)
		reader = decoder
	}
	plain, err := io.ReadAll(reader)
	require.NoError(t, err)
	return plain
}

func TestAZstdWindowBeyondTheRecommendedIsRefused(t *testing.T) {
	device := newTill(t)
	for window, status := range map[int]int{8 << 20: http.StatusRequestEntityTooLarge, 16 << 20: http.StatusBadRequest} {
		var frame bytes.Buffer
		encoder, err := zstd.NewWriter(&frame, zstd.WithWindowSize(window))
		require.NoError(t, err)
		_, err = encoder.Write(bytes.Repeat([]byte(" "), 20<<20))
		require.NoError(t, err)
		require.NoError(t, encoder.Close())
		for range 3 { // a decoder that has refused is used again
			got := device.push(frame.Bytes(), map[string]string{"Content-Encoding": "zstd"})
			require.Equal(t, status, got.status, "%s", got.body)
		}
	}
}
