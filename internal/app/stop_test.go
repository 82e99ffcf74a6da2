package app_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

// call sends a request with a bearer token and reads the answer.
func call(t *testing.T, method, url, token, body string, into any) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	require.NoError(t, json.NewDecoder(response.Body).Decode(into))
	return response.StatusCode
}

// syncKey registers Anna, makes an organization and gives its sync key.
func syncKey(t *testing.T, url string) string {
	t.Helper()
	require.Equal(t, http.StatusAccepted, post(t, url+"/api/v1/auth/register", anna))
	_, token, _ := strings.Cut(letterLink(t, url), "#token=")
	confirmation, err := json.Marshal(map[string]string{"token": token, "password": anna["password"]})
	require.NoError(t, err)
	var session struct {
		AccessToken string `json:"access_token"`
	}
	require.Equal(t, http.StatusOK, call(t, http.MethodPost, url+"/api/v1/auth/verify-email", "", string(confirmation), &session))
	var created struct {
		SyncKey string `json:"sync_key"`
	}
	require.Equal(t, http.StatusCreated, call(t, http.MethodPost, url+"/api/v1/organizations", session.AccessToken,
		`{"name":"Venue","time_zone":"Europe/Moscow","currency":"RUB","default_delivery_minutes":60}`, &created))
	return created.SyncKey
}

func TestAStopAnswersThePullsThatWait(t *testing.T) {
	c := config(t)
	c.DatabaseURL = dbtest.DSN(t)
	server := start(t, c)
	key := syncKey(t, server.URL())
	type answer struct {
		status int
		cursor string
	}
	answered := make(chan answer, 1)
	go func() {
		defer close(answered) // also where the call fails the test
		var page struct{ Cursor string }
		status := call(t, http.MethodGet, server.URL()+"/api/v1/sync/changes?wait=30", key, "", &page)
		answered <- answer{status, page.Cursor}
	}()
	conn, err := pgx.Connect(t.Context(), c.DatabaseURL)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	require.Eventually(t, func() bool { // it has been let in, as the first request with the key
		var requests int
		err := conn.QueryRow(t.Context(), `SELECT coalesce(sum(requests), 0)::int FROM sync_usage`).Scan(&requests)
		return err == nil && requests > 0
	}, time.Minute, 50*time.Millisecond)
	began := time.Now()
	stop(t, server)
	require.Less(t, time.Since(began), 20*time.Second, "it does not wait for what the pull waits for, which takes thirty")
	got := <-answered
	require.Equal(t, http.StatusOK, got.status)
	require.NotEmpty(t, got.cursor, "it may go on from there")
}
