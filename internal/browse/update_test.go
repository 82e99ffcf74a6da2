//go:build linux

package browse_test

import (
	"testing"
	"time"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection/feedtest"
	"github.com/interpos/cabinet/internal/sync"
)

func updatesOfUnits(t *testing.T, v *feedtest.Venue, after string) (browse.Updates[browse.Entry], error) {
	t.Helper()
	return browse.New(v.Projector).EntryUpdates(t.Context(), v.Organization, "unit", time.Time{}, browse.EntryQuery{Cursor: after, Limit: 100})
}

// Numbers that the feed had after the backup are used again, for other records.
func TestUpdatesDoNotGoOnInARestoredBackup(t *testing.T) {
	v := feedtest.New(t)
	v.Push(entry("unit", "kg", nil))
	before, err := updatesOfUnits(t, v, "")
	if err != nil || len(before.Items) != 1 {
		t.Fatal(err, before.Items)
	}
	v.Push(entry("unit", "l", nil))
	lost, err := updatesOfUnits(t, v, before.NextCursor)
	if err != nil || len(lost.Items) != 1 {
		t.Fatal(err, lost.Items)
	}
	err = v.DB.ForOrganization(t.Context(), v.Organization, func(tx db.Tx) error {
		for _, statement := range []string{ // as the backup was, taken after the first push
			"DELETE FROM records WHERE organization_id = $1 AND seq > 1", "DELETE FROM feed_marks WHERE organization_id = $1 AND seq > 1",
			"UPDATE feeds SET head = 1, mark = (SELECT mark FROM feed_marks WHERE organization_id = $1) WHERE organization_id = $1",
			"UPDATE projection_cursors SET seq = 1 WHERE organization_id = $1",
		} {
			if _, err := tx.Exec(t.Context(), statement, v.Organization); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	v.Push(entry("unit", "m", nil), entry("unit", "pcs", nil))
	if got, err := updatesOfUnits(t, v, lost.NextCursor); !fault.Is(err, fault.CursorExpired) {
		t.Errorf("after what the backup does not have: %v, %d items", err, len(got.Items))
	}
	if got, err := updatesOfUnits(t, v, before.NextCursor); err != nil || len(got.Items) != 2 {
		t.Errorf("after what it has: %v, %d items", err, len(got.Items))
	}
}

func TestUpdatesDoNotGoOnBehindAPurge(t *testing.T) {
	v := feedtest.New(t)
	gone := entry("unit", "kg", nil)
	v.Push(gone, entry("unit", "l", nil))
	before, err := updatesOfUnits(t, v, "")
	if err != nil || len(before.Items) != 2 {
		t.Fatal(err, before.Items)
	}
	v.Push(feedtest.Change{Kind: "unit", ID: gone.ID})
	after, err := updatesOfUnits(t, v, before.NextCursor)
	if err != nil || len(after.Deleted) != 1 || after.Deleted[0].ID != gone.ID {
		t.Fatal(err, after.Deleted)
	}
	if err := sync.Purge(t.Context(), v.DB, v.Now.Add(sync.Retention+time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, err := updatesOfUnits(t, v, before.NextCursor); !fault.Is(err, fault.CursorExpired) {
		t.Errorf("nobody will tell of the deletion: %v, %d deletions", err, len(got.Deleted))
	}
	anew, err := updatesOfUnits(t, v, "")
	if err != nil || len(anew.Items) != 1 {
		t.Fatal(err, anew.Items)
	}
	if _, err := updatesOfUnits(t, v, anew.NextCursor); err != nil {
		t.Errorf("what was begun after the purge: %v", err)
	}
}
