package api_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// freshnessOf is what an answer says of its own freshness.
func (v *venue) freshnessOf(path string) object {
	v.Helper()
	return v.get(path).json(v)["freshness"].(object)
}

// Much has come at once, and somebody else holds the projections: nobody is made to wait.
func TestWhatIsNotYetProjectedIsAnsweredWithTheMarkOfIt(t *testing.T) {
	v := newVenue(t)
	paths := []string{
		"/dashboard", "/directories", "/directories/product", "/documents", "/documents/receipt",
		"/reports/sales-by-day?from=2026-05-01&to=2026-05-31", "/reports/sales-by-hour", "/reports/sales-by-product", "/reports/payments-by-type", "/documents/receipt/" + receiptID, "/sync/remarks",
	}
	for _, path := range paths {
		fresh := v.freshnessOf(path)
		require.Equal(t, true, fresh["complete"], path)
		require.EqualValues(t, 0, fresh["pending"], path)
	}
	asOf := v.freshnessOf("/dashboard")["as_of"].(string)
	at, err := time.Parse(time.RFC3339, asOf)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), at, time.Hour)

	owner, err := pgx.Connect(t.Context(), v.dsn)
	require.NoError(t, err)
	defer owner.Close(t.Context())
	held, err := owner.Begin(t.Context())
	require.NoError(t, err)
	_, err = held.Exec(t.Context(), `SELECT FROM projection_cursors FOR UPDATE`)
	require.NoError(t, err)
	const pushes, each = 5, 500
	for push := range pushes {
		changes := make([]object, each)
		for i := range changes {
			changes[i] = change("unit", uuid.NewString(), object{"name": fmt.Sprintf("unit %d", each*push+i)})
		}
		got := v.call(request{method: "POST", path: "/api/v1/sync/push", token: v.key, body: object{"device_id": deviceID, "changes": changes}})
		require.Equal(t, "applied", got.json(t)["results"].([]any)[each-1].(object)["status"])
	}
	for _, path := range paths {
		require.Equal(t, object{"complete": false, "as_of": asOf, "pending": float64(pushes * each), "rebuilding": false}, v.freshnessOf(path), path)
	}
	const note = "Figures up to .*, 2,500 records to come"
	for _, path := range []string{"/directories/product?format=xlsx&lang=en", "/documents/receipt?format=xlsx&lang=en", "/reports/sales-by-day?format=xlsx&lang=en"} {
		got := v.get(path)
		require.Regexp(t, `_incomplete\.xlsx"$`, got.header.Get("Content-Disposition"))
		require.JSONEq(t, fmt.Sprintf(`{"complete":false,"as_of":%q,"pending":2500,"rebuilding":false}`, asOf), got.header.Get("Freshness"))
		rows := sheetOf(t, got.body)
		require.Regexp(t, note, rows[len(rows)-1][0])
	}
	got := v.get("/documents/receipt?format=csv&lang=en")
	require.Contains(t, got.header.Get("Content-Disposition"), "receipt_incomplete.csv")
	require.NotRegexp(t, note, string(got.body), "programs read every row alike")
	require.NoError(t, held.Rollback(t.Context()))
	require.Eventually(t, func() bool { return v.freshnessOf("/dashboard")["complete"] == true }, time.Minute, 20*time.Millisecond)
	require.EqualValues(t, pushes*each, v.get("/directories/unit").json(t)["total"])
	got = v.get("/documents/receipt?format=xlsx&lang=en")
	require.Contains(t, got.header.Get("Content-Disposition"), `"receipt.xlsx"`)
	rows := sheetOf(t, got.body)
	require.NotRegexp(t, "to come", rows[len(rows)-1][0])

	// An update has raised the shape of the rows: until they are made anew no answer is complete.
	_, err = owner.Exec(t.Context(), `UPDATE projection_cursors SET shape = shape - 1`)
	require.NoError(t, err)
	held, err = owner.Begin(t.Context())
	require.NoError(t, err)
	_, err = held.Exec(t.Context(), `LOCK TABLE projection_cursors IN EXCLUSIVE MODE`) // no worker begins
	require.NoError(t, err)
	for _, path := range paths {
		fresh := v.freshnessOf(path)
		require.Equal(t, false, fresh["complete"], path)
		require.Equal(t, true, fresh["rebuilding"], path)
		require.Greater(t, fresh["pending"], float64(pushes*each), path)
	}
	got = v.get("/documents/receipt?format=xlsx&lang=en")
	require.Contains(t, got.header.Get("Content-Disposition"), "receipt_incomplete.xlsx")
	rows = sheetOf(t, got.body)
	require.Regexp(t, "^Figures are being recalculated after an update", rows[len(rows)-1][0])
	require.NoError(t, held.Rollback(t.Context()))
}

func sheetOf(t *testing.T, workbook []byte) [][]string {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(workbook))
	require.NoError(t, err)
	defer file.Close()
	rows, err := file.GetRows(file.GetSheetName(0))
	require.NoError(t, err)
	return rows
}
