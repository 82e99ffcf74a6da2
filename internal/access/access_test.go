package access

import (
	"testing"
	"time"

	"github.com/google/uuid"
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
	now := time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)
	member := func(role string, modules ...Module) Actor {
		return Actor{
			SignedInAt: now.Add(-time.Hour), OrganizationID: uuid.New(), RoleCode: role, Permissions: RolePermissions(role), Modules: modules,
		}
	}
	viewer, owner := member(RoleViewer), member(RoleOwner)
	almighty := Actor{OrganizationID: uuid.New(), Permissions: AllPermissions()}
	stranger := Actor{Permissions: AllPermissions(), Modules: Modules}
	fresh, stale := viewer, viewer
	fresh.SignedInAt, stale.SignedInAt = now.Add(-FreshFor), now.Add(-FreshFor-time.Second)
	for name, test := range map[string]struct {
		needs Needs
		actor Actor
		code  fault.Code // "": it is allowed
	}{
		"nothing":                         {Needs{}, stranger, ""},
		"a permission that is held":       {Needs{Permission: Reports.View()}, viewer, ""},
		"one that is not":                 {Needs{Permission: Reports.Edit()}, viewer, fault.Forbidden},
		"one of somebody elsewhere":       {Needs{Permission: Reports.View()}, stranger, fault.NotFound},
		"ownership of the owner":          {Needs{Owner: true}, owner, ""},
		"no permissions make an owner":    {Needs{Owner: true}, almighty, fault.Forbidden},
		"ownership of somebody elsewhere": {Needs{Owner: true}, stranger, fault.NotFound},
		"ownership beside what one holds": {Needs{Owner: true, Permission: Reports.View()}, viewer, fault.Forbidden},
		"a module that is licensed":       {Needs{Module: Delivery}, member(RoleViewer, Delivery), ""},
		"one that is not, of the owner":   {Needs{Permission: Deliveries.View(), Module: Delivery}, owner, fault.LicenseRequired},
		"a module of somebody elsewhere":  {Needs{Module: Delivery}, stranger, fault.NotFound},
		"a license opens no permission":   {Needs{Permission: Deliveries.View(), Module: Delivery}, member(RoleViewer, Delivery), fault.Forbidden},
		"a license is not told to others": {Needs{Permission: Deliveries.View(), Module: Delivery}, viewer, fault.Forbidden},
		"a sign-in of just now":           {Needs{Fresh: true}, fresh, ""},
		"an older one":                    {Needs{Fresh: true}, stale, fault.FreshSignInRequired},
		"support of staff":                {Needs{Staff: true}, Actor{IsStaff: true}, ""},
		"support of an owner":             {Needs{Staff: true}, owner, fault.NotFound},
		"staff in a stranger's reports":   {Needs{Permission: Reports.View()}, Actor{IsStaff: true}, fault.NotFound},
		"an older one of who may not":     {Needs{Owner: true, Fresh: true}, stale, fault.Forbidden},
	} {
		err := test.needs.Check(test.actor, now)
		if test.code == "" {
			require.NoError(t, err, name)
			continue
		}
		require.True(t, fault.Is(err, test.code), "%s: %v", name, err)
	}
}
