package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/pull"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

const mimeNDJSON = "application/x-ndjson"

// Change is one record of the feed at its latest change.
type Change struct {
	Kind       string          `json:"kind" example:"product"`
	ID         string          `json:"id" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`
	Version    int64           `json:"version" example:"3"`                                                    // Counts the changes of this record
	Seq        int64           `json:"seq" example:"40213"`                                                    // Place in the organization's feed
	ModifiedAt time.Time       `json:"modified_at" example:"2026-05-25T17:03:14.5Z"`                           // When its source changed it
	Deleted    bool            `json:"deleted" example:"false"`                                                // A tombstone: data is then {}
	DeviceID   string          `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"` // Who sent it
	Data       json.RawMessage `json:"data" swaggertype:"object"`                                              // Fields of its kind, as the rules were when it was taken: of a receipt those of ReceiptData, and so on
}

// ChangesResponse is a page of the feed.
type ChangesResponse struct {
	Changes []Change `json:"changes"`
	Cursor  string   `json:"cursor" example:"Ow9PDljXSy6KPZp_HgwtRAAAAAAAAJ0VAAAAAAAAnRVISEdES8PVXL9rcNY"` // For the next request
	More    bool     `json:"more" example:"false"`                                                         // There is more already: ask again at once
}

// changes answers what has come since a cursor.
//
//	@Summary	Read the feed
//	@ID			pullChanges
//	@Description	Changes after a cursor, oldest first; without a cursor, everything. Ask for application/x-ndjson to get one change a line, and the cursor in the last line: a stream without that line was cut off. Compressed with zstd or gzip where Accept-Encoding asks for it.
//	@Tags		sync
//	@Param		Device-Id	header	string	false	"Of the reader: the cabinet shows when it last pulled"	format(uuid)
//	@Param		query	query		ChangesQuery	false	"Where from, and how much"
//	@Success	200		{object}	ChangesResponse
//	@Failure	410	{object}	Problem	"cursor_expired"
//	@Security	SyncKey
//	@Router		/sync/changes [get]
func (s *Server) changes(c echo.Context) error {
	request, err := pullRequest(c)
	if err != nil {
		return err
	}
	markStream(c)
	ctx, organization := c.Request().Context(), keyOrganization(c)
	device, err := deviceHeader(c)
	if err != nil {
		return err
	}
	if device != uuid.Nil {
		if err := s.Feed.Pulled(ctx, organization, device); err != nil {
			return err
		}
	}
	contentType := echo.MIMEApplicationJSON
	if request.Lines {
		contentType = mimeNDJSON
	}
	permit := keyPermit(c)
	request.StillAllowed = permit.check
	count, err := s.Sender.Send(ctx, organization, request, func(chunk []byte) error {
		return sendChunk(c.Response(), contentType, chunk, func() error { return permit.check(ctx, permitAge) })
	})
	s.Meter.Count(organization, sync.Usage{Records: int64(count)})
	if err != nil {
		return s.breakOff(c, err)
	}
	return nil
}

// deviceHeader is the device that asks, Nil where it does not say.
func deviceHeader(c echo.Context) (uuid.UUID, error) {
	text := c.Request().Header.Get("Device-Id")
	if text == "" {
		return uuid.Nil, nil
	}
	device, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, fault.Invalid(fault.Field{Field: "device_id", Code: "uuid", Message: "the header Device-Id must be the UUID of this device"})
	}
	return device, nil
}

// breakOff cuts an answer off that has begun and cannot be ended, so that its reader
// notices: the end is missing, and the connection closes. An error before the
// beginning is answered as any other.
func (s *Server) breakOff(c echo.Context, err error) error {
	if !c.Response().Committed {
		return err
	}
	if c.Request().Context().Err() == nil && asFault(err).Code == fault.Internal {
		s.log.Warn("answer broken off", "request_id", c.Response().Header().Get(echo.HeaderXRequestID), "error", err)
	}
	panic(http.ErrAbortHandler)
}

// ChangesQuery says where to read from, and how much.
type ChangesQuery struct {
	Cursor string `query:"cursor" json:"cursor" validate:"optional"`                                  // Of the answer before; left out: from the beginning
	Limit  int    `query:"limit" json:"limit" validate:"optional" minimum:"1" maximum:"1000000"`      // Changes at the most: as JSON up to 5,000, and 1,000 where it is left out; as lines up to 1,000,000, and so many where it is left out
	Kinds  string `query:"kinds" json:"kinds" validate:"optional" example:"product,receipt"`          // Only these kinds, comma-separated
	Not    string `query:"not_device" json:"not_device" validate:"optional" format:"uuid"`            // Leaves out changes that this device made
	Wait   int    `query:"wait" json:"wait" validate:"optional" minimum:"0" maximum:"30" default:"0"` // Seconds to hold the answer until something arrives
}

func pullRequest(c echo.Context) (pull.Request, error) {
	request := pull.Request{
		Cursor: c.QueryParam("cursor"), Lines: strings.Contains(c.Request().Header.Get(echo.HeaderAccept), mimeNDJSON),
	}
	usual, most := 1000, sync.MaxPage
	if request.Lines {
		usual, most = sync.MaxStream, sync.MaxStream
	}
	var err error
	if request.Limit, err = queryInt(c, "limit", usual, 1, most); err != nil {
		return request, err
	}
	seconds, err := queryNumber[ChangesQuery](c, "wait")
	if err != nil {
		return request, err
	}
	request.Wait = time.Duration(seconds) * time.Second
	if kinds := c.QueryParam("kinds"); kinds != "" {
		request.Kinds = strings.Split(kinds, ",")
	}
	if device := c.QueryParam("not_device"); device != "" {
		if request.NotDevice, err = uuid.Parse(device); err != nil {
			return request, fault.Invalid(fault.Field{Field: "not_device", Code: "uuid", Message: "must be the UUID of a device"})
		}
	}
	for _, kind := range request.Kinds {
		if !slices.Contains(record.Names(), kind) {
			return request, fault.Invalid(fault.Field{Field: "kinds", Code: "unknown", Message: strconv.Quote(kind) + " is not a kind of record"})
		}
	}
	return request, nil
}

const (
	// pieceBytes of a chunk are sent between two looks at whether its reader may still read.
	pieceBytes = 128 << 10
	// permitAge is how old the answer to that may be.
	permitAge = 2 * time.Second
)

// sendChunk sends a part of an answer to its reader, and begins the answer with the first.
// Its reader may be slow, and lose its right to read meanwhile: allowed says so.
func sendChunk(response *echo.Response, contentType string, chunk []byte, allowed func() error) error {
	if !response.Committed {
		response.Header().Set(echo.HeaderContentType, contentType)
		response.WriteHeader(http.StatusOK)
	}
	control := http.NewResponseController(response)
	_ = control.SetWriteDeadline(time.Now().Add(pull.ChunkTimeout)) // where there is no connection, there is nobody to wait for
	for piece := range slices.Chunk(chunk, pieceBytes) {
		if err := allowed(); err != nil {
			return err
		}
		if _, err := response.Write(piece); err != nil {
			return err
		}
	}
	return control.Flush()
}
