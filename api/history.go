package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// RecordHistory is a page of the versions of a record, the newest first, the
// current one included.
type RecordHistory struct {
	Items       []RecordVersion `json:"items"`
	NextCursor  string          `json:"next_cursor,omitempty" validate:"optional"` // Left out on the last page
	Total       int64           `json:"total" example:"3"`                         // Versions that are kept
	RemovedUpTo int64           `json:"removed_up_to" example:"0"`                 // Versions up to this one are no longer kept; 0: all are
	Named
}

// RecordVersion is what a record was at a time.
type RecordVersion struct {
	Version     int64              `json:"version" example:"3"`
	Seq         int64              `json:"seq" example:"40213"` // Its place in the feed
	ModifiedAt  time.Time          `json:"modified_at" example:"2026-05-25T17:03:12Z"`
	ReceivedAt  time.Time          `json:"received_at" example:"2026-05-25T17:03:12Z"`
	DeviceID    string             `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"` // That sent this version
	DeviceName  string             `json:"device_name" example:"Till computer, Lenina 5"`
	Deleted     bool               `json:"deleted" example:"false"`
	Event       string             `json:"event" enums:"created,changed,deleted,restored,unknown" example:"changed"` // unknown: the version before is no longer kept
	Differences []RecordDifference `json:"differences"`                                                              // Against the version before; of a restored record, against what it was when it was deleted
	Data        json.RawMessage    `json:"data" swaggertype:"object"`
	Chain       string             `json:"chain" example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"` // SHA-256 over this version and the chain of the one before
}

// RecordDifference is one field about which two versions do not agree.
type RecordDifference struct {
	Field  string `json:"field" example:"lines[2].quantity"`                            // The numbers are places in this version; of an item that was removed, its place in the version before
	Change string `json:"change" enums:"changed,added,removed,moved" example:"changed"` // moved: the items of a list stand in another order
	Before any    `json:"before,omitempty" validate:"optional"`                         // Left out where it was added or moved
	After  any    `json:"after,omitempty" validate:"optional"`                          // Left out where it was removed or moved
}

// HistoryQuery selects versions.
type HistoryQuery struct {
	PageQuery
}

// documentHistory shows what a document was.
//
//	@Summary	Show the history of a document
//	@ID			getDocumentHistory
//	@Tags		documents
//	@Param		organization_id	path		string			true	"Organization"	format(uuid)
//	@Param		kind			path		string			true	"Kind"	example(receipt)
//	@Param		id				path		string			true	"Document"	format(uuid)
//	@Param		query			query		HistoryQuery	false	"Page"
//	@Success	200				{object}	RecordHistory
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/documents/{kind}/{id}/history [get]
func (s *Server) documentHistory(c echo.Context) error { return s.recordHistory(c, true) }

// directoryHistory shows what a directory record was.
//
//	@Summary	Show the history of a directory record
//	@ID			getDirectoryRecordHistory
//	@Tags		directories
//	@Param		organization_id	path		string			true	"Organization"	format(uuid)
//	@Param		kind			path		string			true	"Kind"	example(product)
//	@Param		id				path		string			true	"Record"	format(uuid)
//	@Param		query			query		HistoryQuery	false	"Page"
//	@Success	200				{object}	RecordHistory
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/directories/{kind}/{id}/history [get]
func (s *Server) directoryHistory(c echo.Context) error { return s.recordHistory(c, false) }

func (s *Server) recordHistory(c echo.Context, document bool) error {
	if _, err := browse.FindKind(c.Param("kind"), document); err != nil {
		return err
	}
	query, err := versionQuery(c)
	if err != nil {
		return err
	}
	ctx, organization := c.Request().Context(), actor(c).OrganizationID
	found, err := s.Feed.Versions(ctx, organization, query)
	if err != nil {
		return err
	}
	names, err := s.Records.Names(ctx, organization, referencesIn(found))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, historyOf(found, names))
}

func versionQuery(c echo.Context) (sync.VersionQuery, error) {
	query := sync.VersionQuery{Kind: c.Param("kind"), Cursor: c.QueryParam("cursor")}
	var err error
	if query.ID, err = pathID(c, "id"); err != nil {
		return query, err
	}
	query.Limit, err = queryNumber[PageQuery](c, "limit")
	return query, err
}

// referencesIn are the ids in all that a page of a history shows.
func referencesIn(history sync.History) (references browse.References) {
	for _, version := range history.Versions {
		references.AddFrom(version.Data)
		for _, difference := range version.Differences {
			references.AddFrom(difference.Before)
		}
	}
	return references
}

func historyOf(h sync.History, names map[uuid.UUID]browse.Name) RecordHistory {
	answer := RecordHistory{
		Items: make([]RecordVersion, len(h.Versions)), Total: h.Total, NextCursor: h.NextCursor, RemovedUpTo: h.Cut, Named: namedBy(names),
	}
	for i := range h.Versions {
		answer.Items[i] = versionOf(&h.Versions[i])
	}
	return answer
}

func versionOf(v *sync.Version) RecordVersion {
	answer := RecordVersion{
		Version: v.Version, Seq: v.Seq, ModifiedAt: v.ModifiedAt.UTC(), ReceivedAt: v.ReceivedAt.UTC(),
		DeviceID: v.DeviceID.String(), DeviceName: v.DeviceName, Deleted: v.Deleted, Event: string(v.Event),
		Differences: make([]RecordDifference, len(v.Differences)), Data: json.RawMessage(v.Data), Chain: v.Chain,
	}
	for i, d := range v.Differences {
		answer.Differences[i] = differenceOf(d)
	}
	return answer
}

func differenceOf(d record.Difference) RecordDifference {
	return RecordDifference{Field: d.Field, Change: string(d.Operation), Before: optionalJSON(d.Before), After: optionalJSON(d.After)}
}

// optionalJSON is nil, and left out, where there is no value.
func optionalJSON(text string) any {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}
