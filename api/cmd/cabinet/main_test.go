package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/projection/feedtest"
)

// execute runs a command to its end.
func execute(t *testing.T, environ []string, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, console{&stdout, &stderr, environ})
	return code, stdout.String(), stderr.String()
}

func TestServeSaysWhereItIsReadyAndEndsWithItsContext(t *testing.T) {
	dsn := dbtest.DSN(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	read, write := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"serve"}, console{write, io.Discard, []string{
			"ADDR=127.0.0.1:0", "DATA_DIR=" + t.TempDir(), "DATABASE_URL=" + dsn, "DEV_INBOX=on", "OPS_ADDR=127.0.0.1:0",
		}})
		_ = write.Close()
	}()
	line, err := bufio.NewReader(read).ReadString('\n')
	require.NoError(t, err)
	url, found := strings.CutPrefix(strings.TrimSpace(line), "Interpos Cabinet is ready at ")
	require.True(t, found, line)
	response, err := http.Get(url + "/livez") //nolint:noctx // a test
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	cancel()
	require.Zero(t, <-ended)
}

func TestWrongArgumentsAndSettingsAreSaid(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	for _, test := range []struct {
		args    []string
		environ []string
		code    int
		says    string
	}{
		{[]string{"sell"}, nil, 2, "--help"},
		{[]string{"staff", "organization-limit", "anna@example.com", "many"}, nil, 2, "--help"},
		{[]string{"serve"}, []string{"PUBLIC_URL=nowhere"}, 1, "PUBLIC_URL"},
		{[]string{"serve"}, nil, 1, "SMTP_URL is not set"},
		{[]string{"serve"}, []string{"DEV_INBOX=on", "ADDR=" + listener.Addr().String()}, 1, "is taken by another program: set ADDR"},
		{[]string{"serve"}, []string{"DEV_INBOX=on", "ADDR=127.0.0.1:0", "DATABASE_URL=postgres://nobody@127.0.0.1:none/x"}, 1, "read DATABASE_URL"},
	} {
		code, out, errs := execute(t, append(test.environ, "DATA_DIR="+t.TempDir()), test.args...)
		require.Equal(t, test.code, code, "%v: %s", test.args, errs)
		require.Contains(t, errs, test.says)
		require.Empty(t, out)
	}
}

func TestHelpAndVersionArePrinted(t *testing.T) {
	code, out, _ := execute(t, nil, "--help")
	require.Zero(t, code)
	for _, command := range []string{"serve", "demo", "migrate", "rebuild-projections", "verify-history", "staff add", "staff remove", "staff organization-limit", "license grant", "license revoke", "license list", "rotate-license-key", "rotate-secret", "healthcheck", "version"} {
		require.Contains(t, out, command)
	}
	code, out, _ = execute(t, nil, "version")
	require.Zero(t, code)
	require.True(t, strings.HasPrefix(out, "Interpos Cabinet "), out)
}

func TestTheMachinesMemoryBoundsTheServer(t *testing.T) {
	t.Cleanup(func() { debug.SetMemoryLimit(math.MaxInt64) })
	boundMemory(slog.New(slog.DiscardHandler))
	require.Less(t, debug.SetMemoryLimit(-1), int64(math.MaxInt64))
}

func TestSupportIsToldOfAnUnknownAddress(t *testing.T) {
	environ := []string{"DATABASE_URL=" + dbtest.DSN(t), "DATA_DIR=" + t.TempDir()}
	code, out, errs := execute(t, environ, "migrate")
	require.Zero(t, code, errs)
	require.Equal(t, "The database is up to date.\n", out)
	code, _, errs = execute(t, environ, "staff", "organization-limit", "nobody@example.com", "3")
	require.Equal(t, 1, code)
	require.Equal(t, "cabinet: No account has this e-mail address.\n", errs)
	code, _, errs = execute(t, environ, "staff", "add", "nobody@example.com")
	require.Equal(t, 1, code)
	require.Equal(t, "cabinet: No account has this e-mail address.\n", errs)
	code, _, errs = execute(t, environ, "staff", "organization-limit", "nobody", "3")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "email must be an e-mail address")
}

func TestAnAlteredHistoryFailsItsVerification(t *testing.T) {
	dsn := dbtest.DSN(t)
	database := dbtest.Open(t, dsn, 2)
	venue := feedtest.In(t, database)
	id := uuid.New()
	venue.Push(feedtest.Change{Kind: "unit", ID: id, Data: map[string]any{"name": "kg"}})
	venue.Push(feedtest.Change{Kind: "unit", ID: id, Data: map[string]any{"name": "kilo"}})

	environ := []string{"DATABASE_URL=" + dsn, "DATA_DIR=" + t.TempDir()}
	code, out, errs := execute(t, environ, "verify-history")
	require.Zero(t, code, errs)
	require.Equal(t, "Records verified: 1, with 1 earlier versions.\n", out)

	dbtest.Exec(t, dsn, `UPDATE record_history SET received_at = received_at + interval '1 hour'`)
	code, out, errs = execute(t, environ, "verify-history", "--organization", venue.Organization.String())
	require.Equal(t, 1, code)
	require.Contains(t, out, venue.Organization.String()+": unit "+id.String()+", version 1: altered: it does not fit the chain of hashes\n")
	require.Equal(t, "cabinet: the history is not as it was written (findings: 1)\n", errs)
	code, _, errs = execute(t, environ, "verify-history", "--organization", uuid.NewString())
	require.Equal(t, 1, code)
	require.Contains(t, errs, "There is no such organization.")
}
