// Package auth decides: who acts, and whether they may. It is pure; it reads
// no database and sends nothing.
package auth

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Permission is `section:view` or `section:edit`. Edit includes view.
type Permission string

// The permissions, section by section.
const (
	OrganizationView Permission = "organization:view"
	OrganizationEdit Permission = "organization:edit"
	MembersView      Permission = "members:view"
	MembersEdit      Permission = "members:edit"
	LicensesView     Permission = "licenses:view"
	LicensesEdit     Permission = "licenses:edit"
	SyncView         Permission = "sync:view"
	SyncEdit         Permission = "sync:edit"
	DirectoriesView  Permission = "directories:view"
	DirectoriesEdit  Permission = "directories:edit"
	DocumentsView    Permission = "documents:view"
	DocumentsEdit    Permission = "documents:edit"
	DeliveriesView   Permission = "deliveries:view"
	DeliveriesEdit   Permission = "deliveries:edit"
	ReportsView      Permission = "reports:view"
	ReportsEdit      Permission = "reports:edit"
	HistoryView      Permission = "history:view"
	HistoryEdit      Permission = "history:edit"
	IntegrationsView Permission = "integrations:view"
	IntegrationsEdit Permission = "integrations:edit"
)

// Sections of the cabinet, in the order in which screens list them.
var Sections = []string{
	"organization", "members", "licenses", "sync", "directories",
	"documents", "deliveries", "reports", "history", "integrations",
}

// AllPermissions lists view and edit of every section.
func AllPermissions() []Permission {
	all := make([]Permission, 0, 2*len(Sections))
	for _, section := range Sections {
		all = append(all, Permission(section+":view"), Permission(section+":edit"))
	}
	return all
}

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
	return action == "view" && slices.Contains(a.Permissions, Permission(section+":edit"))
}

// IsOwner says whether the actor owns the organization.
func (a Actor) IsOwner() bool { return a.RoleCode == RoleOwner }
