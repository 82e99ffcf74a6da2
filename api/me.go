package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/license"
	"github.com/interpos/cabinet/internal/organization"
)

// MeResponse is the signed-in user.
type MeResponse struct {
	ID                    uuid.UUID        `json:"id" format:"uuid" example:"0f8a6c0e-6f1c-4f6e-9f55-0d8f6a2b7c11"`
	Email                 string           `json:"email" format:"email" example:"owner@example.com"`
	FullName              string           `json:"full_name" example:"Anna Petrova"`
	Phone                 string           `json:"phone" example:"+7 900 000-00-00"` // Empty if not given
	Locale                string           `json:"locale" enums:"ru,en" example:"ru"`
	OrganizationLimit     int              `json:"organization_limit" example:"1"`  // How many organizations the user may own; support raises it
	OrganizationsOwned    int              `json:"organizations_owned" example:"1"` // How many the user owns
	CurrentOrganizationID *uuid.UUID       `json:"current_organization_id" format:"uuid" extensions:"x-nullable" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	CurrentOrganization   *MyOrganization  `json:"current_organization" extensions:"x-nullable"` // null until one is chosen
	Organizations         []MyOrganization `json:"organizations"`                                // All that the user belongs to, by name
	CreatedAt             time.Time        `json:"created_at" example:"2026-05-25T17:03:12Z"`
}

// MyOrganization is an organization that the user belongs to, and what the user may do there.
type MyOrganization struct {
	ID          uuid.UUID           `json:"id" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	Name        string              `json:"name" example:"Coffee by the river"`
	Currency    string              `json:"currency" example:"RUB"`            // ISO 4217
	TimeZone    string              `json:"time_zone" example:"Europe/Moscow"` // IANA time zone
	DayStartsAt string              `json:"day_starts_at" example:"06:00"`     // Local time at which a business day begins
	Role        string              `json:"role" example:"owner"`              // Code of the user's role there; empty for a role of the organization's own
	RoleName    string              `json:"role_name" example:"Owner"`
	IsOwner     bool                `json:"is_owner" example:"true"`
	Permissions []access.Permission `json:"permissions" swaggertype:"array,string" example:"reports:view,sync:edit"` // What the role allows; edit includes view
	Modules     []license.Module    `json:"modules" swaggertype:"array,string" example:"delivery"`                   // Modules that are licensed now
}

// UpdateMeRequest are the fields to change; those left out stay.
type UpdateMeRequest struct {
	FullName              *string         `json:"full_name" validate:"optional" example:"Anna Petrova"`
	Phone                 *string         `json:"phone" validate:"optional" example:"+7 900 000-00-00"`
	Locale                *string         `json:"locale" validate:"optional" example:"ru"`
	CurrentOrganizationID json.RawMessage `json:"current_organization_id" validate:"optional" swaggertype:"string" format:"uuid" extensions:"x-nullable" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"` // An organization of the user's; null: none
}

// showMe tells who is signed in.
//
//	@Summary	Who is signed in
//	@Description	`304` without a body where `If-None-Match` has the current `ETag`.
//	@ID			getMe
//	@Tags		account
//	@Param		If-None-Match	header	string	false	"`ETag` of the answer that you have"
//	@Success	200		{object}	MeResponse
//	@Success	304
//	@Security	BearerAuth
//	@Router		/me [get]
func (s *Server) showMe(c echo.Context) error {
	ctx, me := c.Request().Context(), actor(c).UserID
	user, err := s.Accounts.Get(ctx, me)
	if err != nil {
		return err
	}
	list, err := s.Organizations.List(ctx, me)
	if err != nil {
		return err
	}
	return answerTagged(c, http.StatusOK, meResponse(user, list))
}

// updateMe changes the signed-in user.
//
//	@Summary	Change one's own details, or the organization one works in
//	@ID			updateMe
//	@Description	With `If-Match`, only what you have read is changed: `precondition_failed` where it has changed since. Without, the last one wins.
//	@Tags		account
//	@Param		If-Match	header	string	false	"`ETag` of the answer that was edited"
//	@Param		body	body		UpdateMeRequest	true	"What to change"
//	@Success	200		{object}	MeResponse
//	@Security	BearerAuth
//	@Router		/me [patch]
func (s *Server) updateMe(c echo.Context) error {
	var request UpdateMeRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	organization, err := nullableID("current_organization_id", request.CurrentOrganizationID)
	if err != nil {
		return err
	}
	ctx, me := c.Request().Context(), actor(c).UserID
	list, err := s.Organizations.List(ctx, me) // before the account is held: two connections at once could starve
	if err != nil {
		return err
	}
	show := func(user account.Account) MeResponse { return meResponse(user, list) }
	user, err := s.Accounts.Update(ctx, me, account.Changes{
		FullName: request.FullName, Phone: request.Phone, Locale: request.Locale, CurrentOrganization: organization,
	}, ifMatch(c, show))
	if err != nil {
		return err
	}
	return answerTagged(c, http.StatusOK, show(user))
}

// nullableID reads an id that may be left out (nil) or null (uuid.Nil).
func nullableID(field string, value json.RawMessage) (*uuid.UUID, error) {
	if value == nil {
		return nil, nil
	}
	if bytes.Equal(value, []byte("null")) {
		return &uuid.Nil, nil
	}
	var text string
	if err := json.Unmarshal(value, &text); err == nil {
		if id, err := uuid.Parse(text); err == nil && id != uuid.Nil {
			return &id, nil
		}
	}
	return nil, fault.Invalid(fault.Field{Field: field, Code: "uuid", Message: "must be a UUID or null"})
}

func meResponse(user account.Account, list organization.List) MeResponse {
	response := MeResponse{
		ID: user.ID, Email: user.Email, FullName: user.FullName, Phone: user.Phone, Locale: user.Locale,
		OrganizationLimit: user.OrganizationLimit, OrganizationsOwned: list.Owned, CreatedAt: user.CreatedAt.UTC(),
		Organizations: make([]MyOrganization, len(list.Items)),
	}
	for i, membership := range list.Items {
		mine := &response.Organizations[i]
		*mine = myOrganization(membership)
		if user.CurrentOrganizationID != nil && mine.ID == *user.CurrentOrganizationID {
			response.CurrentOrganizationID, response.CurrentOrganization = &mine.ID, mine
		}
	}
	return response
}

func myOrganization(m organization.Membership) MyOrganization {
	return MyOrganization{
		ID: m.ID, Name: m.Name, Currency: m.Currency, TimeZone: m.TimeZone, DayStartsAt: clock(m.DayStartsAt),
		Role: m.Role.Code, RoleName: m.Role.Name, IsOwner: m.Role.IsOwner(), Permissions: m.Role.Permissions, Modules: m.Modules,
	}
}
