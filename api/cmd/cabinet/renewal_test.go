package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

func TestSupportListsConfirmsAndDeclinesRenewals(t *testing.T) {
	dsn := dbtest.DSN(t)
	organization := dbtest.Organization(t, dbtest.Open(t, dsn, 2)).String()
	environ := []string{"DATABASE_URL=" + dsn, "DATA_DIR=" + t.TempDir()}
	dbtest.Exec(t, dsn, `INSERT INTO licenses (organization_id, id, module) VALUES ($1, $1, 'delivery')`, organization)
	for number := 1; number <= 3; number++ { // one is pending at a time
		dbtest.Exec(t, dsn, `INSERT INTO renewals (organization_id, id, license_id, number, months, price, currency, status, requested_by, requested_at, decided_at)
			VALUES ($1, gen_random_uuid(), $1, $2, 3, 4200.5, 'RUB', 'withdrawn', $1, '2126-05-25T12:00:00Z', now())`, organization, number)
	}
	pending := func(number string) {
		dbtest.Exec(t, dsn, `UPDATE renewals SET status = 'pending', decided_at = NULL WHERE number = $1::bigint`, number)
	}

	pending("1")
	code, out, errs := execute(t, environ, "renewal", "list")
	require.Zero(t, code, errs)
	require.Regexp(t, `^NUMBER .*\n1 +pending +3 +4200.5 RUB +2126-05-25T12:00:00Z +`+organization+`\n$`, out)
	for range 2 {
		code, out, errs = execute(t, environ, "renewal", "confirm", "1")
		require.Zero(t, code, errs)
		require.Regexp(t, `Renewal 1 of `+organization+` is confirmed: the license is valid until \d{4}-`, out)
		require.Contains(t, errs, "renewal confirmed")
	}
	_, licenses, _ := execute(t, environ, "license", "list")
	require.Regexp(t, `delivery\s+active`, licenses)

	pending("2")
	code, out, errs = execute(t, environ, "renewal", "decline", "2")
	require.Zero(t, code, errs)
	require.Equal(t, "Renewal 2 of "+organization+" is declined.\n", out)
	_, out, _ = execute(t, environ, "renewal", "list", "--status", "all")
	require.Regexp(t, `1 +confirmed[^\n]*\n2 +declined[^\n]*\n3 +withdrawn`, out)

	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"renewal", "confirm", "2"}, 1, "This renewal was declined before."},
		{[]string{"renewal", "decline", "1"}, 1, "This renewal was confirmed before."},
		{[]string{"renewal", "confirm", "99"}, 1, "There is no such renewal."},
		{[]string{"renewal", "confirm", "one"}, 2, "--help"},
		{[]string{"renewal", "list", "--status", "paid"}, 2, "--help"},
	} {
		code, _, errs := execute(t, environ, test.args...)
		require.Equal(t, test.code, code, "%v: %s", test.args, errs)
		require.Contains(t, errs, test.says)
	}
}

func TestAWrongPriceListKeepsTheServerFromStarting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prices.yaml")
	require.NoError(t, os.WriteFile(path, []byte("prices: {delivery: {RUB: {2: 10}}}"), 0o600))
	code, _, errs := execute(t, []string{"PRICE_LIST=" + path, "DATA_DIR=" + t.TempDir()}, "renewal", "list")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "PRICE_LIST: "+path+": prices.delivery.RUB.2: a period is 1, 3, 6 or 12 months")
}
