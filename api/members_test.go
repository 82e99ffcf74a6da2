package api_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
)

// staffed is an organization with an owner, and a clerk who may edit members and see reports.
type staffed struct {
	*world
	owner, clerk string // tokens
	id, path     string
}

func newStaffed(t *testing.T) *staffed {
	w := newWorld(t)
	s := &staffed{world: w, owner: w.user("owner"), clerk: w.user("clerk")}
	s.id, _ = w.organization(s.owner)
	s.path = "/api/v1/organizations/" + s.id
	w.join(s.id, s.clerk, access.Members.Edit(), access.Reports.View())
	return s
}

func (s *staffed) ask(token, method, path string, body any) answer {
	s.Helper()
	return s.call(request{method: method, path: s.path + path, token: token, body: body})
}

// builtin is the id of a built-in role.
func (s *staffed) builtin(code string) string {
	s.Helper()
	for _, item := range s.ask(s.owner, "GET", "/roles", nil).json(s)["items"].([]any) {
		if item.(object)["code"] == code {
			return item.(object)["id"].(string)
		}
	}
	require.Fail(s, "no role "+code)
	return ""
}

func TestNobodyGivesOrTakesMoreThanTheyHave(t *testing.T) {
	s := newStaffed(t)
	manager := s.member(s.id, access.Sync.Edit())
	viewer := s.member(s.id, access.Reports.View())
	strong := s.role(s.id, "Strong", access.Documents.View())
	weak := s.role(s.id, "Weak", access.Reports.View())
	for name, try := range map[string]struct {
		method, path string
		body         any
	}{
		"a new role":                {"POST", "/roles", object{"name": "x", "permissions": []string{"reports:view", "sync:view"}}},
		"edit of what is only seen": {"POST", "/roles", object{"name": "x", "permissions": []string{"reports:edit"}}},
		"a weak role made strong":   {"PATCH", "/roles/" + weak, object{"name": "Weak", "permissions": []string{"licenses:view"}}},
		"a strong role made weak":   {"PATCH", "/roles/" + strong, object{"name": "Strong", "permissions": []string{"reports:view"}}},
		"a strong role deleted":     {"DELETE", "/roles/" + strong, nil},
		"a strong replacement":      {"DELETE", "/roles/" + weak + "?replacement_id=" + strong, nil},
		"a strong role given":       {"PATCH", "/members/" + viewer, object{"role_id": strong}},
		"a built-in role given":     {"PATCH", "/members/" + viewer, object{"role_id": s.builtin(access.RoleManager)}},
		"oneself raised":            {"PATCH", "/members/" + s.userID(s.clerk), object{"role_id": strong}},
		"a strong member lowered":   {"PATCH", "/members/" + manager, object{"role_id": weak}},
		"a strong member removed":   {"DELETE", "/members/" + manager, nil},
	} {
		got := s.ask(s.clerk, try.method, try.path, try.body)
		require.Equal(t, http.StatusForbidden, got.status, "%s: %s", name, got.body)
		require.Equal(t, "grant_exceeds_own_role", got.code(t), name)
	}
	require.Equal(t, http.StatusOK, s.ask(s.clerk, "PATCH", "/members/"+viewer, object{"role_id": weak}).status)
	require.Equal(t, http.StatusOK, s.ask(s.owner, "PATCH", "/members/"+viewer, object{"role_id": strong}).status)
}

func TestNothingTakesTheOrganizationFromItsOwner(t *testing.T) {
	s := newStaffed(t)
	owner, clerk := s.userID(s.owner), s.userID(s.clerk)
	ownersRole, weak := s.builtin(access.RoleOwner), s.role(s.id, "Weak", access.Reports.View())
	for name, try := range map[string]struct {
		token, method, path string
		body                any
	}{
		"the owner lowered by a clerk": {s.clerk, "PATCH", "/members/" + owner, object{"role_id": weak}},
		"the owner removed by a clerk": {s.clerk, "DELETE", "/members/" + owner, nil},
		"the owner lowers itself":      {s.owner, "PATCH", "/members/" + owner, object{"role_id": weak}},
		"the owner leaves":             {s.owner, "DELETE", "/members/" + owner, nil},
		"a second owner":               {s.owner, "PATCH", "/members/" + clerk, object{"role_id": ownersRole}},
		"the owner's role, as a clerk": {s.clerk, "PATCH", "/members/" + clerk, object{"role_id": ownersRole}},
		"the owner's role by deletion": {s.owner, "DELETE", "/roles/" + weak + "?replacement_id=" + ownersRole, nil},
	} {
		got := s.ask(try.token, try.method, try.path, try.body)
		require.Equal(t, http.StatusConflict, got.status, "%s: %s", name, got.body)
		require.Equal(t, "owner_protected", got.code(t), name)
	}
	for _, code := range access.BuiltinRoles {
		id := s.builtin(code)
		require.Equal(t, "conflict", s.ask(s.owner, "PATCH", "/roles/"+id, object{"name": "x", "permissions": []string{"reports:view"}}).code(t))
		require.Equal(t, "conflict", s.ask(s.owner, "DELETE", "/roles/"+id, nil).code(t))
	}
}

