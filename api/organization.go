package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/organization"
)

// OrganizationList is what the user belongs to, by name.
type OrganizationList struct {
	Items []OrganizationItem `json:"items"`
	Limit int                `json:"limit" example:"1"` // How many organizations the user may own
	Owned int                `json:"owned" example:"1"` // How many the user owns
}

// OrganizationItem is an organization in the list.
type OrganizationItem struct {
	ID        uuid.UUID `json:"id" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	Name      string    `json:"name" example:"Coffee by the river"`
	Currency  string    `json:"currency" example:"RUB"`            // ISO 4217
	TimeZone  string    `json:"time_zone" example:"Europe/Moscow"` // IANA time zone
	Role      string    `json:"role" example:"owner"`              // Code of the user's role there; empty for a role of the organization's own
	RoleName  string    `json:"role_name" example:"Owner"`
	IsOwner   bool      `json:"is_owner" example:"true"`
	CreatedAt time.Time `json:"created_at" example:"2026-05-25T17:03:12Z"`
}

// OrganizationRequest is an organization's form, whole.
type OrganizationRequest struct {
	Name                   string `json:"name" example:"Coffee by the river"`
	TimeZone               string `json:"time_zone" example:"Europe/Moscow"`                                 // IANA time zone
	Currency               string `json:"currency" example:"RUB"`                                            // ISO 4217
	DefaultDeliveryMinutes *int   `json:"default_delivery_minutes" example:"60"`                             // Minutes promised for a delivery
	DayStartsAt            string `json:"day_starts_at" validate:"optional" default:"00:00" example:"06:00"` // Local time at which a business day begins, HH:MM
	LegalName              string `json:"legal_name" validate:"optional" example:"River Coffee Ltd"`
	TaxNumber              string `json:"tax_number" validate:"optional" example:"7701234560"`
	Address                string `json:"address" validate:"optional" example:"Moscow, Lenina 5"`
	Phone                  string `json:"phone" validate:"optional" example:"+7 495 000-00-00"`
}

// OrganizationResponse is an organization as its members see it.
type OrganizationResponse struct {
	ID                     uuid.UUID           `json:"id" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	Name                   string              `json:"name" example:"Coffee by the river"`
	TimeZone               string              `json:"time_zone" example:"Europe/Moscow"`
	Currency               string              `json:"currency" example:"RUB"`
	DefaultDeliveryMinutes int                 `json:"default_delivery_minutes" example:"60"`
	DayStartsAt            string              `json:"day_starts_at" example:"06:00"`
	LegalName              string              `json:"legal_name" example:"River Coffee Ltd"`
	TaxNumber              string              `json:"tax_number" example:"7701234560"`
	Address                string              `json:"address" example:"Moscow, Lenina 5"`
	Phone                  string              `json:"phone" example:"+7 495 000-00-00"`
	SyncKey                string              `json:"sync_key,omitempty" example:"isk_0h8Q3ZrT5cK1yV7mB2nX9wL4pS6dF8gJ0kR3tY5uI7oA91AbCdE"` // Secret for the local database; only for those with sync:edit
	SyncKeyCreatedAt       *time.Time          `json:"sync_key_created_at,omitempty" example:"2026-05-25T17:03:12Z"`                         // Only for those with sync:edit
	Role                   string              `json:"role" example:"owner"`                                                                 // Code of the user's role here
	RoleName               string              `json:"role_name" example:"Owner"`
	Permissions            []access.Permission `json:"permissions" swaggertype:"array,string" example:"organization:edit,sync:edit"`
	CreatedAt              time.Time           `json:"created_at" example:"2026-05-25T17:03:12Z"`
	UpdatedAt              time.Time           `json:"updated_at" example:"2026-05-25T17:03:12Z"`
}

// SyncKeyResponse is a new sync key.
type SyncKeyResponse struct {
	SyncKey   string    `json:"sync_key" example:"isk_0h8Q3ZrT5cK1yV7mB2nX9wL4pS6dF8gJ0kR3tY5uI7oA91AbCdE"`
	CreatedAt time.Time `json:"created_at" example:"2026-05-25T17:03:12Z"`
}

// listOrganizations lists what the user belongs to.
//
//	@Summary	List one's organizations
//	@ID			listOrganizations
//	@Tags		organizations
//	@Success	200		{object}	OrganizationList
//	@Security	BearerAuth
//	@Router		/organizations [get]
func (s *Server) listOrganizations(c echo.Context) error {
	list, err := s.Organizations.List(c.Request().Context(), actor(c).UserID)
	if err != nil {
		return err
	}
	response := OrganizationList{Items: make([]OrganizationItem, len(list.Items)), Limit: list.Limit, Owned: list.Owned}
	for i, o := range list.Items {
		response.Items[i] = OrganizationItem{
			ID: o.ID, Name: o.Name, Currency: o.Currency, TimeZone: o.TimeZone, Role: o.Role.Code,
			RoleName: o.Role.Name, IsOwner: o.Role.IsOwner(), CreatedAt: o.CreatedAt.UTC(),
		}
	}
	return c.JSON(http.StatusOK, response)
}

