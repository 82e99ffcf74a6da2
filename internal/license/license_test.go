package license

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

func TestStatusFollowsTheDate(t *testing.T) {
	now := time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) *time.Time { until := now.Add(d); return &until }
	for name, test := range map[string]struct {
		until *time.Time
		want  Status
		opens bool
	}{
		"never renewed":         {nil, Inactive, false},
		"a month ahead":         {at(30 * 24 * time.Hour), Active, true},
		"a moment over a week":  {at(7*24*time.Hour + time.Second), Active, true},
		"a week ahead":          {at(7 * 24 * time.Hour), Expiring, true},
		"its last second":       {at(time.Second), Expiring, true},
		"the moment of its end": {at(0), Expired, false},
		"a month ago":           {at(-30 * 24 * time.Hour), Expired, false},
	} {
		t.Run(name, func(t *testing.T) {
			license := License{ValidUntil: test.until}
			require.Equal(t, test.want, license.Status(now))
			require.Equal(t, test.opens, license.Opens(now))
		})
	}
}

func TestLicensesAreListedWithTheirStatusOfNow(t *testing.T) {
	database, ctx := dbtest.New(t), context.Background()
	organization := dbtest.Organization(t, database)
	now := time.Now()
	licenses := New(database, func() time.Time { return now })
	require.NoError(t, database.ForOrganization(ctx, organization, func(tx db.Tx) error {
		return Create(tx, organization, Delivery, now)
	}))
	listed, err := licenses.List(ctx, organization)
	require.NoError(t, err)
	require.Len(t, listed, 1)
	require.Equal(t, Delivery, listed[0].Module)
	require.Equal(t, Inactive, listed[0].Status)

	until := now.Add(24 * time.Hour)
	require.NoError(t, database.ForOrganization(ctx, organization, func(tx db.Tx) error {
		return tx.GORM().Model(&row{}).Where("organization_id = ?", organization).Update("valid_until", until).Error
	}))
	listed, err = licenses.List(ctx, organization)
	require.NoError(t, err)
	require.Equal(t, Expiring, listed[0].Status)
	require.NoError(t, database.ForOrganization(ctx, organization, func(tx db.Tx) error {
		modules, err := OpenModules(ctx, tx, []uuid.UUID{organization, uuid.New()}, now)
		require.Equal(t, [][]Module{{Delivery}, {}}, modules)
		return err
	}))
	now = until
	listed, err = licenses.List(ctx, organization)
	require.NoError(t, err)
	require.Equal(t, Expired, listed[0].Status)
}

func TestLicensesOfOthersAreInvisible(t *testing.T) {
	database, ctx := dbtest.New(t), context.Background()
	mine, theirs := dbtest.Organization(t, database), dbtest.Organization(t, database)
	require.NoError(t, database.ForOrganization(ctx, theirs, func(tx db.Tx) error {
		return Create(tx, theirs, Delivery, time.Now())
	}))
	listed, err := New(database, time.Now).List(ctx, mine)
	require.NoError(t, err)
	require.Empty(t, listed)
	require.Error(t, database.ForOrganization(ctx, mine, func(tx db.Tx) error {
		return Create(tx, theirs, Delivery, time.Now())
	}), "a row for another organization is refused by the database")
}

func TestModelFitsTheTable(t *testing.T) {
	dbtest.HoldModel(t, dbtest.New(t), &row{})
}
