package account

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/license"
)

// selectActor finds a session that goes on, and who its user is in an organization.
const selectActor = `
SELECT s.created_at, u.is_staff, m.organization_id, coalesce(r.code, ''), coalesce(r.permissions, '{}')
FROM sessions s
JOIN users u ON u.id = s.user_id
LEFT JOIN (members m
    JOIN organizations o ON o.id = m.organization_id AND o.archived_at IS NULL
    JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id)
    ON m.user_id = s.user_id AND m.organization_id = $3
WHERE s.id = $1 AND s.user_id = $2 AND s.ended_at IS NULL AND s.expires_at > $4`

// Authenticate is who acts with an access token, and what they may do in an
// organization; uuid.Nil is none, and so is one that the user is no member of. It asks
// the database at every request, so that a session ends in every process at once.
// Error: Unauthorized for a token that is wrong or expired, or whose session has ended.
func (a *Accounts) Authenticate(ctx context.Context, token string, organization uuid.UUID) (access.Actor, error) {
	identity, err := a.tokens.Verify(token, a.now())
	if err != nil {
		return access.Actor{}, fault.Wrap(fault.Unauthorized, "Sign in first: the access token is missing, wrong or expired.", err)
	}
	var actor access.Actor
	var modules []access.Module
	err = a.db.BySession(ctx, identity.UserID, func(batch *pgx.Batch) {
		batch.Queue(selectActor, identity.SessionID, identity.UserID, organization, a.now()).QueryRow(func(row pgx.Row) (err error) {
			actor, err = actorOf(row, identity.UserID)
			return err
		})
		license.QueueOpenModules(batch, organization, a.now(), &modules)
	})
	if isNotFound(err) {
		return access.Actor{}, errNoSession
	}
	if actor.OrganizationID != uuid.Nil {
		actor.Modules = modules
	}
	return actor, err
}

func actorOf(row pgx.Row, user uuid.UUID) (access.Actor, error) {
	actor := access.Actor{UserID: user}
	var organization *uuid.UUID
	var held []access.Permission
	if err := row.Scan(&actor.SignedInAt, &actor.IsStaff, &organization, &actor.RoleCode, &held); err != nil || organization == nil {
		return actor, err
	}
	actor.OrganizationID, actor.Permissions = *organization, access.PermissionsOf(actor.RoleCode, held)
	return actor, nil
}