// createOrganization makes an organization that the user owns.
//
//	@Summary	Create an organization
//	@ID			createOrganization
//	@Description	Makes its built-in roles, its sync key and its inactive Delivery license too. `organization_limit_reached` where the user owns as many as allowed.
//	@Tags		organizations
//	@Param		Idempotency-Key	header	string	false	"A new UUID, say: the same request with it, within 24 hours, gets the same answer and makes nothing twice"
//	@Param		body	body		OrganizationRequest	true	"The organization"
//	@Success	201		{object}	OrganizationResponse
//	@Failure	409	{object}	Problem	"organization_limit_reached"
//	@Security	BearerAuth
//	@Router		/organizations [post]
func (s *Server) createOrganization(c echo.Context) error {
	var request OrganizationRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	details, err := s.Organizations.Create(c.Request().Context(), actor(c).UserID, request.fields())
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, "/api/v1/organizations/"+details.ID.String())
	return answerTagged(c, http.StatusCreated, organizationResponse(details))
}

// showOrganization gives one organization.
//
//	@Summary	Read an organization
//	@ID			getOrganization
//	@Description	`304` without a body where `If-None-Match` has the current `ETag`.
//	@Tags		organizations
//	@Param		If-None-Match	header	string	false	"`ETag` of the answer that you have"
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	OrganizationResponse
//	@Success	304
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id} [get]
func (s *Server) showOrganization(c echo.Context) error {
	details, err := s.Organizations.Get(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	return answerTagged(c, http.StatusOK, organizationResponse(details))
}

// updateOrganization replaces the fields of an organization.
//
//	@Summary	Change an organization
//	@ID			updateOrganization
//	@Description	Replaces all fields. A new time zone or day start moves business days: reports are recomputed.
//	@Description	With `If-Match`, only what you have read is replaced: `precondition_failed` where somebody has changed it since. Without, the last one wins.
//	@Tags		organizations
//	@Param		organization_id	path		string				true	"Organization"	format(uuid)
//	@Param		If-Match		header		string				false	"`ETag` of the answer that was edited"
//	@Param		body			body		OrganizationRequest	true	"The organization"
//	@Success	200				{object}	OrganizationResponse
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id} [put]
func (s *Server) updateOrganization(c echo.Context) error {
	var request OrganizationRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	details, err := s.Organizations.Update(c.Request().Context(), actor(c), request.fields(), ifMatch(c, organizationResponse))
	if err != nil {
		return err
	}
	return answerTagged(c, http.StatusOK, organizationResponse(details))
}

// archiveOrganization takes an organization out of use.
//
//	@Summary	Archive an organization
//	@ID			archiveOrganization
//	@Description	For the owner. Its sync key stops working, and nobody sees it any more. Its data is kept.
//	@Tags		organizations
//	@Param		organization_id	path	string	true	"Organization"	format(uuid)
//	@Success	204
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id} [delete]
func (s *Server) archiveOrganization(c echo.Context) error {
	if err := s.Organizations.Archive(c.Request().Context(), actor(c)); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// replaceSyncKey makes a new sync key.
//
//	@Summary	Replace the sync key
//	@ID			replaceSyncKey
//	@Description	The key before stops working at once.
//	@Tags		organizations
//	@Param		Idempotency-Key	header	string	false	"A new UUID, say: the same request with it, within 24 hours, gets the same answer and makes nothing twice"
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	SyncKeyResponse
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/sync-key [post]
func (s *Server) replaceSyncKey(c echo.Context) error {
	key, err := s.Organizations.ReplaceSyncKey(c.Request().Context(), actor(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, SyncKeyResponse{SyncKey: key.Key, CreatedAt: key.CreatedAt.UTC()})
}

func (r OrganizationRequest) fields() organization.Fields {
	return organization.Fields{
		Name: r.Name, TimeZone: r.TimeZone, Currency: r.Currency, DefaultDeliveryMinutes: r.DefaultDeliveryMinutes,
		DayStartsAt: r.DayStartsAt, LegalName: r.LegalName, TaxNumber: r.TaxNumber, Address: r.Address, Phone: r.Phone,
	}
}

func organizationResponse(d organization.Details) OrganizationResponse {
	response := OrganizationResponse{
		ID: d.ID, Name: d.Name, TimeZone: d.TimeZone, Currency: d.Currency,
		DefaultDeliveryMinutes: d.DefaultDeliveryMinutes, DayStartsAt: clock(d.DayStartsAt),
		LegalName: d.LegalName, TaxNumber: d.TaxNumber, Address: d.Address, Phone: d.Phone,
		Role: d.Role.Code, RoleName: d.Role.Name, Permissions: d.Role.Permissions,
		CreatedAt: d.CreatedAt.UTC(), UpdatedAt: d.UpdatedAt.UTC(),
	}
	if d.SyncKey != nil {
		created := d.SyncKey.CreatedAt.UTC()
		response.SyncKey, response.SyncKeyCreatedAt = d.SyncKey.Key, &created
	}
	return response
}
