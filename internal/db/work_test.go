//go:build linux

package db_test

import (
	"testing"
	"time"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
)

func TestAStatementIsBrokenOffAfterTheTimeOfItsClass(t *testing.T) {
	database := dbtest.New(t)
	organization := dbtest.Organization(t, database)
	sleep := func(tx db.Tx) error {
		_, err := tx.Exec(t.Context(), "SELECT pg_sleep(30)")
		return err
	}
	short := db.For(t.Context(), db.Work(50*time.Millisecond))
	for name, run := range map[string]func() error{
		"a snapshot":           func() error { return database.Snapshot(short, organization, sleep) },
		"an organization's":    func() error { return database.ForOrganization(short, organization, sleep) },
		"a class that is said": func() error { return database.Snapshot(db.For(short, db.Listing), organization, sleep) },
	} {
		if err := run(); !fault.Is(err, fault.TookTooLong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for want, work := range map[string]db.Work{"20s": db.Listing, "1min": db.Reporting, "4min": db.Exporting} {
		var got string
		err := database.Snapshot(db.For(t.Context(), work), organization, func(tx db.Tx) error {
			return tx.QueryRow(t.Context(), "SHOW statement_timeout").Scan(&got)
		})
		if err != nil || got != want {
			t.Errorf("%s, want %s (%v)", got, want, err)
		}
	}
}
