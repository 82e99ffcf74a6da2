package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/sync"
)

// SourceRequest is what a device says of the database that it synchronizes.
type SourceRequest struct {
	Name     string `json:"name" example:"Coffee by the river, till database"`                                       // Of the database, for people; one of its own in the organization, whatever the case of its letters
	DeviceID string `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"`                  // The device, which has said hello before
	Evidence string `json:"evidence" validate:"optional" example:"receipt 17 9f86d081884c7d65, receipt 23 2feaa0c5"` // By what the device would know this database again. The cabinet keeps it and hands it out, and does not read it
}

// Source is a database that the organization's records come from.
type Source struct {
	ID        string         `json:"id" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"` // What the ids of its records are made of. That of an organization's first source is the organization's
	Name      string         `json:"name" example:"Coffee by the river, till database"`
	Evidence  string         `json:"evidence" example:"receipt 17 9f86d081884c7d65, receipt 23 2feaa0c5"` // As the last device sent it; empty: none did
	CreatedAt time.Time      `json:"created_at" example:"2026-05-25T17:03:12Z"`
	Devices   []SourceDevice `json:"devices"` // That synchronize it, or have, the one heard last first
}

// SourceDevice is a device that synchronizes a source.
type SourceDevice struct {
	ID         string    `json:"id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"`
	Name       string    `json:"name" example:"Till computer, Lenina 5"`
	LastSeenAt time.Time `json:"last_seen_at" example:"2026-05-25T17:03:12Z"`
}

// SourceList is all sources of an organization, the oldest first.
type SourceList struct {
	Items []Source `json:"items"`
}

// sources lists the databases that records come from.
//
//	@Summary	List sources
//	@ID			listSources
//	@Description	The databases that the organization's records come from. A device that makes ids of keys makes them of its source's id as well, so that two databases which both count from 1 never claim the same ids.
//	@Tags		sync
//	@Success	200		{object}	SourceList
//	@Security	SyncKey
//	@Router		/sync/sources [get]
func (s *Server) sources(c echo.Context) error {
	sources, err := s.Feed.Sources(c.Request().Context(), keyOrganization(c))
	if err != nil {
		return err
	}
	list := SourceList{Items: make([]Source, len(sources))}
	for i := range sources {
		list.Items[i] = sourceOf(&sources[i])
	}
	return c.JSON(http.StatusOK, list)
}

// registerSource takes a new source up.
//
//	@Summary	Register a source
//	@ID			registerSource
//	@Description	Takes up a database that is not among the sources yet. The answer has the id that the ids of its records are to be made of. A name that is taken answers 409: either it is that database, or this one needs a name of its own.
//	@Tags		sync
//	@Param		body	body		SourceRequest	true	"The database"
//	@Success	201		{object}	Source
//	@Security	SyncKey
//	@Router		/sync/sources [post]
func (s *Server) registerSource(c echo.Context) error {
	claim, err := bindSource(c)
	if err != nil {
		return err
	}
	source, err := s.Feed.RegisterSource(c.Request().Context(), keyOrganization(c), claim)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, sourceOf(&source))
}

// claimSource notes who synchronizes a source.
//
//	@Summary	Claim a source
//	@ID			claimSource
//	@Description	Says that a device synchronizes a source, and renews the evidence by which the database is known again. A source that is not there is taken up under this id, as after the restoring of an older backup.
//	@Tags		sync
//	@Param		source_id	path		string			true	"Source"	format(uuid)
//	@Param		body		body		SourceRequest	true	"The database"
//	@Success	200			{object}	Source
//	@Security	SyncKey
//	@Router		/sync/sources/{source_id} [put]
func (s *Server) claimSource(c echo.Context) error {
	var fields check.Fields
	id := fields.ID("source_id", c.Param("source_id"))
	if err := fields.Err(); err != nil {
		return err
	}
	claim, err := bindSource(c)
	if err != nil {
		return err
	}
	source, err := s.Feed.ClaimSource(c.Request().Context(), keyOrganization(c), id, claim)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, sourceOf(&source))
}

// bindSource reads what a device says of its database. Errors: Malformed, ValidationFailed.
func bindSource(c echo.Context) (claim sync.SourceClaim, err error) {
	var request SourceRequest
	if err := bindJSON(c, &request); err != nil {
		return claim, err
	}
	var fields check.Fields
	claim = sync.SourceClaim{Name: fields.Line("name", request.Name), DeviceID: fields.ID("device_id", request.DeviceID), Evidence: request.Evidence}
	fields.Required("name", claim.Name)
	fields.Length("evidence", request.Evidence)
	return claim, fields.Err()
}

func sourceOf(s *sync.Source) Source {
	source := Source{ID: s.ID.String(), Name: s.Name, Evidence: s.Evidence, CreatedAt: s.CreatedAt.UTC(), Devices: make([]SourceDevice, len(s.Devices))}
	for i, d := range s.Devices {
		source.Devices[i] = SourceDevice{ID: d.ID.String(), Name: d.Name, LastSeenAt: d.LastSeenAt.UTC()}
	}
	return source
}
