package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/sync"
)

// SyncStatus is how an organization's synchronization stands.
type SyncStatus struct {
	Epoch          string          `json:"epoch" format:"uuid" example:"3b0f4f0e-58d7-4b2e-8a3d-9a7f1e0c2d44"`
	Head           int64           `json:"head" example:"40213"`                                                   // Number of the feed's newest change
	LastContactAt  *time.Time      `json:"last_contact_at" extensions:"x-nullable" example:"2026-05-25T17:03:12Z"` // null: no device has said hello yet
	LastPushAt     *time.Time      `json:"last_push_at" extensions:"x-nullable" example:"2026-05-25T17:03:12Z"`    // null: nothing was pushed yet
	Devices        int             `json:"devices" example:"3"`
	Rejections     int             `json:"rejections" example:"2"`          // Records that are kept as rejected
	MaxRejections  int             `json:"max_rejections" example:"10000"`  // So many are kept
	RejectionsFull bool            `json:"rejections_full" example:"false"` // As many are kept, by count or bytes, as may be: further rejected records are not
	Counts         []SyncKindCount `json:"counts"`
}

// SyncKindCount is how many records of a kind there are.
type SyncKindCount struct {
	Kind       string `json:"kind" example:"receipt"`
	Records    int    `json:"records" example:"31877"` // Without the deleted ones
	Deleted    int    `json:"deleted" example:"4"`
	Rejections int    `json:"rejections" example:"2"`
}

// Device is an installation that synchronizes.
type Device struct {
	ID               string     `json:"id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"`
	Name             string     `json:"name" example:"Till computer, Lenina 5"`
	Agent            string     `json:"agent" example:"interpos-agent"`
	AgentVersion     string     `json:"agent_version" example:"1.0.0"`
	ClockSkewSeconds *int64     `json:"clock_skew_seconds" extensions:"x-nullable" example:"2"` // How far its clock is ahead; negative: behind; null: it has not told its time
	FirstSeenAt      time.Time  `json:"first_seen_at" example:"2026-05-25T17:03:12Z"`
	LastSeenAt       time.Time  `json:"last_seen_at" example:"2026-05-25T17:03:12Z"`
	LastPushAt       *time.Time `json:"last_push_at" extensions:"x-nullable" example:"2026-05-25T17:03:12Z"`
	LastPullAt       *time.Time `json:"last_pull_at" extensions:"x-nullable" example:"2026-05-25T17:03:12Z"`
}

// DeviceList is all devices of an organization, the one heard last first.
type DeviceList struct {
	Items []Device `json:"items"`
}

// SyncSource is a local database that the organization's records come from.
type SyncSource struct {
	ID         string            `json:"id" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	Name       string            `json:"name" example:"Coffee by the river, till database"`
	CreatedAt  time.Time         `json:"created_at" example:"2026-05-25T17:03:12Z"`                           // When the cabinet first heard of it
	LastSeenAt *time.Time        `json:"last_seen_at" extensions:"x-nullable" example:"2026-05-25T17:03:12Z"` // Of the device heard last; null: all its devices have gone over to another source
	Devices    []SourceDevice    `json:"devices"`                                                             // That synchronize it, the one heard last first
	Kinds      []SourceKindCount `json:"kinds"`                                                               // What came from it; a record counts for the source whose device changed it last
}

// SourceKindCount is how many records of a kind came from a source.
type SourceKindCount struct {
	Kind    string `json:"kind" example:"receipt"`
	Records int    `json:"records" example:"31877"` // Without the deleted ones
}

// SyncSourceList is all sources of an organization, the oldest first.
type SyncSourceList struct {
	Items []SyncSource `json:"items"`
}

// Rejection is a pushed record that broke a rule, kept until it heals.
type Rejection struct {
	Kind            string          `json:"kind" example:"receipt"`
	ID              string          `json:"id" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"` // As sent, be it a UUID or not; a UUID in lower case
	DeviceID        string          `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"`
	DeviceName      string          `json:"device_name" example:"Till computer, Lenina 5"`
	Code            string          `json:"code" example:"payments_mismatch"` // The first rule that was broken
	Errors          []fault.Field   `json:"errors"`
	ModifiedAt      *time.Time      `json:"modified_at" extensions:"x-nullable" example:"2026-05-25T17:03:12Z"` // null: it could not be read
	Deleted         bool            `json:"deleted" example:"false"`
	Attempts        int             `json:"attempts" example:"3"` // How often it was sent
	FirstRejectedAt time.Time       `json:"first_rejected_at" example:"2026-05-25T17:03:12Z"`
	LastRejectedAt  time.Time       `json:"last_rejected_at" example:"2026-05-25T17:03:12Z"`
	Data            json.RawMessage `json:"data" swaggertype:"object" extensions:"x-nullable"` // As sent; null where that is no object, or too large to be kept
}

// RejectionList is a page of rejections, the newest first.
type RejectionList struct {
	Items      []Rejection `json:"items"`
	NextCursor string      `json:"next_cursor,omitempty" validate:"optional"` // Left out on the last page
	Total      int         `json:"total" example:"2"`
}

