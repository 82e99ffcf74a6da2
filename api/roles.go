package api

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/organization"
)

// RoleList is an organization's roles, the built-in ones first.
type RoleList struct {
	Items []Role `json:"items"`
}

// Role is a named set of permissions.
type Role struct {
	ID          uuid.UUID           `json:"id" format:"uuid" example:"2b7a9c1d-2e3f-4055-8d3b-6d3c1e0f4a4d"`
	Code        string              `json:"code" example:"owner"` // Of a built-in role; empty for the organization's own
	Name        string              `json:"name" example:"Owner"`
	Builtin     bool                `json:"builtin" example:"true"` // Built-in roles are the same everywhere
	Permissions []access.Permission `json:"permissions" swaggertype:"array,string" example:"reports:view,sync:edit"`
}

// RoleRequest is a role's form, whole.
type RoleRequest struct {
	Name        string              `json:"name" example:"Shift lead"`                                               // One of its own in the organization, whatever the case of its letters
	Permissions []access.Permission `json:"permissions" swaggertype:"array,string" example:"reports:view,sync:edit"` // `section:view` or `section:edit`; edit includes view. None that one's own role has not
}

// RoleDeletion is what the deletion of a role may say.
type RoleDeletion struct {
	ReplacementID string `query:"replacement_id"`
}

// listRoles lists an organization's roles.
//
//	@Summary	List the roles
//	@ID			listRoles
//	@Tags		members
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	RoleList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/roles [get]
func (s *Server) listRoles(c echo.Context) error {
	roles, err := s.Organizations.Roles(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	response := RoleList{Items: make([]Role, len(roles))}
	for i, r := range roles {
		response.Items[i] = roleResponse(r)
	}
	return c.JSON(http.StatusOK, response)
}

// createRole makes a role of the organization's own.
//
//	@Summary	Create a role
//	@ID			createRole
//	@Description	Of the organization's own; to copy a built-in one, send its permissions under another name. `grant_exceeds_own_role` where it allows what one's own role does not. `conflict` for a name that is taken.
//	@Tags		members
//	@Param		Idempotency-Key	header	string	false	"A new UUID, say: the same request with it, within 24 hours, gets the same answer and makes nothing twice"
//	@Param		organization_id	path		string		true	"Organization"	format(uuid)
//	@Param		body			body		RoleRequest	true	"The role"
//	@Success	201				{object}	Role
//	@Failure	403				{object}	Problem	"grant_exceeds_own_role"
//	@Failure	409				{object}	Problem	"conflict"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/roles [post]
func (s *Server) createRole(c echo.Context) error {
	var request RoleRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	me := actor(c)
	role, err := s.Organizations.CreateRole(c.Request().Context(), me, request.fields())
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/organizations/"+me.OrganizationID.String()+"/roles/"+role.ID.String())
	return answerTagged(c, http.StatusCreated, roleResponse(role))
}

// showRole gives one role.
//
//	@Summary	Read a role
//	@ID			getRole
//	@Description	`304` without a body where `If-None-Match` has the current `ETag`.
//	@Tags		members
//	@Param		If-None-Match	header	string	false	"`ETag` of the answer that you have"
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Param		role_id			path		string	true	"Role"	format(uuid)
//	@Success	200				{object}	Role
//	@Success	304
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/roles/{role_id} [get]
func (s *Server) showRole(c echo.Context) error {
	id, err := pathID(c, "role_id")
	if err != nil {
		return err
	}
	role, err := s.Organizations.Role(c.Request().Context(), actor(c).OrganizationID, id)
	if err != nil {
		return err
	}
	return answerTagged(c, http.StatusOK, roleResponse(role))
}

// updateRole replaces the fields of a role of the organization's own.
//
//	@Summary	Change a role
//	@ID			updateRole
//	@Description	Replaces name and permissions; whoever has the role has them with the next request. Built-in roles stay as they are: `conflict`.
//	@Description	With `If-Match`, only what you have read is replaced: `precondition_failed` where somebody has changed it since. Without, the last one wins.
//	@Tags		members
//	@Param		organization_id	path		string		true	"Organization"	format(uuid)
//	@Param		role_id			path		string		true	"Role"	format(uuid)
//	@Param		If-Match		header		string		false	"`ETag` of the answer that was edited"
//	@Param		body			body		RoleRequest	true	"The role"
//	@Success	200				{object}	Role
//	@Failure	403				{object}	Problem	"grant_exceeds_own_role"
//	@Failure	409				{object}	Problem	"conflict"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/roles/{role_id} [patch]
func (s *Server) updateRole(c echo.Context) error {
	id, err := pathID(c, "role_id")
	if err != nil {
		return err
	}
	var request RoleRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	role, err := s.Organizations.UpdateRole(c.Request().Context(), actor(c), id, request.fields(), ifMatch(c, roleResponse))
	if err != nil {
		return err
	}
	return answerTagged(c, http.StatusOK, roleResponse(role))
}

// deleteRole removes a role of the organization's own.
//
//	@Summary	Delete a role
//	@ID			deleteRole
//	@Description	`role_in_use` while somebody has it and no `replacement_id` is named. Built-in roles stay: `conflict`.
//	@Tags		members
//	@Param		organization_id	path	string	true	"Organization"	format(uuid)
//	@Param		role_id			path	string	true	"Role"	format(uuid)
//	@Param		replacement_id	query	string	false	"The role that its members get"	format(uuid)
//	@Success	204
//	@Failure	403	{object}	Problem	"grant_exceeds_own_role"
//	@Failure	409	{object}	Problem	"conflict, owner_protected, role_in_use"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/roles/{role_id} [delete]
func (s *Server) deleteRole(c echo.Context) error {
	id, err := pathID(c, "role_id")
	if err != nil {
		return err
	}
	replacement := uuid.Nil
	if given := c.QueryParam("replacement_id"); given != "" {
		var fields check.Fields
		replacement = fields.ID("replacement_id", given)
		if err := fields.Err(); err != nil {
			return err
		}
	}
	if err := s.Organizations.DeleteRole(c.Request().Context(), actor(c), id, replacement); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (r RoleRequest) fields() organization.RoleFields {
	return organization.RoleFields{Name: r.Name, Permissions: r.Permissions}
}

func roleResponse(r organization.Role) Role {
	return Role{ID: r.ID, Code: r.Code, Name: r.Name, Builtin: r.IsBuiltin(), Permissions: r.Permissions}
}
