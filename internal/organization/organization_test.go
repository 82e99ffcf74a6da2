package organization

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/license"
)

func acceptAny(Details) error { return nil }

func TestANewOrganizationIsComplete(t *testing.T) {
	w := newWorld(t)
	user := w.user(1)
	actor, details := w.create(user)
	require.True(t, actor.IsOwner())
	require.Equal(t, "Coffee by the river", details.Name)
	require.Equal(t, "Owner", details.Role.Name)
	require.True(t, wellFormed(details.SyncKey.Key))

	roles, err := w.Roles(w.ctx, details.ID)
	require.NoError(t, err)
	codes := []string{}
	for _, role := range roles {
		require.True(t, role.IsBuiltin())
		codes = append(codes, role.Code)
	}
	require.Equal(t, []string{"owner", "manager", "accountant", "dispatcher", "viewer"}, codes)

	licenses, err := license.New(w.db, func() time.Time { return w.now }).List(w.ctx, details.ID)
	require.NoError(t, err)
	require.Len(t, licenses, 1)
	require.Equal(t, license.Delivery, licenses[0].Module)
	require.Equal(t, license.Inactive, licenses[0].Status)

	var feeds int
	require.NoError(t, w.db.ForOrganization(w.ctx, details.ID, func(tx db.Tx) error {
		return tx.GORM().Raw(`SELECT count(*) FROM feeds WHERE organization_id = ? AND head = 0`, details.ID).Scan(&feeds).Error
	}))
	require.Equal(t, 1, feeds)

	var chosen int
	require.NoError(t, w.db.Global(w.ctx, func(tx db.Tx) error {
		return tx.GORM().Raw(`SELECT count(*) FROM users WHERE current_organization_id IS NOT NULL`).Scan(&chosen).Error
	}))
	require.Zero(t, chosen, "the user chooses it, in the account's settings")
}

func TestTwentyCreatesAtOnceMakeOne(t *testing.T) {
	w := newWorld(t)
	user := w.user(1)
	failures := make([]error, 20)
	var all sync.WaitGroup
	for i := range failures {
		all.Go(func() { _, failures[i] = w.Create(w.ctx, user, fields()) })
	}
	all.Wait()
	made := 0
	for _, err := range failures {
		if err == nil {
			made++
			continue
		}
		require.True(t, fault.Is(err, fault.OrganizationLimit), "%v", err)
	}
	require.Equal(t, 1, made)
	list, err := w.List(w.ctx, user)
	require.NoError(t, err)
	require.Len(t, list.Items, 1)
	require.Equal(t, 1, list.Owned)
	require.Equal(t, 1, list.Limit)
}

func TestTheLimitCountsWhatIsOwnedAndNotArchived(t *testing.T) {
	w := newWorld(t)
	user, other := w.user(1), w.user(1)
	_, theirs := w.create(other)
	w.member(theirs.ID, user, access.RoleManager)
	actor, _ := w.create(user) // being a member elsewhere does not count
	_, err := w.Create(w.ctx, user, fields())
	require.True(t, fault.Is(err, fault.OrganizationLimit))
	require.NoError(t, w.Archive(w.ctx, actor))
	w.create(user)

	list, err := w.List(w.ctx, user)
	require.NoError(t, err)
	require.Len(t, list.Items, 2)
	require.Equal(t, 1, list.Owned)
}

func TestAFailedCreateLeavesNothing(t *testing.T) {
	w := newWorld(t)
	user := w.user(0)
	_, err := w.Create(w.ctx, user, fields())
	require.True(t, fault.Is(err, fault.OrganizationLimit))
	list, err := w.List(w.ctx, user)
	require.NoError(t, err)
	require.Empty(t, list.Items)
}

