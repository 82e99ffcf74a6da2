package cli_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/cli"
	"github.com/interpos/cabinet/internal/demo/venue"
)

// run executes a command line and gives its exit code and what it printed.
func run(t *testing.T, in string, args ...string) (code int, out, errors string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = cli.Run(context.Background(), args, cli.Console{In: strings.NewReader(in), Out: &stdout, Err: &stderr, Prompts: in != ""})
	return code, stdout.String(), stderr.String()
}

func TestExitCodesSayWhatHappened(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"help":             {[]string{"--help"}, 0, ""},
		"version":          {[]string{"version"}, 0, ""},
		"no command":       {nil, 2, "expected one of"},
		"unknown flag":     {[]string{"sync", "--fast"}, 2, "unknown flag --fast"},
		"no configuration": {[]string{"sync", "--config", filepath.Join(dir, "none.yaml")}, 1, "make it with `agent init`"},
		"nobody answers":   {[]string{"init", "--url", "http://127.0.0.1:1", "--key", "k", "--config", filepath.Join(dir, "a.yaml")}, 75, "no answer from the cabinet"},
		"no address":       {[]string{"init", "--url", "cabinet", "--key", "k", "--config", filepath.Join(dir, "a.yaml")}, 1, "must be like https://"},
		"nobody to ask":    {[]string{"init", "--key", "k", "--config", filepath.Join(dir, "a.yaml")}, 1, "--url must be given"},
		"no mapping":       {[]string{"check-mapping", "--mapping", filepath.Join(dir, "none.yaml")}, 1, "read the mapping"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, said := run(t, "", c.args...)
			require.Equal(t, c.code, code, said)
			require.Contains(t, said, c.says)
		})
	}
	require.NoFileExists(t, filepath.Join(dir, "a.yaml"))
}

func TestInitAsksForWhatIsNotGiven(t *testing.T) {
	cabinet := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "Bearer isk_typed", r.Header.Get("Authorization"))
		_, _ = io.WriteString(w, map[string]string{
			"POST /api/v1/sync/hello":   `{"organization":{"name":"Кофейня","time_zone":"Asia/Omsk","currency":"RUB"}}`,
			"GET /api/v1/sync/sources":  `{"items":[]}`,
			"POST /api/v1/sync/sources": `{"id":"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10","name":"Ленина, 5"}`,
		}[r.Method+" "+r.URL.Path])
	}))
	defer cabinet.Close()
	config := filepath.Join(t.TempDir(), "agent.yaml")
	code, out, said := run(t, cabinet.URL+"\n isk_typed \n Ленина, 5\n", "init", "--config", config, "--device-name", "Касса 1")
	require.Zero(t, code, said)
	require.Contains(t, out, "«Кофейня» (Asia/Omsk, RUB)")
	text, err := os.ReadFile(config)
	require.NoError(t, err)
	require.Contains(t, string(text), "key: isk_typed\n")
	require.Contains(t, string(text), "device_name: Касса 1\n")
	require.Contains(t, string(text), "source_id: 7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10\n")
	require.Contains(t, string(text), "source_name: Ленина, 5\n")

	t.Setenv("INTERPOS_SYNC_KEY", "\ufeffisk_typed\r\n") // as it comes from a file
	code, _, said = run(t, "", "init", "--config", config, "--source", "Ленина, 5\r\n")
	require.Zero(t, code, said)
	require.NoError(t, os.Unsetenv("INTERPOS_SYNC_KEY"))
	code, _, said = run(t, "", "init", "--config", config, "--source", "Ленина, 5")
	require.Zero(t, code, "address and key are those of the configuration: %s", said)
	again, err := os.ReadFile(config)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))

	code, _, said = run(t, "", "sync", "--config", config)
	require.Equal(t, 1, code)
	require.Contains(t, said, "names no mapping")
	code, out, _ = run(t, "", "status", "--config", config)
	require.Zero(t, code)
	require.Contains(t, out, "failed: ")
}

func TestCheckOfADemoSourceFindsItInOrder(t *testing.T) {
	db := filepath.Join(t.TempDir(), "pos.db")
	made, err := venue.Make(t.Context(), venue.Options{
		Path: db, Seed: 20200525, Days: 2, Outlets: 1, Now: time.Date(2026, 5, 25, 20, 0, 0, 0, time.FixedZone("", 3*60*60)),
	})
	require.NoError(t, err)
	mapping := made.Mapping
	code, out, said := run(t, "", "check-mapping", "--mapping", mapping, "--show", "1")
	require.Zero(t, code, said)
	require.Contains(t, out, `"name":"Штука"`)
	require.Contains(t, out, "WARNING receipt: the cabinet takes this record and counts it, with a remark", "a venue as they are")
	require.Contains(t, out, "The mapping works.")

	text, err := os.ReadFile(mapping)
	require.NoError(t, err)
	broken := strings.Replace(string(text), "total: total\n      fiscal_number", "total: kind\n      slip_of_the_pen: no\n      fiscal_number", 1)
	require.NoError(t, os.WriteFile(mapping, []byte(broken), 0o600))
	code, out, said = run(t, "", "check-mapping", "--mapping", mapping, "--show", "0", "--most", "2")
	require.Equal(t, 1, code)
	require.Contains(t, said, "the mapping has problems: ")
	require.Equal(t, 2, strings.Count(out, "PROBLEM key"))
	require.Contains(t, out, "total must be ")
	require.Contains(t, out, "more records with problems")
	require.Contains(t, out, "WARNING receipt.slip_of_the_pen: the field is unknown to the cabinet")
}
