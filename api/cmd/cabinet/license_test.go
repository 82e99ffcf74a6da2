package main

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

func TestSupportGrantsRevokesAndListsLicenses(t *testing.T) {
	dsn := dbtest.DSN(t)
	database := dbtest.Open(t, dsn, 2)
	organization := dbtest.Organization(t, database).String()
	environ := []string{"DATABASE_URL=" + dsn, "DATA_DIR=" + t.TempDir()}
	const whose = "--organization"

	code, out, errs := execute(t, environ, "license", "grant", whose, organization, "--module", "delivery", "--until", "2126-08-31")
	require.Zero(t, code, errs)
	require.Equal(t, organization+" has the module delivery until 2126-08-31T21:00:00Z.\n", out)
	require.Contains(t, errs, "license granted")
	require.Contains(t, errs, organization)
	require.Contains(t, errs, `before="never renewed"`)
	_, out, _ = execute(t, environ, "license", "list")
	require.Regexp(t, organization+`\s+delivery\s+active\s+2126-08-31T21:00:00Z\s+Test\n`, out)

	code, out, errs = execute(t, environ, "license", "revoke", whose, organization, "--module", "delivery")
	require.Zero(t, code, errs)
	require.Contains(t, out, "no longer. Tokens that were given out work for up to 7 days.")
	require.Contains(t, errs, "license revoked")
	_, out, _ = execute(t, environ, "license", "list", whose, organization)
	require.Regexp(t, `delivery\s+expired`, out)

	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"license", "revoke", whose, organization, "--module", "delivery"}, 1, "This license is not active."},
		{[]string{"license", "grant", whose, uuid.NewString(), "--module", "delivery", "--until", "2126-08-31"}, 1, "There is no such organization."},
		{[]string{"license", "grant", whose, organization, "--module", "delivery", "--until", "2020-08-31"}, 1, "until must not be over"},
		{[]string{"license", "grant", whose, organization, "--module", "delivery", "--until", "tomorrow"}, 2, "--help"},
		{[]string{"license", "grant", whose, organization, "--module", "rockets", "--until", "2126-08-31"}, 2, "--help"},
	} {
		code, _, errs := execute(t, environ, test.args...)
		require.Equal(t, test.code, code, "%v: %s", test.args, errs)
		require.Contains(t, errs, test.says)
	}

	code, out, errs = execute(t, environ, "rotate-license-key")
	require.Zero(t, code, errs)
	require.Contains(t, out, "License tokens are signed with the new key ")
	require.Contains(t, errs, "license key rotated")
}
