package access

// Codes of the built-in roles, which every organization has.
const (
	RoleOwner      = "owner"
	RoleManager    = "manager"
	RoleAccountant = "accountant"
	RoleDispatcher = "dispatcher"
	RoleViewer     = "viewer"
)

// BuiltinRoles are the codes of the roles that every organization has, from the
// mightiest down.
var BuiltinRoles = []string{RoleOwner, RoleManager, RoleAccountant, RoleDispatcher, RoleViewer}

// PermissionsOf is what a role may do: a built-in one what the table of sections says,
// whatever its row holds; an organization's own what its row holds.
func PermissionsOf(code string, held []Permission) []Permission {
	if code == "" {
		return held
	}
	return RolePermissions(code)
}

// RolePermissions computes what a built-in role may do; a code that is none may
// do nothing.
func RolePermissions(role string) []Permission {
	permissions := []Permission{}
	for _, rule := range Sections {
		for _, action := range rule.actionsOf(role) {
			permissions = append(permissions, rule.Section.permissionTo(action))
		}
	}
	return permissions
}
