package api

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
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

// listRoles lists an organization's roles.
//
//	@Summary	List the roles
//	@ID			listRoles
//	@Tags		organizations
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
		response.Items[i] = Role{ID: r.ID, Code: r.Code, Name: r.Name, Builtin: r.IsBuiltin(), Permissions: r.Permissions}
	}
	return c.JSON(http.StatusOK, response)
}
