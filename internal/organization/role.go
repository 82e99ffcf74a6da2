package organization

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

// maxRoles bounds the roles of an organization, the built-in ones included.
const maxRoles = 100

var (
	errGrant     = fault.New(fault.GrantExceedsOwnRole, "Your own role does not allow what this role allows.")
	errOwner     = fault.New(fault.OwnerProtected, "The owner keeps the organization: ownership is neither given nor taken by a role.")
	errRoleInUse = fault.New(fault.RoleInUse, "Somebody has this role: name another one for them.")
	errBuiltin   = fault.New(fault.Conflict, "A built-in role stays as it is: copy it into a role of your own.")
	errRoleName  = fault.New(fault.Conflict, "There is a role of this name.")
	errRoles     = fault.New(fault.Conflict, "There are as many roles as there may be.")
	errMayNot    = fault.New(fault.Forbidden, "Your role in this organization does not allow this.")
)

// RoleFields are what a user types into a role's form.
type RoleFields struct {
	Name        string
	Permissions []access.Permission
}

// checkFields holds the fields against the rules, and puts the permissions into the order
// of the sections. Edit includes view, and says so.
func (f RoleFields) checkFields() (RoleFields, error) {
	var fields check.Fields
	name := fields.Line("name", f.Name)
	fields.Required("name", name)
	all := access.AllPermissions()
	if slices.ContainsFunc(f.Permissions, func(p access.Permission) bool { return !slices.Contains(all, p) }) {
		fields.Add("permissions", "unknown", "must be permissions of sections that there are")
	} else if len(f.Permissions) == 0 {
		fields.Add("permissions", "required", "must open a section at the least")
	}
	asked := access.Actor{Permissions: f.Permissions}
	return RoleFields{name, slices.DeleteFunc(all, func(p access.Permission) bool { return !asked.Can(p) })}, fields.Err()
}

// administer runs fn for a member who may edit members. Nobody else changes members, roles
// or invitations of the organization meanwhile, so that of two who take each other's right
// away the second has lost it. Errors: NotFound, Forbidden.
func (o *Organizations) administer(ctx context.Context, actor access.Actor, fn func(s store, by Role) error) error {
	return o.inScope(ctx, scopeOf(actor), func(s store) error {
		if _, err := s.findOrganization(actor.OrganizationID, true); err != nil {
			return err
		}
		row, err := s.findMembership(actor.UserID, actor.OrganizationID)
		if err != nil {
			return err
		}
		by := row.toRole()
		if !by.covers(access.Members.Edit()) {
			return errMayNot
		}
		return fn(s, by)
	})
}

// covers says whether the role allows all of the permissions.
func (r Role) covers(permissions ...access.Permission) bool {
	actor := access.Actor{Permissions: r.Permissions}
	return !slices.ContainsFunc(permissions, func(p access.Permission) bool { return !actor.Can(p) })
}

// mayHandle says by an error that whoever has the role may not give or take another one:
// the owner's is nobody's to give, and nobody handles more than they have themselves.
func (r Role) mayHandle(other Role) error {
	switch {
	case other.IsOwner():
		return errOwner
	case !r.covers(other.Permissions...):
		return errGrant
	}
	return nil
}

// Role gives one role of an organization. Error: NotFound.
func (o *Organizations) Role(ctx context.Context, organization, id uuid.UUID) (role Role, err error) {
	err = o.inScope(ctx, db.Scope{Organization: organization}, func(s store) error {
		role, err = s.findRole(organization, id)
		return err
	})
	return role, err
}

// CreateRole makes a role of the organization's own. Errors: ValidationFailed, Conflict for
// a name that is taken, GrantExceedsOwnRole.
func (o *Organizations) CreateRole(ctx context.Context, actor access.Actor, fields RoleFields) (role Role, err error) {
	fields, err = fields.checkFields()
	if err != nil {
		return Role{}, err
	}
	role = Role{ID: uuid.New(), Name: fields.Name, Permissions: fields.Permissions}
	err = o.administer(ctx, actor, func(s store, by Role) error {
		if err := by.mayHandle(role); err != nil {
			return err
		}
		if err := s.roleNameIsFree(actor.OrganizationID, role); err != nil {
			return err
		}
		row := roleRow{OrganizationID: actor.OrganizationID, ID: role.ID, Name: role.Name, Permissions: role.Permissions, CreatedAt: o.now()}
		return s.tx.Create(&row).Error
	})
	return role, err
}

