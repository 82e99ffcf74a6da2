//go:build linux

package browse_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/projection/feedtest"
)

// A new venue sends its history and somebody exports it, before autovacuum has been there.
// With plans that read all records for each, this takes hours, not seconds.
func TestABulkIsExportedBeforeAutovacuum(t *testing.T) {
	dsn := dbtest.DSN(t)
	for _, table := range []string{"records", "directory_entries", "documents"} {
		dbtest.Exec(t, dsn, "ALTER TABLE "+table+" SET (autovacuum_enabled = false)")
	}
	v := feedtest.In(t, dbtest.Open(t, dsn, 8))
	const records = 100_000
	changes := make([]feedtest.Change, records)
	for i := range changes {
		changes[i] = entry("customer", fmt.Sprintf("Клиент %d", i), nil)
	}
	began := time.Now()
	v.Push(changes...)
	if err := v.Projector.CatchUp(t.Context(), v.Organization); err != nil {
		t.Fatal(err)
	}
	pushed := time.Since(began)
	// An export is a part of a push's work, whatever the machine.
	soon, cancel := context.WithTimeout(t.Context(), pushed)
	defer cancel()
	began = time.Now()
	rows, read := 0, browse.New(v.Projector)
	_, err := read.EachEntry(soon, v.Organization, "customer", browse.EntryQuery{},
		func(browse.Entry, *time.Location, map[uuid.UUID]browse.Name) error { rows++; return nil })
	if err != nil || rows != records {
		t.Fatal(rows, err)
	}
	exported := time.Since(began)
	began = time.Now()
	page, err := read.Entries(soon, v.Organization, "customer", browse.EntryQuery{Search: "клиент 9999", Limit: 20})
	if err != nil || page.Total != 19 {
		t.Fatal(page.Total, err)
	}
	t.Logf("pushed in %s, exported in %s, searched in %s", pushed, exported, time.Since(began))
}
