package access

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Action is what is done in a section.
type Action string

// The actions. Edit includes view.
const (
	ActionView Action = "view"
	ActionEdit Action = "edit"
)

// Permission is a section and an action: `reports:view`.
type Permission string

// AllPermissions lists every action of every section.
func AllPermissions() []Permission { return RolePermissions(RoleOwner) }

// Actor is a signed-in user within one organization.
type Actor struct {
	UserID         uuid.UUID
	OrganizationID uuid.UUID
	RoleCode       string // code of a built-in role, "" for an organization's own
	Permissions    []Permission
}

// Can says whether the actor holds the permission, by itself or by the edit
// permission of the same section.
func (a Actor) Can(permission Permission) bool {
	if slices.Contains(a.Permissions, permission) {
		return true
	}
	section, action, _ := strings.Cut(string(permission), ":")
	return Action(action) == ActionView && slices.Contains(a.Permissions, Section(section).Edit())
}

// IsOwner says whether the actor owns the organization.
func (a Actor) IsOwner() bool { return a.RoleCode == RoleOwner }
