package api_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// takeBack brings the schema of a fresh database to that of an older version.
func takeBack(t *testing.T, dsn string, version int64) {
	t.Helper()
	config, err := pgx.ParseConfig(dbtest.Owner(t, dsn))
	require.NoError(t, err)
	own := stdlib.OpenDB(*config)
	defer own.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, own, os.DirFS("../internal/db/migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(context.Background(), version)
	require.NoError(t, err)
}

// exchange is a receipt that the rules of number 1 refused, as a till sent it.
const exchange = `{"kind":"receipt","id":"1f0a6f2b-4d0e-4b3a-9c77-0f4a8f2b7a9c","modified_at":"2026-05-25T20:04:40+03:00",
	"data":{"number":"1204","type":"sale","occurred_at":"2026-05-25T20:04:31+03:00","closed_at":"2026-05-25T20:04:31+03:00","total":60,
	"lines":[{"id":"6f2b1f0a-4d0e-4b3a-9c77-7a9c0f4a8f2b","product_id":"8f2b7a9c-0f4a-4d0e-8f2b-1d2e3f405b6d","name":"A","quantity":1,"price":100,"total":100},
		{"id":"6f2b1f0a-4d0e-4b3a-9c77-7a9c0f4a8f2c","product_id":"8f2b7a9c-0f4a-4d0e-8f2b-1d2e3f405b6e","name":"B","quantity":-1,"price":40,"total":-40}],
	"payments":[{"payment_type_id":"3f405b6d-0f4a-4d0e-8f2b-8f2b7a9c1d2e","amount":60}]}}`

// What the version before refused becomes a counted sale when the cabinet is upgraded:
// nobody sends it again, and nobody asks for it.
func TestARefusedExchangeIsCountedAfterTheUpgrade(t *testing.T) {
	const organization = "7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"
	w := newWorld(t, func(config *app.Config) {
		takeBack(t, config.DatabaseURL, 18)
		exec := func(statement string, args ...any) { dbtest.Exec(t, config.DatabaseURL, statement, args...) }
		exec(`INSERT INTO organizations (id, name, time_zone, currency, default_delivery_minutes) VALUES ($1, 'Venue', 'Europe/Moscow', 'RUB', 60)`, organization)
		exec(`INSERT INTO feeds (organization_id, epoch) VALUES ($1, gen_random_uuid())`, organization)
		exec(`INSERT INTO devices (organization_id, id, name, first_seen_at, last_seen_at) VALUES ($1, $2, 'Till', now(), now())`, organization, deviceID)
		exec(`INSERT INTO rejections (organization_id, kind, record_id, device_id, code, errors, modified_at, deleted, attempts,
				first_rejected_at, last_rejected_at, sent, size, rules)
			VALUES ($1, 'receipt', '1f0a6f2b-4d0e-4b3a-9c77-0f4a8f2b7a9c', $2, 'too_small',
				'[{"field":"lines[1].quantity","code":"too_small","message":"must not be negative"},
				  {"field":"lines[1].total","code":"too_small","message":"must not be negative"}]',
				'2026-05-25T20:04:40+03:00', false, 1, now(), now(), $3::text, octet_length($3::text) + 188, 1)`, organization, deviceID, exchange)
	})
	owner := w.user("owner")
	w.join(organization, owner, access.Permission("reports:view"), access.Permission("documents:view"), access.Permission("synchronization:view"))
	at := func(path string) object {
		return w.call(request{method: "GET", path: "/api/v1/organizations/" + organization + path, token: owner}).exact(t)
	}
	require.Eventually(t, func() bool {
		return at("/documents/receipt")["total"] == json.Number("1")
	}, time.Minute, 50*time.Millisecond, "the refused exchange is a document now")
	day := at("/reports/sales-by-day?from=2026-05-25&to=2026-05-25")["rows"].([]any)[0].(object)
	require.JSONEq(t, "60", day["net_sales"].(json.Number).String(), "%v", day)
	require.Equal(t, json.Number("1"), day["receipts"])
	require.Empty(t, at("/sync/rejections")["items"])
}