func TestNobodySeesThatAnotherOrganizationExists(t *testing.T) {
	w := newWorld(t)
	_, details := w.create(w.user(1))
	stranger := w.user(1)
	for name, organization := range map[string]uuid.UUID{"another's": details.ID, "none at all": uuid.New()} {
		_, err := w.Get(w.ctx, ownerOf(organization, stranger))
		require.True(t, fault.Is(err, fault.NotFound), name)
	}
	list, err := w.List(w.ctx, stranger)
	require.NoError(t, err)
	require.Empty(t, list.Items)
}

func TestOnlyThoseWhoMayEditSynchronizationSeeTheKey(t *testing.T) {
	w := newWorld(t)
	owner, details := w.create(w.user(1))
	for code, sees := range map[string]bool{
		access.RoleManager: true, access.RoleAccountant: false, access.RoleDispatcher: false, access.RoleViewer: false,
	} {
		seen, err := w.Get(w.ctx, w.member(details.ID, w.user(1), code))
		require.NoError(t, err)
		require.Equal(t, sees, seen.SyncKey != nil, code)
	}
	seen, err := w.Get(w.ctx, owner)
	require.NoError(t, err)
	require.Equal(t, details.SyncKey, seen.SyncKey, "the key can be shown again")
}

func TestUpdateReplacesAllFieldsAndTellsWhenBusinessDaysMove(t *testing.T) {
	w := newWorld(t)
	actor, before := w.create(w.user(1))
	w.now = w.now.Add(time.Hour)
	changed := fields()
	minutes := 1
	changed.Name, changed.Currency, changed.DefaultDeliveryMinutes = "  New name ", "KZT", &minutes
	changed.LegalName, changed.TaxNumber, changed.Address, changed.Phone = "New Ltd", "960440000220", "Lenina 5\nback yard", "+7 727 250-00-00"
	after, err := w.Update(w.ctx, actor, changed, acceptAny)
	require.NoError(t, err)
	require.Equal(t, "New name", after.Name)
	require.Equal(t, "Lenina 5\nback yard", after.Address)
	require.Equal(t, 1, after.DefaultDeliveryMinutes)
	require.Equal(t, before.CreatedAt, after.CreatedAt)
	require.True(t, after.UpdatedAt.After(before.UpdatedAt))
	require.Equal(t, before.SyncKey, after.SyncKey)
	require.Empty(t, w.changed)

	changed.DayStartsAt = "06:30"
	after, err = w.Update(w.ctx, actor, changed, acceptAny)
	require.NoError(t, err)
	require.Equal(t, 6*60+30, after.DayStartsAt)
	changed.TimeZone = "Asia/Almaty"
	_, err = w.Update(w.ctx, actor, changed, acceptAny)
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{actor.OrganizationID, actor.OrganizationID}, w.changed)
}

// What a list no longer has is nothing to choose, but nobody has to leave it to edit the rest.
func TestAnOrganizationKeepsAWithdrawnCurrencyAndZone(t *testing.T) {
	w := newWorld(t)
	actor, _ := w.create(w.user(1))
	withdrawn := fields()
	withdrawn.Currency, withdrawn.TimeZone = "RUR", "posixrules"
	_, err := w.Update(w.ctx, actor, withdrawn, acceptAny)
	require.True(t, fault.Is(err, fault.ValidationFailed))
	require.NoError(t, w.db.ForOrganization(w.ctx, actor.OrganizationID, func(tx db.Tx) error {
		return tx.GORM().Exec(`UPDATE organizations SET currency = 'RUR', time_zone = 'posixrules' WHERE id = ?`, actor.OrganizationID).Error
	}))
	withdrawn.Name = "New name"
	after, err := w.Update(w.ctx, actor, withdrawn, acceptAny)
	require.NoError(t, err)
	require.Equal(t, []string{"New name", "RUR", "posixrules"}, []string{after.Name, after.Currency, after.TimeZone})
	withdrawn.Currency = "DEM"
	_, err = w.Update(w.ctx, actor, withdrawn, acceptAny)
	require.True(t, fault.Is(err, fault.ValidationFailed), "another withdrawn one")
}

