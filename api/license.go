package api

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/license"
)

// LicenseList is an organization's licenses.
type LicenseList struct {
	Items []License `json:"items"`
}

// License is the right to a module until a date.
type License struct {
	ID         uuid.UUID      `json:"id" format:"uuid" example:"b1d6a1de-9c53-4f0a-8c4b-0b6a3b0b1c77"`
	Module     license.Module `json:"module" swaggertype:"string" enums:"delivery" example:"delivery"`
	ValidUntil *time.Time     `json:"valid_until" extensions:"x-nullable" example:"2026-08-25T17:03:12Z"`                      // null: never renewed
	Status     license.Status `json:"status" swaggertype:"string" enums:"inactive,active,expiring,expired" example:"inactive"` // expiring: 7 days or less are left
}

// listLicenses lists an organization's licenses.
//
//	@Summary	List the licenses
//	@ID			listLicenses
//	@Tags		organizations
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	LicenseList
//	@Failure	default			{object}	Problem
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/licenses [get]
func (s *Server) listLicenses(c echo.Context) error {
	listed, err := s.Licenses.List(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	response := LicenseList{Items: make([]License, len(listed))}
	for i, l := range listed {
		response.Items[i] = License{ID: l.ID, Module: l.Module, ValidUntil: utc(l.ValidUntil), Status: l.Status}
	}
	return c.JSON(http.StatusOK, response)
}