// UpdateRole replaces the fields of a role of the organization's own, if accept has nothing
// against what they replace. Errors: ValidationFailed, NotFound, Conflict for a built-in role
// and for a name that is taken, GrantExceedsOwnRole; that of accept.
func (o *Organizations) UpdateRole(ctx context.Context, actor access.Actor, id uuid.UUID, fields RoleFields, accept func(Role) error) (role Role, err error) {
	fields, err = fields.checkFields()
	if err != nil {
		return Role{}, err
	}
	err = o.administer(ctx, actor, func(s store, by Role) error {
		before, err := s.findOwnRole(actor.OrganizationID, id)
		if err != nil {
			return err
		}
		role = Role{ID: id, Name: fields.Name, Permissions: fields.Permissions}
		if err := by.mayHandle(before); err != nil {
			return err
		}
		if err := by.mayHandle(role); err != nil {
			return err
		}
		if err := accept(before); err != nil {
			return err
		}
		if err := s.roleNameIsFree(actor.OrganizationID, role); err != nil {
			return err
		}
		row := roleRow{OrganizationID: actor.OrganizationID, ID: id, Name: role.Name, Permissions: role.Permissions}
		return s.tx.Model(&row).Select("name", "permissions").Updates(&row).Error
	})
	return role, err
}

// DeleteRole removes a role of the organization's own; whoever has it gets the replacement,
// uuid.Nil where there is none. Errors: NotFound, Conflict for a built-in role, RoleInUse,
// GrantExceedsOwnRole, OwnerProtected; ValidationFailed, `unknown` for a replacement that is
// no other role of the organization.
func (o *Organizations) DeleteRole(ctx context.Context, actor access.Actor, id, replacement uuid.UUID) error {
	return o.administer(ctx, actor, func(s store, by Role) error {
		role, err := s.findOwnRole(actor.OrganizationID, id)
		if err != nil {
			return err
		}
		if err := by.mayHandle(role); err != nil {
			return err
		}
		if replacement != uuid.Nil {
			if err := s.replaceRole(actor.OrganizationID, by, id, replacement); err != nil {
				return err
			}
		}
		used, err := s.isRoleInUse(actor.OrganizationID, id)
		if err != nil {
			return err
		}
		if used {
			return errRoleInUse
		}
		return s.tx.Where("organization_id = ? AND id = ?", actor.OrganizationID, id).Delete(&roleRow{}).Error
	})
}

// replaceRole gives another role to whoever has one.
func (s store) replaceRole(organization uuid.UUID, by Role, id, replacement uuid.UUID) error {
	next, err := s.knownRole("replacement_id", organization, replacement)
	if err != nil {
		return err
	}
	if replacement == id {
		return unknownRole("replacement_id")
	}
	if err := by.mayHandle(next); err != nil {
		return err
	}
	return s.tx.Model(&memberRow{}).Where("organization_id = ? AND role_id = ?", organization, id).Update("role_id", replacement).Error
}

func (s store) isRoleInUse(organization, id uuid.UUID) (used bool, err error) {
	err = s.readFirst(&used, `SELECT EXISTS (SELECT FROM members WHERE organization_id = ? AND role_id = ?)`, organization, id)
	return used, err
}

func (s store) findRole(organization, id uuid.UUID) (Role, error) {
	var row roleRow
	err := s.tx.Where("organization_id = ? AND id = ?", organization, id).Take(&row).Error
	return newRole(row.ID, row.Code, row.Name, row.Permissions), err
}

// findOwnRole finds a role that is not built in. Errors: NotFound, Conflict.
func (s store) findOwnRole(organization, id uuid.UUID) (Role, error) {
	role, err := s.findRole(organization, id)
	if err == nil && role.IsBuiltin() {
		return Role{}, errBuiltin
	}
	return role, err
}

// knownRole finds a role that a field names. Error: ValidationFailed, `unknown`.
func (s store) knownRole(field string, organization, id uuid.UUID) (Role, error) {
	role, err := s.findRole(organization, id)
	if isNotFound(err) {
		return Role{}, unknownRole(field)
	}
	return role, err
}

func unknownRole(field string) error {
	return fault.Invalid(fault.Field{Field: field, Code: "unknown", Message: "must be another role of this organization"})
}

// roleNameIsFree says by an error that another role has the name, whatever the case of its
// letters, or that there is no room for one more.
func (s store) roleNameIsFree(organization uuid.UUID, role Role) error {
	var found struct{ Taken, Others int }
	err := s.readFirst(&found, `SELECT count(*) FILTER (WHERE lower(name) = lower(?)) AS taken, count(*) AS others
		FROM roles WHERE organization_id = ? AND id <> ?`, role.Name, organization, role.ID)
	switch {
	case err != nil:
		return err
	case found.Taken > 0:
		return errRoleName
	case found.Others >= maxRoles:
		return errRoles
	}
	return nil
}
