//go:build linux

package app_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/postgres"
)

const helloBody = `{"device_id":"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11","device_name":"Till"}`

// hello says hello with a sync key, and gives the answer's status and head.
func hello(t *testing.T, url, key string) (int, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/api/v1/sync/hello", strings.NewReader(helloBody))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	return response.StatusCode, response.Header
}

// away holds what the server answers while its database is away.
func away(t *testing.T, server *app.App, key string) {
	t.Helper()
	status, body := get(t, server.URL()+"/readyz")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, "The database does not answer.")
	status, _ = get(t, server.URL()+"/livez")
	require.Equal(t, http.StatusOK, status, "it lives all the same")
	status, header := hello(t, server.URL(), key)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.NotEmpty(t, header.Get("Retry-After"))
	require.Equal(t, http.StatusServiceUnavailable, post(t, server.URL()+"/api/v1/auth/login", anna), "the cabinet's own pages too")
}

// back waits until the server works again: requests, and the jobs behind them.
func back(t *testing.T, server *app.App, key string) {
	t.Helper()
	require.Eventually(t, func() bool {
		status, _ := get(t, server.URL()+"/readyz")
		return status == http.StatusOK
	}, 60*time.Second, 50*time.Millisecond)
	for range 20 { // every connection of the pool
		status, _ := hello(t, server.URL(), key)
		require.Equal(t, http.StatusOK, status)
	}
	boris := map[string]string{"email": "boris@example.com", "password": "correct horse battery", "full_name": "Boris", "locale": "en"}
	require.Equal(t, http.StatusAccepted, post(t, server.URL()+"/api/v1/auth/register", boris))
	require.Eventually(t, func() bool {
		_, letters := get(t, server.URL()+"/dev/mail.json")
		return strings.Contains(letters, "boris@example.com")
	}, 60*time.Second, 100*time.Millisecond, "jobs run again")
}

func TestAnOutageOfTheDatabaseIsSurvived(t *testing.T) {
	options := postgres.Options{DataDir: t.TempDir()}
	cluster, err := postgres.Start(t.Context(), options)
	require.NoError(t, err)
	halt := func() { require.NoError(t, cluster.Stop(context.Background())) }
	t.Cleanup(func() { halt() })
	require.NoError(t, cluster.EnsureDatabase(t.Context(), "cabinet"))
	c := config(t)
	c.DatabaseURL = cluster.DSN("cabinet")
	server := start(t, c)
	key := syncKey(t, server.URL())

	halt()
	away(t, server, key)
	cluster, err = postgres.Start(t.Context(), options)
	require.NoError(t, err)
	back(t, server, key)
}

func TestThePrivatePostgreSQLIsStartedAgainWhenItDies(t *testing.T) {
	c := config(t)
	server := start(t, c)
	key := syncKey(t, server.URL())
	for range 2 {
		pidFile := filepath.Join(c.DataDir, "postgres", "data", "postmaster.pid")
		content, err := os.ReadFile(pidFile)
		require.NoError(t, err)
		first, _, _ := strings.Cut(string(content), "\n")
		pid, err := strconv.Atoi(first)
		require.NoError(t, err)
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
		require.Eventually(t, func() bool {
			status, _ := hello(t, server.URL(), key)
			require.Contains(t, []int{http.StatusOK, http.StatusServiceUnavailable}, status)
			now, _ := os.ReadFile(pidFile)
			return status == http.StatusServiceUnavailable || !strings.HasPrefix(string(now), first+"\n")
		}, time.Minute, time.Millisecond)
		require.Eventually(t, func() bool {
			status, _ := hello(t, server.URL(), key)
			require.Contains(t, []int{http.StatusOK, http.StatusServiceUnavailable}, status)
			return status == http.StatusOK
		}, 60*time.Second, 50*time.Millisecond)
	}
	back(t, server, key)
	select {
	case err := <-server.Failed():
		require.NoError(t, err)
	default:
	}
}
