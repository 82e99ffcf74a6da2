package access

import (
	"slices"
	"strings"
	"time"

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

// Module is a part of the product that an organization needs a license for.
type Module string

// Delivery is the module of deliveries.
const Delivery Module = "delivery"

// Modules lists all of them.
var Modules = []Module{Delivery}

// Actor is a signed-in user, and what the user may do in one organization.
type Actor struct {
	UserID         uuid.UUID
	SignedInAt     time.Time
	IsStaff        bool      // of the host's support
	OrganizationID uuid.UUID // uuid.Nil: the user acts in none; the rest is empty then
	RoleCode       string    // code of a built-in role, "" for an organization's own
	Permissions    []Permission
	Modules        []Module // that the organization has an active license for
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
