package auth

// Codes of the built-in roles, which every organization has.
const (
	RoleOwner      = "owner"
	RoleManager    = "manager"
	RoleAccountant = "accountant"
	RoleDispatcher = "dispatcher"
	RoleViewer     = "viewer"
)

// BuiltinRole is a role that an organization is created with.
type BuiltinRole struct {
	Code        string
	Permissions []Permission
}

// BuiltinRoles are the roles of product.md: the owner may do everything, the
// manager everything but members, licenses and integrations.
func BuiltinRoles() []BuiltinRole {
	return []BuiltinRole{
		{RoleOwner, AllPermissions()},
		{RoleManager, []Permission{
			OrganizationView, OrganizationEdit, SyncView, SyncEdit, DirectoriesView, DirectoriesEdit,
			DocumentsView, DocumentsEdit, DeliveriesView, DeliveriesEdit, ReportsView, ReportsEdit,
			HistoryView, HistoryEdit,
		}},
		{RoleAccountant, []Permission{OrganizationView, DirectoriesView, DocumentsView, ReportsView}},
		{RoleDispatcher, []Permission{OrganizationView, DirectoriesView, DeliveriesView, DeliveriesEdit}},
		{RoleViewer, []Permission{OrganizationView, ReportsView}},
	}
}
