package api

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/sync"
)

// LookupQuery names records.
type LookupQuery struct {
	Kind string `query:"kind" json:"kind" example:"receipt"`                                                                 // Their kind
	IDs  string `query:"ids" json:"ids" example:"1f0a6f2b-4d0e-4b3a-9c77-0f4a8f2b7a9c,5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"` // Up to 200 UUIDs, comma-separated
}

// LookupResponse is the records that some ids name.
type LookupResponse struct {
	Records   []Change `json:"records"`                       // By id, deleted ones included. An id that the cabinet does not know is left out
	Remaining []string `json:"remaining" validate:"optional"` // Ids that were not looked up any more, since the records are long: ask for them with the next request
}

// recordsByID answers records by their ids.
//
//	@Summary	Read records by id
//	@ID			findRecords
//	@Description	Where a digest shows a difference: what the cabinet has, as the feed has it. About 2 MiB at once; the ids that remain are to be asked for again.
//	@Tags		sync
//	@Param		query	query		LookupQuery	true	"Which records"
//	@Success	200		{object}	LookupResponse
//	@Security	SyncKey
//	@Router		/sync/records [get]
func (s *Server) recordsByID(c echo.Context) error {
	q := queryOf(c)
	kind := q.kind("kind")
	ids := q.ids("ids", sync.MaxIDs)
	if err := q.err(); err != nil {
		return err
	}
	found, err := s.Feed.LookUp(c.Request().Context(), keyOrganization(c), kind.Name, ids)
	if err != nil {
		return err
	}
	s.Meter.Count(keyOrganization(c), sync.Usage{Records: int64(len(found.Records))})
	response := LookupResponse{Records: make([]Change, len(found.Records)), Remaining: make([]string, len(found.Remaining))}
	for i := range found.Records {
		response.Records[i] = changeOf(found.Records[i])
	}
	for i, id := range found.Remaining {
		response.Remaining[i] = id.String()
	}
	return c.JSON(http.StatusOK, response)
}

// ids are the UUIDs that stand between commas, at most so many; they must be given.
func (q *query) ids(name string, most int) []uuid.UUID {
	texts := q.list(name, most)
	ids := make([]uuid.UUID, len(texts))
	for i, text := range texts {
		var err error
		if ids[i], err = uuid.Parse(text); err != nil {
			q.wrong(name, "uuid", strconv.Quote(shortened(text))+" is no UUID")
			return nil
		}
	}
	return ids
}
