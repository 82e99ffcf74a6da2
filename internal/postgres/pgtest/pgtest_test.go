//go:build linux

package pgtest_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/postgres/pgtest"
)

func TestClusterIsShared(t *testing.T) {
	first, second := pgtest.Cluster(t), pgtest.Cluster(t)
	if first != second {
		t.Fatal("one binary got two clusters")
	}
	connection, err := pgx.Connect(t.Context(), first.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(t.Context()) }()
	var fsync string
	if err := connection.QueryRow(t.Context(), `SHOW fsync`).Scan(&fsync); err != nil || fsync != "off" {
		t.Fatal(fsync, err)
	}
}