func TestRolesAndMembersOfAnotherOrganizationAreUnknown(t *testing.T) {
	s := newStaffed(t)
	elsewhere, _ := s.organization(s.owner)
	role, user := s.role(elsewhere, "Elsewhere", access.Reports.View()), s.member(elsewhere, access.Reports.View())
	mine, weak := s.member(s.id, access.Reports.View()), s.role(s.id, "Weak", access.Reports.View())
	for path, body := range map[string]any{"/roles/" + role: object{"name": "x", "permissions": []string{"reports:view"}}, "/members/" + user: object{"role_id": weak}} {
		require.Equal(t, "not_found", s.ask(s.owner, "GET", path, nil).code(t))
		require.Equal(t, "not_found", s.ask(s.owner, "PATCH", path, body).code(t))
		require.Equal(t, "not_found", s.ask(s.owner, "DELETE", path, nil).code(t))
	}
	require.Equal(t, "validation_failed", s.ask(s.owner, "PATCH", "/members/"+mine, object{"role_id": role}).code(t))
	require.Equal(t, "validation_failed", s.ask(s.owner, "DELETE", "/roles/"+weak+"?replacement_id="+role, nil).code(t))
}

func TestALostRightIsGoneWithTheNextRequest(t *testing.T) {
	s := newStaffed(t)
	clerk := s.userID(s.clerk)
	require.Equal(t, http.StatusOK, s.call(request{method: "PATCH", path: "/api/v1/me", token: s.clerk, body: object{"current_organization_id": s.id}}).status)
	members := s.ask(s.clerk, "GET", "/members", nil).json(t)["items"].([]any)
	require.Len(t, members, 2)
	require.NotNil(t, members[0].(object)["last_visit_at"])

	created := s.ask(s.owner, "POST", "/roles", object{"name": "Shift lead", "permissions": []string{"documents:edit", "reports:view"}})
	role := created.json(t)
	require.Equal(t, []any{"documents:view", "documents:edit", "reports:view"}, role["permissions"])
	require.Equal(t, "conflict", s.ask(s.owner, "POST", "/roles", object{"name": "SHIFT lead", "permissions": []string{"reports:view"}}).code(t))
	require.Equal(t, http.StatusOK, s.ask(s.owner, "PATCH", "/members/"+clerk, object{"role_id": role["id"]}).status)
	require.Equal(t, "forbidden", s.ask(s.clerk, "GET", "/members", nil).code(t))
	require.Equal(t, http.StatusOK, s.ask(s.clerk, "GET", "/documents", nil).status)

	path := "/roles/" + role["id"].(string)
	require.Equal(t, http.StatusOK, s.ask(s.owner, "PATCH", path, object{"name": "Shift lead", "permissions": []string{"reports:view"}}).status)
	require.Equal(t, "forbidden", s.ask(s.clerk, "GET", "/documents", nil).code(t))
	require.Equal(t, "role_in_use", s.ask(s.owner, "DELETE", path, nil).code(t))
	require.Equal(t, http.StatusNoContent, s.ask(s.owner, "DELETE", path+"?replacement_id="+s.builtin(access.RoleAccountant), nil).status)
	require.Equal(t, http.StatusOK, s.ask(s.clerk, "GET", "/documents", nil).status)

	require.Equal(t, http.StatusNoContent, s.ask(s.clerk, "DELETE", "/members/"+clerk, nil).status, "anybody may leave")
	require.Equal(t, "not_found", s.ask(s.clerk, "GET", "/documents", nil).code(t))
	me := s.call(request{method: "GET", path: "/api/v1/me", token: s.clerk}).json(t)
	require.Nil(t, me["current_organization_id"])
	require.Empty(t, me["organizations"])
}

// Of two who remove each other one stays: the other has lost the right meanwhile.
func TestOfTwoWhoRemoveEachOtherOneStays(t *testing.T) {
	s := newStaffed(t)
	other := s.user("other")
	for round := range 5 {
		if round > 0 {
			s.leave(s.id, s.clerk)
			s.leave(s.id, other)
			s.join(s.id, s.clerk, access.Members.Edit())
		}
		s.join(s.id, other, access.Members.Edit())
		if round == 0 { // the same rights
			s.leave(s.id, s.clerk)
			s.join(s.id, s.clerk, access.Members.Edit())
		}
		ids := map[string]string{s.clerk: s.userID(other), other: s.userID(s.clerk)}
		var group sync.WaitGroup
		for token, id := range ids {
			group.Go(func() { s.ask(token, "DELETE", "/members/"+id, nil) })
		}
		group.Wait()
		require.Len(t, s.ask(s.owner, "GET", "/members", nil).json(t)["items"], 2, "the owner and one of the two")
	}
}

func TestAnOrganizationHasSoManyRoles(t *testing.T) {
	s := newStaffed(t)
	roles := len(s.ask(s.owner, "GET", "/roles", nil).json(t)["items"].([]any))
	for range 100 - roles {
		s.role(s.id, uuid.NewString(), access.Reports.View())
	}
	require.Equal(t, "conflict", s.ask(s.owner, "POST", "/roles", object{"name": "One more", "permissions": []string{"reports:view"}}).code(t))
}
