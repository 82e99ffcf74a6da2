package organization

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
)

// No test of this package is parallel: this one changes the table of sections.
func TestANewSectionReachesOrganizationsMadeBefore(t *testing.T) {
	w := newWorld(t)
	owner, details := w.create(w.user(1))
	manager, viewer := w.member(details.ID, w.user(1), access.RoleManager), w.member(details.ID, w.user(1), access.RoleViewer)
	own := w.ownRole(details.ID, "documents:view")

	before := access.Sections
	t.Cleanup(func() { access.Sections = before })
	const loyalty access.Section = "loyalty"
	access.Sections = append(slices.Clone(before), access.Rule{Section: loyalty, View: []string{access.RoleManager}})
	for name, test := range map[string]struct {
		actor access.Actor
		want  []access.Permission
	}{
		"owner":             {owner, []access.Permission{loyalty.View(), loyalty.Edit()}},
		"manager":           {manager, []access.Permission{loyalty.View()}},
		"viewer":            {viewer, nil},
		"a role of its own": {own, nil},
	} {
		seen, err := w.Get(w.ctx, test.actor)
		require.NoError(t, err)
		list, err := w.List(w.ctx, test.actor.UserID)
		require.NoError(t, err)
		require.Equal(t, seen.Role.Permissions, list.Items[0].Role.Permissions)
		var got []access.Permission
		for _, permission := range seen.Role.Permissions {
			if permission == loyalty.View() || permission == loyalty.Edit() {
				got = append(got, permission)
			}
		}
		require.Equal(t, test.want, got, name)
	}
	roles, err := w.Roles(w.ctx, details.ID)
	require.NoError(t, err)
	require.Contains(t, roles[0].Permissions, loyalty.Edit(), "the list of roles says it too")
}

// ownRole makes a user a member with a role of the organization's own.
func (w *world) ownRole(organization uuid.UUID, held ...access.Permission) access.Actor {
	w.Helper()
	user, role := w.user(1), roleRow{OrganizationID: organization, ID: uuid.New(), Name: "Own", Permissions: held, CreatedAt: w.now}
	require.NoError(w, w.db.ForOrganization(w.ctx, organization, func(tx db.Tx) error {
		if err := tx.GORM().Create(&role).Error; err != nil {
			return err
		}
		return tx.GORM().Create(&memberRow{OrganizationID: organization, UserID: user, RoleID: role.ID, CreatedAt: w.now}).Error
	}))
	return access.Actor{UserID: user, OrganizationID: organization, Permissions: held}
}

func TestARoleOfTheOrganizationsOwnMayWhatItsRowSays(t *testing.T) {
	w := newWorld(t)
	_, details := w.create(w.user(1))
	seen, err := w.Get(w.ctx, w.ownRole(details.ID, "documents:view", "reports:edit"))
	require.NoError(t, err)
	require.Equal(t, []access.Permission{"documents:view", "reports:edit"}, seen.Role.Permissions)
	require.False(t, seen.Role.IsOwner())
}

// One truth of who the owner is: the database refuses any other.
func TestTheOwnerIsWhoHasTheOwnersRole(t *testing.T) {
	w := newWorld(t)
	owner, details := w.create(w.user(1))
	manager := w.member(details.ID, w.user(1), access.RoleManager)
	for name, statement := range map[string]string{
		"a mark without the role": `UPDATE members SET is_owner = true WHERE user_id = @manager`,
		"the role without a mark": `UPDATE members SET role_id = (SELECT id FROM roles WHERE code = 'owner') WHERE user_id = @manager`,
		"a second owner":          `UPDATE members SET is_owner = true, role_id = (SELECT id FROM roles WHERE code = 'owner') WHERE user_id = @manager`,
		"an unmarked owner":       `UPDATE members SET is_owner = false WHERE user_id = @owner`,
		"an owner's other role":   `UPDATE members SET role_id = (SELECT id FROM roles WHERE code = 'viewer') WHERE user_id = @owner`,
		"a copy of permissions":   `UPDATE roles SET permissions = '{reports:view}' WHERE code = 'viewer'`,
		"the role's own mark":     `UPDATE roles SET is_owner = true WHERE code = 'viewer'`,
	} {
		require.Error(t, w.db.ForOrganization(w.ctx, details.ID, func(tx db.Tx) error {
			return tx.GORM().Exec(statement, map[string]any{"owner": owner.UserID, "manager": manager.UserID}).Error
		}), name)
	}
	list, err := w.List(w.ctx, manager.UserID)
	require.NoError(t, err)
	require.False(t, list.Items[0].Role.IsOwner())
	require.Zero(t, list.Owned)
	list, err = w.List(w.ctx, owner.UserID)
	require.NoError(t, err)
	require.True(t, list.Items[0].Role.IsOwner())
	require.Equal(t, 1, list.Owned)
}
