package organization

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/license"
	"github.com/interpos/cabinet/internal/security"
)

// List gives the organizations that a user belongs to, by name.
func (o *Organizations) List(ctx context.Context, user uuid.UUID) (list List, err error) {
	err = o.inScope(ctx, db.Scope{User: user}, func(s store) error {
		rows, err := s.listMemberships(user)
		if err != nil {
			return err
		}
		modules, err := license.OpenModules(ctx, s.whole, idsOf(rows), o.now())
		if err != nil {
			return err
		}
		for i, row := range rows {
			list.Items = append(list.Items, row.toMembership(modules[i]))
		}
		if list.Owned, err = s.countOwned(user); err != nil {
			return err
		}
		list.Limit, err = s.readLimit(user)
		return err
	})
	return list, err
}

// Create makes an organization that the user owns, with its built-in roles, its
// inactive Delivery license and its sync key, all in one transaction. Errors:
// ValidationFailed, OrganizationLimit.
func (o *Organizations) Create(ctx context.Context, user uuid.UUID, fields Fields) (Details, error) {
	values, err := fields.checkFields(organizationRow{})
	if err != nil {
		return Details{}, err
	}
	id, now := uuid.New(), o.now()
	err = o.inScope(ctx, db.Scope{Organization: id, User: user}, func(s store) error {
		limit, err := s.lockLimit(user)
		if err != nil {
			return err
		}
		owned, err := s.countOwned(user)
		if err != nil {
			return err
		}
		if owned >= limit {
			return fault.New(fault.OrganizationLimit, "The account owns as many organizations as it may. Support can raise the limit.")
		}
		roles := builtinRoles(id, now)
		owner := memberRow{OrganizationID: id, UserID: user, RoleID: roles[0].ID, IsOwner: true, CreatedAt: now}
		return s.insertAll(values.toRow(id, now), roles, owner, o.newKeyRow(id, user, now))
	})
	if err != nil {
		return Details{}, err
	}
	return o.Get(ctx, ownerOf(id, user))
}

func ownerOf(organization, user uuid.UUID) access.Actor {
	return access.Actor{
		UserID: user, OrganizationID: organization, RoleCode: access.RoleOwner, Permissions: access.RolePermissions(access.RoleOwner),
	}
}

func builtinRoles(organization uuid.UUID, now time.Time) []roleRow {
	rows := make([]roleRow, 0, len(access.BuiltinRoles))
	for _, code := range access.BuiltinRoles {
		rows = append(rows, roleRow{OrganizationID: organization, ID: uuid.New(), Code: code, CreatedAt: now})
	}
	return rows
}

// Get gives the actor's organization; its sync key only to those who may edit
// synchronization.
func (o *Organizations) Get(ctx context.Context, actor access.Actor) (details Details, err error) {
	err = o.inScope(ctx, scopeOf(actor), func(s store) error {
		details, err = o.readDetails(s, actor)
		return err
	})
	if err == nil && details.SyncKey != nil {
		o.events.Write(ctx, security.SyncKeyShown, subjectOf(actor))
	}
	return details, err
}

func (o *Organizations) readDetails(s store, actor access.Actor) (Details, error) {
	row, err := s.findMembership(actor.UserID, actor.OrganizationID)
	if err != nil {
		return Details{}, err
	}
	details := row.toDetails()
	if !actor.Can(access.Sync.Edit()) {
		return details, nil
	}
	key, err := s.currentKey(actor.OrganizationID)
	if err != nil {
		return Details{}, err
	}
	details.SyncKey, err = o.openKey(key)
	if err != nil { // sealed with a secret that this server no longer has: it works, but cannot be shown
		details.SyncKey = &SyncKey{CreatedAt: key.CreatedAt}
	}
	return details, nil
}

// Update replaces all fields of the actor's organization, if accept has nothing against
// what they replace; nobody changes them between. Errors: ValidationFailed, and that of
// accept.
func (o *Organizations) Update(ctx context.Context, actor access.Actor, fields Fields, accept func(Details) error) (Details, error) {
	moved := false
	err := o.inScope(ctx, scopeOf(actor), func(s store) error {
		before, err := s.findOrganization(actor.OrganizationID, true)
		if err != nil {
			return err
		}
		values, err := fields.checkFields(before)
		if err != nil {
			return err
		}
		current, err := o.readDetails(s, actor)
		if err != nil {
			return err
		}
		if err := accept(current); err != nil {
			return err
		}
		moved = before.TimeZone != values.timeZone || before.DayStartsAt != values.dayStartsAt
		row := values.toRow(actor.OrganizationID, o.now())
		return s.save(row)
	})
	if err != nil {
		return Details{}, err
	}
	if moved {
		o.changed(actor.OrganizationID)
	}
	return o.Get(ctx, actor)
}

// Archive takes the organization out of everybody's sight and stops its sync
// key. Its data stays. For the owner.
func (o *Organizations) Archive(ctx context.Context, actor access.Actor) error {
	err := o.inScope(ctx, scopeOf(actor), func(s store) error {
		row, err := s.findOrganization(actor.OrganizationID, true)
		if err != nil {
			return err
		}
		now := o.now()
		row.ArchivedAt, row.UpdatedAt = &now, now
		if err := s.save(row); err != nil {
			return err
		}
		if err := s.endKeys(row.ID, now); err != nil {
			return err
		}
		return s.leaveByAll(row.ID)
	})
	if err == nil {
		o.events.Write(ctx, security.OrganizationArchived, subjectOf(actor))
	}
	return err
}

// Roles gives the organization's roles, the built-in ones first.
func (o *Organizations) Roles(ctx context.Context, organization uuid.UUID) (roles []Role, err error) {
	err = o.inScope(ctx, db.Scope{Organization: organization}, func(s store) error {
		rows, err := s.listRoles(organization)
		for _, row := range rows {
			roles = append(roles, newRole(row.ID, row.Code, row.Name, row.Permissions))
		}
		return err
	})
	slices.SortStableFunc(roles, func(a, b Role) int { return a.rank() - b.rank() })
	return roles, err
}

func scopeOf(actor access.Actor) db.Scope {
	return db.Scope{Organization: actor.OrganizationID, User: actor.UserID}
}
