//go:build linux

package dbtest

import (
	"net/url"
	"os"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
)

// plainOwner owns the databases that DSN makes where TEST_OWNER=plain asks for it: a role
// without CREATEROLE, and no superuser.
const plainOwner = "test_owner"

func ownerIsPlain() bool { return os.Getenv("TEST_OWNER") == "plain" }

// Owner is the address of a database that DSN has made for the owner of its tables. DSN
// itself is a superuser's, so that tests get past row-level security.
func Owner(tb testing.TB, dsn string) string {
	tb.Helper()
	if !ownerIsPlain() {
		return dsn
	}
	return addressFor(tb, dsn, plainOwner, "test")
}

// Server is the address of a database that DSN has made, for the server's own login.
func Server(tb testing.TB, dsn string) string {
	tb.Helper()
	return addressFor(tb, dsn, Login.Role, Login.Password)
}

func addressFor(tb testing.TB, dsn, role, password string) string {
	tb.Helper()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		tb.Fatalf("read the DSN: %v", err)
	}
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, password), Path: "/" + config.Database,
		RawQuery: url.Values{"host": {config.Host}, "port": {strconv.Itoa(int(config.Port))}}.Encode(),
	}
	return address.String()
}

// makePlainRoles makes the roles, as docs/operating.md does for two addresses.
func makePlainRoles(admin string) error {
	for _, role := range []string{plainOwner, Login.Role} {
		if err := runStatement(admin, "CREATE ROLE "+role+" LOGIN PASSWORD 'test'"); err != nil {
			return err
		}
	}
	return nil
}
