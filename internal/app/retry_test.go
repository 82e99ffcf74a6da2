package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

func TestAnUpgradedServerTriesAgainWhatOlderRulesHaveRefused(t *testing.T) {
	c := config(t)
	c.DatabaseURL = dbtest.DSN(t)
	before := start(t, c)
	key := syncKey(t, before.URL())
	const bad = `{"device_id":"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11","changes":[
		{"kind":"unit","id":"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40","modified_at":"2026-05-25T20:03:14+03:00","data":{"name":5}}]}`
	require.Equal(t, http.StatusOK, call(t, http.MethodPost, before.URL()+"/api/v1/sync/push", key, bad, &struct{}{}))
	stop(t, before)
	dbtest.Exec(t, c.DatabaseURL, `UPDATE rejections SET rules = 0, sent = replace(sent, '"name":5', '"name":"kg"')`) // as if names had not had to be texts

	after := start(t, c)
	require.Eventually(t, func() bool {
		var page struct {
			Changes []struct{ Data map[string]string }
		}
		require.Equal(t, http.StatusOK, call(t, http.MethodGet, after.URL()+"/api/v1/sync/changes", key, "", &page))
		return len(page.Changes) == 1 && page.Changes[0].Data["name"] == "kg"
	}, 30*time.Second, 100*time.Millisecond)
}
