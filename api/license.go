package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/billing"
	"github.com/interpos/cabinet/internal/license"
)

// LicenseList is an organization's licenses.
type LicenseList struct {
	Items   []License      `json:"items"`
	Support SupportContact `json:"support"`
}

// SupportContact is whom customers of this cabinet ask; what the operator has not told is empty.
type SupportContact struct {
	Email string `json:"email" example:"support@cabinet.example"`
	Phone string `json:"phone" example:"+7 495 000-00-00"`
}

// License is the right to a module until a date.
type License struct {
	ID             uuid.UUID      `json:"id" format:"uuid" example:"b1d6a1de-9c53-4f0a-8c4b-0b6a3b0b1c77"`
	Module         license.Module `json:"module" swaggertype:"string" enums:"delivery" example:"delivery"`
	ValidUntil     *time.Time     `json:"valid_until" extensions:"x-nullable" example:"2026-08-25T21:00:00Z"`                      // The moment that it ends with; null: never renewed
	LastDay        *string        `json:"last_day" format:"date" extensions:"x-nullable" example:"2026-08-25"`                     // The last day that it is valid on, in the organization's time zone; null: never renewed
	DaysLeft       int            `json:"days_left" example:"5"`                                                                   // Today and the last day included; 0: it opens nothing
	Status         license.Status `json:"status" swaggertype:"string" enums:"inactive,active,expiring,expired" example:"inactive"` // expiring: 7 days or less are left
	TrialAvailable bool           `json:"trial_available" example:"true"`                                                          // Whether the trial of 14 days may be taken now
	Offers         []RenewalOffer `json:"offers"`                                                                                  // What it may be renewed by; empty: the operator has no price in the organization's currency
}

// RenewalOffer is a period with its price.
type RenewalOffer struct {
	Months   int         `json:"months" enums:"1,3,6,12" example:"3"`
	Price    json.Number `json:"price" swaggertype:"number" example:"4200.50"`
	Currency string      `json:"currency" example:"RUB"` // ISO 4217
}

// listLicenses lists an organization's licenses.
//
//	@Summary	List the licenses
//	@ID			listLicenses
//	@Tags		organizations
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	LicenseList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/licenses [get]
func (s *Server) listLicenses(c echo.Context) error {
	holder, err := s.Licenses.Holder(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	response := LicenseList{Items: make([]License, len(holder.Licenses)), Support: s.Support}
	for i, listed := range holder.Licenses {
		response.Items[i] = licenseOf(listed, s.Renewals.Offers(listed.Module, holder.Currency))
	}
	return c.JSON(http.StatusOK, response)
}

func licenseOf(l license.Listed, offers []billing.Offer) License {
	shown := License{
		ID: l.ID, Module: l.Module, ValidUntil: utc(l.ValidUntil), DaysLeft: l.DaysLeft, Status: l.Status,
		TrialAvailable: l.CanTry, Offers: make([]RenewalOffer, len(offers)),
	}
	if l.LastDay != nil {
		last := l.LastDay.Format(time.DateOnly)
		shown.LastDay = &last
	}
	for i, offer := range offers {
		shown.Offers[i] = RenewalOffer{offer.Months, number(offer.Price), offer.Currency}
	}
	return shown
}
