package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/license"
)

// RenewalList is what became of the requests to renew a license, the newest first.
type RenewalList struct {
	Items []Renewal `json:"items"`
}

// Renewal is the act that moves the end of a license, from its request on.
type Renewal struct {
	ID          uuid.UUID             `json:"id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"`
	Number      int64                 `json:"number" example:"17"` // In the operator's books; name it when you pay
	Months      int                   `json:"months" enums:"1,3,6,12" example:"3"`
	Price       json.Number           `json:"price" swaggertype:"number" example:"4200.50"`
	Currency    string                `json:"currency" example:"RUB"` // ISO 4217
	Status      license.RenewalStatus `json:"status" swaggertype:"string" enums:"pending,confirmed,declined,withdrawn" example:"pending"`
	RequestedAt time.Time             `json:"requested_at" example:"2026-05-25T17:03:12Z"`
	DecidedAt   *time.Time            `json:"decided_at" extensions:"x-nullable" example:"2026-05-26T09:00:00Z"`  // null: pending
	ValidUntil  *time.Time            `json:"valid_until" extensions:"x-nullable" example:"2026-08-25T21:00:00Z"` // The license's end, as this renewal has moved it; null: it is not confirmed
}

func renewalOf(r license.Renewal) Renewal {
	return Renewal{
		ID: r.ID, Number: r.Number, Months: r.Months, Price: number(r.Price), Currency: r.Currency, Status: r.Status,
		RequestedAt: r.RequestedAt.UTC(), DecidedAt: utc(r.DecidedAt), ValidUntil: utc(r.ValidUntil),
	}
}

// RenewalRequest asks for a license to be renewed.
type RenewalRequest struct {
	Months int `json:"months" example:"3"` // One of the license's offers: 1, 3, 6 or 12
}

// requestRenewal asks for a license to be renewed.
//
//	@Summary	Request a renewal
//	@ID			requestRenewal
//	@Description	At the price of now, which the license's `offers` tell. The license grows once the operator confirms that the renewal is paid: from its last day while that is ahead, else from the day of the confirmation, and by whole months that are counted from the day of the month on which its paid time began. One renewal of a license is pending at a time, and 20 are requested in 24 hours at the most.
//	@Tags		organizations
//	@Param		Idempotency-Key	header	string	false	"A new UUID, say: the same request with it, within 24 hours, gets the same answer and makes nothing twice"
//	@Param		organization_id	path		string			true	"Organization"	format(uuid)
//	@Param		license_id		path		string			true	"License"		format(uuid)
//	@Param		body			body		RenewalRequest	true	"For how long"
//	@Success	201				{object}	Renewal
//	@Failure	409				{object}	Problem	"conflict"
//	@Failure	429				{object}	Problem	"rate_limited"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/licenses/{license_id}/renewals [post]
func (s *Server) requestRenewal(c echo.Context) error {
	licenseID, err := pathID(c, "license_id")
	if err != nil {
		return err
	}
	var request RenewalRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	made, err := s.Renewals.Request(c.Request().Context(), actor(c), licenseID, request.Months)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, c.Request().URL.Path+"/"+made.ID.String())
	return c.JSON(http.StatusCreated, renewalOf(made))
}

// listRenewals lists what became of the requests to renew a license.
//
//	@Summary	List the renewals of a license
//	@ID			listRenewals
//	@Description	The newest first, 1,000 at the most.
//	@Tags		organizations
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Param		license_id		path		string	true	"License"		format(uuid)
//	@Success	200				{object}	RenewalList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/licenses/{license_id}/renewals [get]
func (s *Server) listRenewals(c echo.Context) error {
	licenseID, err := pathID(c, "license_id")
	if err != nil {
		return err
	}
	listed, err := s.Renewals.ListRenewals(c.Request().Context(), actor(c).OrganizationID, licenseID)
	if err != nil {
		return err
	}
	response := RenewalList{Items: make([]Renewal, len(listed))}
	for i, renewal := range listed {
		response.Items[i] = renewalOf(renewal)
	}
	return c.JSON(http.StatusOK, response)
}

// showRenewal gives one renewal.
//
//	@Summary	Read a renewal
//	@ID			getRenewal
//	@Tags		organizations
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Param		license_id		path		string	true	"License"		format(uuid)
//	@Param		renewal_id		path		string	true	"Renewal"		format(uuid)
//	@Success	200				{object}	Renewal
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/licenses/{license_id}/renewals/{renewal_id} [get]
func (s *Server) showRenewal(c echo.Context) error {
	licenseID, renewalID, err := renewalPath(c)
	if err != nil {
		return err
	}
	found, err := s.Renewals.GetRenewal(c.Request().Context(), actor(c).OrganizationID, licenseID, renewalID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, renewalOf(found))
}

// withdrawRenewal takes a pending renewal back.
//
//	@Summary	Withdraw a renewal
//	@ID			withdrawRenewal
//	@Description	Only a pending one. It keeps its number, and stays in the list as `withdrawn`.
//	@Tags		organizations
//	@Param		organization_id	path	string	true	"Organization"	format(uuid)
//	@Param		license_id		path	string	true	"License"		format(uuid)
//	@Param		renewal_id		path	string	true	"Renewal"		format(uuid)
//	@Success	204
//	@Failure	409		{object}	Problem	"conflict"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/licenses/{license_id}/renewals/{renewal_id} [delete]
func (s *Server) withdrawRenewal(c echo.Context) error {
	licenseID, renewalID, err := renewalPath(c)
	if err != nil {
		return err
	}
	if err := s.Renewals.Withdraw(c.Request().Context(), actor(c).OrganizationID, licenseID, renewalID); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func renewalPath(c echo.Context) (licenseID, renewalID uuid.UUID, err error) {
	if licenseID, err = pathID(c, "license_id"); err == nil {
		renewalID, err = pathID(c, "renewal_id")
	}
	return licenseID, renewalID, err
}

// takeTrial opens a license for a trial.
//
//	@Summary	Take the trial of a license
//	@ID			takeTrial
//	@Description	14 days after today, once in the license's life, while it does not open its module anyway.
//	@Tags		organizations
//	@Param		Idempotency-Key	header	string	false	"A new UUID, say: the same request with it, within 24 hours, gets the same answer and makes nothing twice"
//	@Param		organization_id	path	string	true	"Organization"	format(uuid)
//	@Param		license_id		path	string	true	"License"		format(uuid)
//	@Success	204
//	@Failure	409		{object}	Problem	"conflict"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/licenses/{license_id}/trial [post]
func (s *Server) takeTrial(c echo.Context) error {
	licenseID, err := pathID(c, "license_id")
	if err != nil {
		return err
	}
	if err := s.Renewals.TakeTrial(c.Request().Context(), actor(c).OrganizationID, licenseID); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
