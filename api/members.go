package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/organization"
)

// MemberList is an organization's members, by name.
type MemberList struct {
	Items []MemberItem `json:"items"`
}

// MemberItem is a member in the list.
type MemberItem struct {
	Member
	LastVisitAt *time.Time `json:"last_visit_at" extensions:"x-nullable" example:"2026-05-25T17:03:12Z"` // Of the cabinet, in any organization; null where no session is kept any more
}

// Member is a user in an organization.
type Member struct {
	UserID   uuid.UUID `json:"user_id" format:"uuid" example:"0f8a6c0e-6f1c-4f6e-9f55-0d8f6a2b7c11"`
	Email    string    `json:"email" example:"anna@example.com"`
	FullName string    `json:"full_name" example:"Anna Petrova"`
	RoleID   uuid.UUID `json:"role_id" format:"uuid" example:"2b7a9c1d-2e3f-4055-8d3b-6d3c1e0f4a4d"`
	Role     string    `json:"role" example:"manager"` // Code of the role; empty for one of the organization's own
	RoleName string    `json:"role_name" example:"Manager"`
	IsOwner  bool      `json:"is_owner" example:"false"`
	JoinedAt time.Time `json:"joined_at" example:"2026-05-25T17:03:12Z"`
}

// MemberRequest gives a member another role.
type MemberRequest struct {
	RoleID string `json:"role_id" format:"uuid" example:"2b7a9c1d-2e3f-4055-8d3b-6d3c1e0f4a4d"` // A role of the organization, and not the owner's. None that allows what one's own does not
}

// listMembers lists an organization's members.
//
//	@Summary	List the members
//	@ID			listMembers
//	@Tags		members
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	MemberList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/members [get]
func (s *Server) listMembers(c echo.Context) error {
	members, err := s.Organizations.Members(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	response := MemberList{Items: make([]MemberItem, len(members))}
	for i, m := range members {
		response.Items[i] = MemberItem{Member: memberResponse(m)}
		if m.LastVisitAt != nil {
			visited := m.LastVisitAt.UTC()
			response.Items[i].LastVisitAt = &visited
		}
	}
	return c.JSON(http.StatusOK, response)
}

// showMember gives one member.
//
//	@Summary	Read a member
//	@ID			getMember
//	@Description	`304` without a body where `If-None-Match` has the current `ETag`.
//	@Tags		members
//	@Param		If-None-Match	header	string	false	"`ETag` of the answer that you have"
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Param		user_id			path		string	true	"Member"	format(uuid)
//	@Success	200				{object}	Member
//	@Success	304
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/members/{user_id} [get]
func (s *Server) showMember(c echo.Context) error {
	id, err := pathID(c, "user_id")
	if err != nil {
		return err
	}
	member, err := s.Organizations.Member(c.Request().Context(), actor(c).OrganizationID, id)
	if err != nil {
		return err
	}
	return answerTagged(c, http.StatusOK, memberResponse(member))
}

// updateMember gives a member another role.
//
//	@Summary	Give a member another role
//	@ID			updateMember
//	@Description	It holds from the member's next request on. `grant_exceeds_own_role` where the old or the new role allows what one's own does not; `owner_protected` for the owner and for the owner's role.
//	@Description	With `If-Match`, only what you have read is changed: `precondition_failed` where somebody has changed it since. Without, the last one wins.
//	@Tags		members
//	@Param		organization_id	path		string			true	"Organization"	format(uuid)
//	@Param		user_id			path		string			true	"Member"	format(uuid)
//	@Param		If-Match		header		string			false	"`ETag` of the answer that was edited"
//	@Param		body			body		MemberRequest	true	"The role"
//	@Success	200				{object}	Member
//	@Failure	403				{object}	Problem	"grant_exceeds_own_role"
//	@Failure	409				{object}	Problem	"owner_protected"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/members/{user_id} [patch]
func (s *Server) updateMember(c echo.Context) error {
	id, err := pathID(c, "user_id")
	if err != nil {
		return err
	}
	var request MemberRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	var fields check.Fields
	role := fields.ID("role_id", request.RoleID)
	if err := fields.Err(); err != nil {
		return err
	}
	member, err := s.Organizations.ChangeMember(c.Request().Context(), actor(c), id, role, ifMatch(c, memberResponse))
	if err != nil {
		return err
	}
	return answerTagged(c, http.StatusOK, memberResponse(member))
}

// removeMember takes a member out of the organization.
//
//	@Summary	Remove a member, or leave
//	@ID			removeMember
//	@Description	Whoever may edit members removes others, within what one's own role allows; anybody leaves with the own id, but the owner: `owner_protected`. It holds from the next request on.
//	@Tags		members
//	@Param		organization_id	path	string	true	"Organization"	format(uuid)
//	@Param		user_id			path	string	true	"Member"	format(uuid)
//	@Success	204
//	@Failure	403	{object}	Problem	"grant_exceeds_own_role"
//	@Failure	409	{object}	Problem	"owner_protected"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/members/{user_id} [delete]
func (s *Server) removeMember(c echo.Context) error {
	id, err := pathID(c, "user_id")
	if err != nil {
		return err
	}
	if err := s.Organizations.RemoveMember(c.Request().Context(), actor(c), id); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func memberResponse(m organization.Member) Member {
	return Member{
		UserID: m.UserID, Email: m.Email, FullName: m.FullName, RoleID: m.Role.ID, Role: m.Role.Code,
		RoleName: m.Role.Name, IsOwner: m.Role.IsOwner(), JoinedAt: m.JoinedAt.UTC(),
	}
}
