package organization

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
)

// Member is a user in an organization.
type Member struct {
	UserID      uuid.UUID
	Email       string
	FullName    string
	Role        Role
	JoinedAt    time.Time
	LastVisitAt *time.Time // of the cabinet, in any organization; nil: not within the life of a session
}

// Members gives those of an organization, by name.
func (o *Organizations) Members(ctx context.Context, organization uuid.UUID) (members []Member, err error) {
	err = o.inScope(ctx, db.Scope{Organization: organization}, func(s store) error {
		var rows []memberDetailsRow
		if err := s.tx.Raw(selectMembers+` ORDER BY lower(u.full_name), m.user_id LIMIT 1000`, organization).Scan(&rows).Error; err != nil {
			return err
		}
		for _, row := range rows {
			members = append(members, row.toMember())
		}
		return nil
	})
	return members, err
}

// Member gives one member. Error: NotFound.
func (o *Organizations) Member(ctx context.Context, organization, user uuid.UUID) (member Member, err error) {
	err = o.inScope(ctx, db.Scope{Organization: organization}, func(s store) error {
		member, err = s.findMember(organization, user)
		return err
	})
	return member, err
}

// ChangeMember gives a member another role, if accept has nothing against what is changed.
// Errors: NotFound, GrantExceedsOwnRole, OwnerProtected; ValidationFailed, `unknown` for a
// role that the organization has not; that of accept.
func (o *Organizations) ChangeMember(ctx context.Context, actor access.Actor, user, role uuid.UUID, accept func(Member) error) (member Member, err error) {
	err = o.administer(ctx, actor, func(s store, by Role) error {
		member, err = s.findMember(actor.OrganizationID, user)
		if err != nil {
			return err
		}
		if err := accept(member); err != nil {
			return err
		}
		next, err := s.knownRole("role_id", actor.OrganizationID, role)
		if err != nil {
			return err
		}
		if err := by.mayHandle(member.Role); err != nil {
			return err
		}
		if err := by.mayHandle(next); err != nil {
			return err
		}
		member.Role = next
		return s.tx.Model(&memberRow{}).Where("organization_id = ? AND user_id = ?", actor.OrganizationID, user).Update("role_id", role).Error
	})
	return member, err
}

// RemoveMember takes a member out of the organization: oneself, or by whoever may edit
// members another one. Errors: NotFound, GrantExceedsOwnRole, OwnerProtected.
func (o *Organizations) RemoveMember(ctx context.Context, actor access.Actor, user uuid.UUID) error {
	if user == actor.UserID {
		return o.leave(ctx, actor)
	}
	return o.administer(ctx, actor, func(s store, by Role) error {
		member, err := s.findMember(actor.OrganizationID, user)
		if err != nil {
			return err
		}
		if err := by.mayHandle(member.Role); err != nil {
			return err
		}
		return s.removeMember(actor.OrganizationID, user)
	})
}

func (o *Organizations) leave(ctx context.Context, actor access.Actor) error {
	return o.inScope(ctx, scopeOf(actor), func(s store) error {
		if _, err := s.findOrganization(actor.OrganizationID, true); err != nil {
			return err
		}
		member, err := s.findMember(actor.OrganizationID, actor.UserID)
		if err != nil {
			return err
		}
		if member.Role.IsOwner() {
			return errOwner
		}
		return s.removeMember(actor.OrganizationID, actor.UserID)
	})
}

// removeMember ends a membership. Nothing keeps a copy of it: the user's next request finds
// it gone, in every server process.
func (s store) removeMember(organization, user uuid.UUID) error {
	if err := s.tx.Where("organization_id = ? AND user_id = ?", organization, user).Delete(&memberRow{}).Error; err != nil {
		return err
	}
	return s.tx.Exec(`UPDATE users SET current_organization_id = NULL WHERE id = ? AND current_organization_id = ?`, user, organization).Error
}

// memberDetailsRow is a member's row joined with the user and the role.
type memberDetailsRow struct {
	UserID      uuid.UUID
	Email       string
	FullName    string
	JoinedAt    time.Time
	LastVisitAt *time.Time
	RoleID      uuid.UUID
	RoleCode    string
	RoleName    string
	Permissions permissions
}

const selectMembers = `
SELECT m.user_id, u.email, u.full_name, m.created_at AS joined_at,
	(SELECT max(s.last_used_at) FROM sessions s WHERE s.user_id = m.user_id) AS last_visit_at,
	r.id AS role_id, r.code AS role_code, r.name AS role_name, r.permissions
FROM members m
JOIN users u ON u.id = m.user_id
JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
WHERE m.organization_id = ?`

func (s store) findMember(organization, user uuid.UUID) (Member, error) {
	var row memberDetailsRow
	err := s.readFirst(&row, selectMembers+` AND m.user_id = ?`, organization, user)
	return row.toMember(), err
}

func (r memberDetailsRow) toMember() Member {
	return Member{
		UserID: r.UserID, Email: r.Email, FullName: r.FullName, JoinedAt: r.JoinedAt, LastVisitAt: r.LastVisitAt,
		Role: newRole(r.RoleID, r.RoleCode, r.RoleName, r.Permissions),
	}
}
