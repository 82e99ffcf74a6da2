//go:build linux

package agent_test

import (
	"bufio"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
)

// peak is a progress that measures, now and then, what is in use on the heap once all
// garbage is collected.
type peak struct {
	notes
	calls int
	bytes uint64
}

func (p *peak) Advance(int, int) {
	if p.calls++; p.calls%5 > 0 {
		return
	}
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	p.bytes = max(p.bytes, now.HeapAlloc)
}

// forgetful is a cabinet that takes everything and keeps nothing.
func forgetful(t *testing.T) *httptest.Server {
	t.Helper()
	organization := uuid.New()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/sync/hello", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"server_time":%q,"organization":{"id":%q,"name":"Булочная","time_zone":"Europe/Moscow","currency":"RUB"},"kinds":["unit"],
			"limits":{"max_changes":1000,"max_bytes":16000000},"feed":{"epoch":"1","head":0,"cursor":"c","continues":true}}`,
			time.Now().Format(time.RFC3339Nano), organization)
	})
	mux.HandleFunc("POST /api/v1/sync/push", func(w http.ResponseWriter, r *http.Request) {
		body, err := zstd.NewReader(r.Body, zstd.WithDecoderConcurrency(1))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		defer body.Close()
		changes := 0
		for lines := bufio.NewScanner(body); lines.Scan(); {
			changes++
		}
		const result = `{"status":"applied","version":1}`
		_, _ = fmt.Fprintf(w, `{"results":[%s%s],"head":1,"cursor":"c"}`, result, strings.Repeat(","+result, changes-1))
	})
	mux.HandleFunc("GET /api/v1/sync/digest", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, `{"buckets":[]}`) })
	source := fmt.Sprintf(`{"id":%q,"name":"till","evidence":"","created_at":"2026-05-25T17:00:00Z","devices":[]}`, organization)
	sources := atomic.Value{}
	sources.Store("")
	mux.HandleFunc("GET /api/v1/sync/sources", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintf(w, `{"items":[%s]}`, sources.Load()) })
	mux.HandleFunc("POST /api/v1/sync/sources", func(w http.ResponseWriter, _ *http.Request) {
		sources.Store(source)
		_, _ = fmt.Fprint(w, source)
	})
	mux.HandleFunc("PUT /api/v1/sync/sources/{id}", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, source) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// heapOf gives the most that a first synchronization, the search for what has vanished, a repair and
// a comparison of so many rows have in use.
func heapOf(t *testing.T, rows int) uint64 {
	t.Helper()
	dir := t.TempDir()
	db, err := sql.Open("sqlite", filepath.Join(dir, "pos.db"))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	_, err = db.Exec("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO t SELECT i, 'unit ' || i FROM n", rows)
	require.NoError(t, err)
	mapping := filepath.Join(dir, "pos.yaml")
	require.NoError(t, os.WriteFile(mapping, []byte("source: {driver: sqlite, dsn: pos.db}\nkinds: {unit: {query: SELECT * FROM t, key: id, fields: {name: name}}}\n"), 0o600))
	file := filepath.Join(dir, "agent.yaml")
	_, err = agent.Init(ctx, file, agent.Config{URL: forgetful(t).URL, Key: "k", Mapping: mapping}, nobody{})
	require.NoError(t, err)
	config, err := agent.LoadConfig(file)
	require.NoError(t, err)

	progress := &peak{}
	options := agent.Options{Progress: progress, AllowDeletions: true}
	summary, err := agent.Sync(ctx, config, options)
	require.NoError(t, err)
	require.Equal(t, rows, summary.Total().Applied)
	_, err = db.Exec("DELETE FROM t WHERE id % 2 = 0")
	require.NoError(t, err)
	summary, err = agent.Sync(ctx, config, options)
	require.NoError(t, err)
	require.Equal(t, rows/2, summary.Total().Deleted)
	found, err := agent.Verify(ctx, config, options)
	require.NoError(t, err)
	require.Equal(t, rows, found.Kinds[0].Missing, "the deletions too")
	repaired, err := agent.Repair(ctx, config, options)
	require.NoError(t, err)
	require.Equal(t, rows, repaired.Repair.Total().Applied)
	return progress.bytes
}

// An agent's memory is that of a batch, however large the source is: 40,000 keys alone, with
// their ids, would be some ten megabytes.
func TestMemoryDoesNotGrowWithTheSource(t *testing.T) {
	few, many := heapOf(t, 10_000), heapOf(t, 50_000)
	t.Logf("10,000 rows: %d KiB, 50,000 rows: %d KiB", few>>10, many>>10)
	require.Less(t, many, few+4<<20)
}
