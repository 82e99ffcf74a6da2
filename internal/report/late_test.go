//go:build linux

package report_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/projection/feedtest"
	"github.com/interpos/cabinet/internal/report"
)

// A receipt that comes for a day that is over changes a past that somebody may
// have seen; what came with the first connection does not.
func TestLateReceiptsAreCountedAndFound(t *testing.T) {
	v := feedtest.New(t)
	connected := v.Now
	receipt := func(id uuid.UUID, at time.Time) feedtest.Change {
		return feedtest.Receipt{ID: id, At: at, Lines: []feedtest.Line{{Product: uuid.New(), Quantity: "1", Price: "5"}}}.Change()
	}
	v.Push(receipt(uuid.New(), connected.AddDate(0, 0, -10))) // history from before the connection
	connect := func(tx db.Tx) error {
		_, err := tx.Exec(context.Background(), `UPDATE devices SET first_seen_at = $2 WHERE organization_id = $1`, v.Organization, connected)
		return err
	}
	require.NoError(t, v.DB.ForOrganization(t.Context(), v.Organization, connect))
	late, changed := uuid.New(), uuid.New()
	v.Now = connected.AddDate(0, 0, 2)
	v.Push(receipt(changed, v.Now), receipt(uuid.New(), v.Now)) // both in time
	v.Now = connected.AddDate(0, 0, 5)
	v.Push(receipt(late, connected.AddDate(0, 0, 3)), receipt(changed, connected.AddDate(0, 0, 2).Add(time.Minute)))

	reports := report.New(v.Projector, func() time.Time { return v.Now })
	found, err := reports.SalesByDay(t.Context(), v.Organization, report.Query{})
	require.NoError(t, err)
	require.EqualValues(t, 2, found.Late)
	byDay := map[string]int64{}
	for _, row := range found.Rows {
		if row.Late > 0 {
			byDay[row.Day.Format(time.DateOnly)] = row.Late
		}
	}
	require.Equal(t, map[string]int64{"2026-05-27": 1, "2026-05-28": 1}, byDay)

	page, err := browse.New(v.Projector).Documents(t.Context(), v.Organization, "receipt", browse.DocumentQuery{Late: true, Limit: 10})
	require.NoError(t, err)
	var ids []uuid.UUID
	for _, item := range page.Items {
		require.True(t, item.Late)
		ids = append(ids, item.ID)
	}
	require.ElementsMatch(t, []uuid.UUID{late, changed}, ids)
	page, err = browse.New(v.Projector).Documents(t.Context(), v.Organization, "receipt", browse.DocumentQuery{Limit: 10})
	require.NoError(t, err)
	require.Len(t, page.Items, 4)
}

// The day of the connection is the organization's: when it is the evening of the
// 23rd in Los Angeles, it is the 24th elsewhere.
func TestTheDayOfTheConnectionIsTheOrganizations(t *testing.T) {
	v := feedtest.New(t)
	require.NoError(t, v.DB.ForOrganization(t.Context(), v.Organization, func(tx db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE organizations SET time_zone = 'America/Los_Angeles' WHERE id = $1`, v.Organization)
		return err
	}))
	zone, err := time.LoadLocation("America/Los_Angeles")
	require.NoError(t, err)
	sold := func(at time.Time) feedtest.Change {
		return feedtest.Receipt{ID: uuid.New(), At: at, Lines: []feedtest.Line{{Product: uuid.New(), Quantity: "1", Price: "5"}}}.Change()
	}
	evening := time.Date(2026, 5, 23, 20, 0, 0, 0, zone)
	v.Now = evening
	v.Push(sold(evening)) // the first connection
	v.Now = evening.AddDate(0, 0, 3)
	v.Push(sold(evening.AddDate(0, 0, 1)), sold(evening)) // of the 24th, and of the day of the connection

	found, err := report.New(v.Projector, func() time.Time { return v.Now }).SalesByDay(t.Context(), v.Organization, report.Query{})
	require.NoError(t, err)
	require.EqualValues(t, 1, found.Late)
}
