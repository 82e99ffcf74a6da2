package api_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
)

// withPrices gives the operator a price list.
func withPrices(t *testing.T) func(*app.Config) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "prices.yaml")
	require.NoError(t, os.WriteFile(path, []byte("prices: {delivery: {RUB: {1: 1500.50, 3: 4200}}}"), 0o600))
	return func(c *app.Config) {
		c.PriceList, c.SupportEmail, c.SupportPhone = path, "help@operator.example", "+7 727 000-00-00"
	}
}

// license gives the organization's only license, and whom the list says to ask.
func (w *world) license(organization, token string) (license, support object) {
	w.Helper()
	got := w.call(request{method: "GET", path: "/api/v1/organizations/" + organization + "/licenses", token: token})
	require.Equal(w, http.StatusOK, got.status, "%s", got.body)
	items := got.json(w)["items"].([]any)
	require.Len(w, items, 1)
	return items[0].(object), got.json(w)["support"].(object)
}

func TestALicenseIsRenewedFromTheRequestToTheLastDay(t *testing.T) {
	w := newWorld(t, withPrices(t))
	token := w.user("owner")
	organization, _ := w.organization(token)
	license, support := w.license(organization, token)
	require.Equal(t, object{"email": "help@operator.example", "phone": "+7 727 000-00-00"}, support)
	require.Equal(t, "inactive", license["status"])
	require.Nil(t, license["last_day"])
	require.Equal(t, true, license["trial_available"])
	require.Equal(t, []any{
		object{"months": 1.0, "price": 1500.5, "currency": "RUB"}, object{"months": 3.0, "price": 4200.0, "currency": "RUB"},
	}, license["offers"])

	renewals := "/api/v1/organizations/" + organization + "/licenses/" + license["id"].(string) + "/renewals"
	asked := request{method: "POST", path: renewals, token: token, body: object{"months": 3}, header: map[string]string{"Idempotency-Key": uuid.NewString()}}
	made := w.call(asked)
	require.Equal(t, http.StatusCreated, made.status, "%s", made.body)
	again := w.call(asked)
	require.Equal(t, made.body, again.body)
	require.Equal(t, "true", again.header.Get("Idempotency-Replayed"))
	require.Equal(t, 1.0, made.json(t)["number"])
	require.Equal(t, 4200.0, made.json(t)["price"])

	another := w.call(request{method: "POST", path: renewals, token: token, body: object{"months": 1}})
	require.Equal(t, "conflict", another.code(t), "one is pending")
	_, err := app.ConfirmRenewal(t.Context(), app.Config{DatabaseURL: w.dsn, DataDir: t.TempDir(), DevInbox: "on"}, w.kept.logger(), 1)
	require.NoError(t, err)
	got := w.call(request{method: "GET", path: made.header.Get("Location"), token: token})
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, "confirmed", got.json(t)["status"])
	license, _ = w.license(organization, token)
	require.Equal(t, "active", license["status"])
	require.Equal(t, got.json(t)["valid_until"], license["valid_until"])
	require.Greater(t, license["days_left"], 89.0)
	trial := w.call(request{method: "POST", path: "/api/v1/organizations/" + organization + "/licenses/" + license["id"].(string) + "/trial", token: token})
	require.Equal(t, "conflict", trial.code(t))
}

func TestWithoutAPriceListOneIsToldWhomToAsk(t *testing.T) {
	w := newWorld(t, func(c *app.Config) { c.SupportEmail = "help@operator.example" })
	token := w.user("owner")
	organization, _ := w.organization(token)
	license, support := w.license(organization, token)
	require.Empty(t, license["offers"])
	require.Equal(t, object{"email": "help@operator.example", "phone": ""}, support)
	got := w.call(request{method: "POST", path: "/api/v1/organizations/" + organization + "/licenses/" + license["id"].(string) + "/renewals", token: token, body: object{"months": 1}})
	require.Equal(t, "conflict", got.code(t))

	path := "/api/v1/organizations/" + organization + "/licenses/" + license["id"].(string) + "/trial"
	require.Equal(t, http.StatusNoContent, w.call(request{method: "POST", path: path, token: token}).status, "a trial costs nothing")
	require.Equal(t, "conflict", w.call(request{method: "POST", path: path, token: token}).code(t))
	license, _ = w.license(organization, token)
	require.Equal(t, 15.0, license["days_left"], "today and fourteen days")
	require.Equal(t, false, license["trial_available"])
}
