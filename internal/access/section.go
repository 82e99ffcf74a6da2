// Package access says who may do what in an organization. It is data and pure
// functions: sections and actions, the built-in roles that are computed from them,
// and the decisions. It reads no database and sends nothing.
package access

import "slices"

// Section is a part of the cabinet that is opened as a whole.
type Section string

// The sections of product.md. A new one is a name here and a line of Sections.
const (
	Organization Section = "organization"
	Members      Section = "members"
	Licenses     Section = "licenses"
	Sync         Section = "sync"
	Directories  Section = "directories"
	Documents    Section = "documents"
	Deliveries   Section = "deliveries"
	Reports      Section = "reports"
	History      Section = "history"
	Integrations Section = "integrations"
)

// Rule is what the built-in roles may do in a section. The owner may do everything;
// a role in neither list does not see the section.
type Rule struct {
	Section Section
	Module  Module   // that must be licensed for the section to open; "": none
	Edit    []string // codes of roles that see and change it
	View    []string // codes of roles that only see it
}

// Sections is the table of who may what, in the order in which screens list the
// sections. Nothing keeps a copy of it: a line that is added reaches every
// organization at once.
var Sections = []Rule{
	{Organization, "", []string{RoleManager}, []string{RoleAccountant, RoleDispatcher, RoleViewer}},
	{Members, "", nil, nil},
	{Licenses, "", nil, nil},
	{Sync, "", []string{RoleManager}, nil},
	{Directories, "", []string{RoleManager}, []string{RoleAccountant, RoleDispatcher}},
	{Documents, "", []string{RoleManager}, []string{RoleAccountant}},
	{Deliveries, Delivery, []string{RoleManager, RoleDispatcher}, nil},
	{Reports, "", []string{RoleManager}, []string{RoleAccountant, RoleViewer}},
	{History, "", []string{RoleManager}, nil},
	{Integrations, "", nil, nil},
}

// SectionOfModule is the section that a module opens; "" where it opens none.
func SectionOfModule(module Module) Section {
	for _, rule := range Sections {
		if module != "" && rule.Module == module {
			return rule.Section
		}
	}
	return ""
}

// View is the permission to see the section.
func (s Section) View() Permission { return s.permissionTo(ActionView) }

// Edit is the permission to see the section and to change what is in it.
func (s Section) Edit() Permission { return s.permissionTo(ActionEdit) }

func (s Section) permissionTo(action Action) Permission {
	return Permission(string(s) + ":" + string(action))
}

// actionsOf are what a built-in role may do in the section of the rule.
func (r Rule) actionsOf(role string) []Action {
	switch {
	case role == RoleOwner || slices.Contains(r.Edit, role):
		return []Action{ActionView, ActionEdit}
	case slices.Contains(r.View, role):
		return []Action{ActionView}
	}
	return nil
}