// syncStatus shows how synchronization stands.
//
//	@Summary	Show how synchronization stands
//	@ID			getSyncStatus
//	@Tags		synchronization
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	SyncStatus
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/sync/status [get]
func (s *Server) syncStatus(c echo.Context) error {
	overview, err := s.Feed.Overview(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	status := SyncStatus{
		Epoch: overview.Feed.Epoch.String(), Head: overview.Feed.Head,
		LastContactAt: utc(overview.LastContactAt), LastPushAt: utc(overview.LastPushAt),
		Devices: overview.Devices, Rejections: overview.Rejections,
		MaxRejections: sync.MaxRejections, RejectionsFull: overview.Full,
		Counts: make([]SyncKindCount, len(overview.Counts)),
	}
	for i, count := range overview.Counts {
		status.Counts[i] = SyncKindCount(count)
	}
	return c.JSON(http.StatusOK, status)
}

// syncDevices lists the devices.
//
//	@Summary	List devices
//	@ID			listDevices
//	@Tags		synchronization
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	DeviceList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/sync/devices [get]
func (s *Server) syncDevices(c echo.Context) error {
	devices, err := s.Feed.Devices(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	list := DeviceList{Items: make([]Device, len(devices))}
	for i, d := range devices {
		list.Items[i] = Device{
			ID: d.ID.String(), Name: d.Name, Agent: d.Agent, AgentVersion: d.AgentVersion, ClockSkewSeconds: d.ClockSkewSeconds,
			FirstSeenAt: d.FirstSeenAt.UTC(), LastSeenAt: d.LastSeenAt.UTC(), LastPushAt: utc(d.LastPushAt), LastPullAt: utc(d.LastPullAt),
		}
	}
	return c.JSON(http.StatusOK, list)
}

// syncSources lists the local databases.
//
//	@Summary	List local databases
//	@ID			listSyncSources
//	@Description	The databases that the organization's records come from, which devices synchronize each, and what came from it. What devices sent that have not named their database counts for none.
//	@Tags		synchronization
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	SyncSourceList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/sync/sources [get]
func (s *Server) syncSources(c echo.Context) error {
	sources, err := s.Feed.SourceSummaries(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	list := SyncSourceList{Items: make([]SyncSource, len(sources))}
	for i := range sources {
		list.Items[i] = syncSourceOf(&sources[i])
	}
	return c.JSON(http.StatusOK, list)
}

func syncSourceOf(s *sync.SourceSummary) SyncSource {
	told := sourceOf(&s.Source)
	source := SyncSource{ID: told.ID, Name: told.Name, CreatedAt: told.CreatedAt, Devices: told.Devices, Kinds: make([]SourceKindCount, len(s.Kinds))}
	if len(told.Devices) > 0 {
		source.LastSeenAt = &told.Devices[0].LastSeenAt
	}
	for i, kind := range s.Kinds {
		source.Kinds[i] = SourceKindCount(kind)
	}
	return source
}

// syncRejections lists what is kept as rejected, for the cabinet's users.
//
//	@Summary	List rejections
//	@ID			listRejections
//	@Tags		synchronization
//	@Param		organization_id	path		string			true	"Organization"	format(uuid)
//	@Param		query			query		RejectionQuery	false	"Filter and page"
//	@Success	200				{object}	RejectionList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/sync/rejections [get]
func (s *Server) syncRejections(c echo.Context) error {
	list, err := s.rejections(c, actor(c).OrganizationID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, list)
}

// deviceRejections lists what is kept as rejected, for a local database.
//
//	@Summary	List rejections
//	@ID			listDeviceRejections
//	@Tags		sync
//	@Param		query	query		RejectionQuery	false	"Filter and page"
//	@Success	200		{object}	RejectionList
//	@Security	SyncKey
//	@Router		/sync/rejections [get]
func (s *Server) deviceRejections(c echo.Context) error {
	list, err := s.rejections(c, keyOrganization(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, list)
}

// dismissRejection forgets a rejection that nobody will mend.
//
//	@Summary	Dismiss a rejection
//	@ID			dismissRejection
//	@Description	For a record that its source will never send right. Sent again as it was, it is rejected again.
//	@Tags		synchronization
//	@Param		organization_id	path	string	true	"Organization"	format(uuid)
//	@Param		kind			path	string	true	"Kind, as it was sent"
//	@Param		id				path	string	true	"Id, as it was sent"
//	@Success	204
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/sync/rejections/{kind}/{id} [delete]
func (s *Server) dismissRejection(c echo.Context) error {
	if err := s.Feed.Dismiss(c.Request().Context(), actor(c).OrganizationID, c.Param("kind"), c.Param("id")); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// RejectionQuery selects rejections.
type RejectionQuery struct {
	Kind string `query:"kind" json:"kind" validate:"optional" example:"receipt"` // Only this kind
	PageQuery
}

func (s *Server) rejections(c echo.Context, organization uuid.UUID) (RejectionList, error) {
	query := sync.RejectionQuery{Kind: c.QueryParam("kind"), Cursor: c.QueryParam("cursor")}
	var err error
	if query.Limit, err = queryNumber[PageQuery](c, "limit"); err != nil {
		return RejectionList{}, err
	}
	page, err := s.Feed.Rejections(c.Request().Context(), organization, query)
	if err != nil {
		return RejectionList{}, err
	}
	list := RejectionList{Items: make([]Rejection, len(page.Rejections)), Total: page.Total, NextCursor: page.Next}
	for i := range page.Rejections {
		list.Items[i] = rejectionOf(&page.Rejections[i])
	}
	return list, nil
}

func rejectionOf(r *sync.Rejection) Rejection {
	return Rejection{
		Kind: r.Kind, ID: r.ID, DeviceID: r.DeviceID.String(), DeviceName: r.DeviceName, Code: r.Code, Errors: r.Errors,
		ModifiedAt: utc(r.ModifiedAt), Deleted: r.Deleted, Attempts: r.Attempts,
		FirstRejectedAt: r.FirstRejectedAt.UTC(), LastRejectedAt: r.LastRejectedAt.UTC(), Data: r.Data,
	}
}

func utc(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	u := at.UTC()
	return &u
}
