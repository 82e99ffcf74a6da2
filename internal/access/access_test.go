package access

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

// product.md, word for word: what each built-in role may do.
func TestBuiltinRolesMayWhatTheProductSays(t *testing.T) {
	require.Len(t, RolePermissions(RoleOwner), 2*len(Sections), "the owner may everything")
	for role, want := range map[string][]Permission{
		RoleManager: {
			"organization:view", "organization:edit", "sync:view", "sync:edit", "directories:view", "directories:edit",
			"documents:view", "documents:edit", "deliveries:view", "deliveries:edit", "reports:view", "reports:edit",
			"history:view", "history:edit",
		},
		RoleAccountant: {"organization:view", "directories:view", "documents:view", "reports:view"},
		RoleDispatcher: {"organization:view", "directories:view", "deliveries:view", "deliveries:edit"},
		RoleViewer:     {"organization:view", "reports:view"},
		"chef":         {},
		"":             {},
	} {
		require.Equal(t, want, RolePermissions(role), role)
	}
}

func TestEveryRoleOfTheTableIsBuiltIn(t *testing.T) {
	for _, rule := range Sections {
		for _, role := range append(append([]string{}, rule.Edit...), rule.View...) {
			require.Contains(t, BuiltinRoles, role, rule.Section)
		}
	}
}

func TestEditIncludesViewAndNothingElse(t *testing.T) {
	actor := Actor{Permissions: []Permission{Reports.Edit(), Documents.View()}}
	require.True(t, actor.Can(Reports.View()))
	require.True(t, actor.Can(Reports.Edit()))
	require.True(t, actor.Can(Documents.View()))
	require.False(t, actor.Can(Documents.Edit()), "view does not include edit")
	require.False(t, actor.Can(Sync.View()))
}

func TestWhatARouteNeedsIsAskedOfTheActor(t *testing.T) {
	viewer := Actor{RoleCode: RoleViewer, Permissions: RolePermissions(RoleViewer)}
	owner := Actor{RoleCode: RoleOwner, Permissions: RolePermissions(RoleOwner)}
	almighty := Actor{Permissions: AllPermissions()}
	for name, test := range map[string]struct {
		needs Needs
		actor Actor
		code  fault.Code // "": it is allowed
	}{
		"a permission that is held":       {Needs{Permission: Reports.View()}, viewer, ""},
		"one that is not":                 {Needs{Permission: Reports.Edit()}, viewer, fault.Forbidden},
		"ownership of the owner":          {Needs{Owner: true}, owner, ""},
		"no permissions make an owner":    {Needs{Owner: true}, almighty, fault.Forbidden},
		"nothing but membership":          {Needs{}, viewer, ""},
		"ownership beside what one holds": {Needs{Owner: true, Permission: Reports.View()}, viewer, fault.Forbidden},
	} {
		err := test.needs.Check(test.actor)
		if test.code == "" {
			require.NoError(t, err, name)
			continue
		}
		require.True(t, fault.Is(err, test.code), "%s: %v", name, err)
	}
}