func TestAnArchivedOrganizationIsGone(t *testing.T) {
	w := newWorld(t)
	user := w.user(1)
	actor, details := w.create(user)
	member := w.user(1)
	w.member(details.ID, member, access.RoleViewer)
	for _, id := range []uuid.UUID{user, member} {
		require.NoError(t, w.db.Global(w.ctx, func(tx db.Tx) error {
			return tx.GORM().Exec(`UPDATE users SET current_organization_id = ? WHERE id = ?`, details.ID, id).Error
		}))
	}
	require.NoError(t, w.Archive(w.ctx, actor))

	_, err := w.Get(w.ctx, ownerOf(details.ID, user))
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = w.Profile(w.ctx, details.ID)
	require.True(t, fault.Is(err, fault.NotFound))
	_, err = w.BySyncKey(w.ctx, details.SyncKey.Key)
	require.True(t, fault.Is(err, fault.SyncKeyInvalid))
	_, err = w.Update(w.ctx, actor, fields(), acceptAny)
	require.True(t, fault.Is(err, fault.NotFound), "also for one who came in before")
	_, err = w.ReplaceSyncKey(w.ctx, actor)
	require.True(t, fault.Is(err, fault.NotFound))
	list, err := w.List(w.ctx, member)
	require.NoError(t, err)
	require.Empty(t, list.Items)
	var working int
	require.NoError(t, w.db.Global(w.ctx, func(tx db.Tx) error {
		return tx.GORM().Raw(`SELECT count(*) FROM users WHERE current_organization_id IS NOT NULL`).Scan(&working).Error
	}))
	require.Zero(t, working)
}

func TestWithTheScopeForgottenTheDatabaseShowsNothing(t *testing.T) {
	w := newWorld(t)
	_, mine := w.create(w.user(1))
	theirOwner, theirs := w.create(w.user(1))
	tables := []string{"organizations", "roles", "members", "licenses", "sync_keys", "feeds"}
	for _, table := range tables {
		var count int
		require.NoError(t, w.db.Global(w.ctx, func(tx db.Tx) error {
			return tx.GORM().Raw("SELECT count(*) FROM " + table).Scan(&count).Error
		}))
		require.Zero(t, count, "%s without a scope", table)
		id := map[string]string{"organizations": "id"}[table]
		if id == "" {
			id = "organization_id"
		}
		require.NoError(t, w.db.ForOrganization(w.ctx, mine.ID, func(tx db.Tx) error {
			return tx.GORM().Raw("SELECT count(*) FROM "+table+" WHERE "+id+" = ?", theirs.ID).Scan(&count).Error
		}))
		require.Zero(t, count, "%s of another organization", table)
		require.NoError(t, w.db.ForOrganization(w.ctx, mine.ID, func(tx db.Tx) error {
			changed := tx.GORM().Exec("DELETE FROM "+table+" WHERE "+id+" = ?", theirs.ID)
			require.Zero(t, changed.RowsAffected, "%s of another organization", table)
			return changed.Error
		}))
	}
	require.Error(t, w.db.ForOrganization(w.ctx, mine.ID, func(tx db.Tx) error {
		return tx.GORM().Create(&roleRow{OrganizationID: theirs.ID, ID: uuid.New(), Name: "Intruder"}).Error
	}))
	require.Error(t, w.db.ForUser(w.ctx, theirOwner.UserID, func(tx db.Tx) error {
		return tx.GORM().Create(&memberRow{OrganizationID: mine.ID, UserID: theirOwner.UserID, RoleID: uuid.New()}).Error
	}), "a user's own scope only reads")
	require.ErrorIs(t, w.db.ForOrganization(w.ctx, uuid.Nil, func(db.Tx) error { return nil }), db.ErrNoScope)
}

func TestModelsFitTheTables(t *testing.T) {
	database := dbtest.New(t)
	for _, model := range []any{&organizationRow{}, &roleRow{}, &memberRow{}, &keyRow{}} {
		dbtest.HoldModel(t, database, model)
	}
}
