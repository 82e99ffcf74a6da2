package api

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// HelloRequest is what a device says of itself.
type HelloRequest struct {
	DeviceID     string `json:"device_id" validate:"required,uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"` // UUID that the device made for itself, once
	DeviceName   string `json:"device_name" validate:"optional,max=200" example:"Till computer, Lenina 5"`         // Shown in the cabinet
	Agent        string `json:"agent" validate:"optional,max=100" example:"interpos-agent"`                        // Name of the program
	AgentVersion string `json:"agent_version" validate:"optional,max=100" example:"1.0.0"`                         // Its version
	LocalTime    string `json:"local_time" validate:"optional,max=40" example:"2026-05-25T20:03:14+03:00"`         // Time of the device's clock (RFC 3339)
	Cursor       string `json:"cursor" validate:"optional,max=100"`                                                // That of the last answer to a hello or a push: asks whether the feed goes on from there
}

// HelloResponse is what a device needs to know of the cabinet.
type HelloResponse struct {
	ServerTime       time.Time        `json:"server_time" example:"2026-05-25T17:03:12Z"`
	ClockSkewSeconds int64            `json:"clock_skew_seconds" example:"2"` // How far the device's clock is ahead; negative: behind
	Organization     SyncOrganization `json:"organization"`
	Kinds            []string         `json:"kinds" example:"product,receipt"` // Kinds that this cabinet takes
	Rules            int              `json:"rules" example:"1"`               // Number of the rules that records are checked by. Another one than before: send again what was rejected
	Limits           SyncLimits       `json:"limits"`
	Licenses         []string         `json:"licenses"` // Active licenses, each a compact JWS; see /sync/licenses
	Feed             SyncFeed         `json:"feed"`
}

// SyncOrganization is the organization that the sync key belongs to.
type SyncOrganization struct {
	ID                     string `json:"id" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	Name                   string `json:"name" example:"Coffee by the river"`
	TimeZone               string `json:"time_zone" example:"Europe/Moscow"`     // IANA time zone
	Currency               string `json:"currency" example:"RUB"`                // ISO 4217
	DefaultDeliveryMinutes int    `json:"default_delivery_minutes" example:"60"` // Minutes promised for a delivery
	DayStartsAt            string `json:"day_starts_at" example:"06:00"`         // Local time at which a business day begins
}

// SyncLimits are the bounds of one request.
type SyncLimits struct {
	MaxChanges     int `json:"max_changes" example:"5000"`    // Changes of one push
	MaxBytes       int `json:"max_bytes" example:"16777216"`  // Bytes of one push, after decompression
	MaxPage        int `json:"max_page" example:"5000"`       // Changes of one pull
	MaxWaitSeconds int `json:"max_wait_seconds" example:"30"` // How long a pull may be held

	MaxRejections     int `json:"max_rejections" example:"10000"`         // Kept for the organization; a further one is answered, and not kept
	MaxRejectionBytes int `json:"max_rejection_bytes" example:"67108864"` // From so many bytes of them together on, no more are kept

	RequestsPerMinute int64 `json:"requests_per_minute" example:"6000"`    // Of all devices with this key together; beyond it 429
	BytesPerMinute    int64 `json:"bytes_per_minute" example:"4294967296"` // Bodies and answers, as they go over the wire
	RecordsPerMinute  int64 `json:"records_per_minute" example:"5000000"`  // Pushed and pulled
}

// SyncFeed is where the organization's feed stands.
type SyncFeed struct {
	Epoch string `json:"epoch" format:"uuid" example:"3b0f4f0e-58d7-4b2e-8a3d-9a7f1e0c2d44"` // Changes when the feed cannot be continued: then send and read everything again
	Head  int64  `json:"head" example:"40213"`                                               // Number of the newest change

	Cursor    string `json:"cursor" example:"Ow9PDljXSy6KPZp_HgwtRAAAAAAAAJ0VAAAAAAAAnRVISEdES8PVXL9rcNY"` // Of the head: to be sent with the next push and hello
	Continues bool   `json:"continues" example:"true"`                                                     // The feed goes on from the cursor that was sent, or none was. false: an older backup was restored, and what was acknowledged may be missing
}

// hello registers a device and tells it what it needs to know.
//
//	@Summary	Say hello
//	@Description	The first request of a local database; later ones refresh what the cabinet shows of the device.
//	@Tags		sync
//	@Param		body	body		HelloRequest	true	"The device"
//	@Success	200		{object}	HelloResponse
//	@Failure	default	{object}	Problem
//	@Security	SyncKey
//	@Router		/sync/hello [post]
func (s *Server) hello(c echo.Context) error {
	var request HelloRequest
	if err := bind(c, &request); err != nil {
		return err
	}
	hello := sync.Hello{
		DeviceID: uuid.MustParse(request.DeviceID), DeviceName: request.DeviceName,
		Agent: request.Agent, AgentVersion: request.AgentVersion, Cursor: request.Cursor,
	}
	if request.LocalTime != "" {
		local, err := time.Parse(time.RFC3339Nano, request.LocalTime)
		if err != nil {
			return fault.Invalid(fault.Field{Field: "local_time", Code: "time", Message: "must be a time with an offset"})
		}
		hello.LocalTime = local
	}
	profile, err := s.Organizations.Profile(c.Request().Context(), keyOrganization(c))
	if err != nil {
		return err
	}
	greeting, err := s.Feed.Greet(c.Request().Context(), keyOrganization(c), hello)
	if err != nil {
		return err
	}
	licenses, err := s.LicenseIssuer.Tokens(c.Request().Context(), keyOrganization(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, HelloResponse{
		ServerTime: greeting.ServerTime.UTC(), ClockSkewSeconds: int64(greeting.ClockSkew.Seconds()),
		Organization: SyncOrganization{
			ID: profile.ID.String(), Name: profile.Name, TimeZone: profile.TimeZone, Currency: profile.Currency,
			DefaultDeliveryMinutes: profile.DefaultDeliveryMinutes, DayStartsAt: clock(profile.DayStartsAt),
		},
		Kinds:    record.Names(),
		Rules:    record.Rules,
		Limits:   s.syncLimits(),
		Licenses: licenses,
		Feed:     SyncFeed{greeting.Feed.Epoch.String(), greeting.Feed.Head, greeting.Feed.Cursor(), greeting.Continues},
	})
}

func (s *Server) syncLimits() SyncLimits {
	return SyncLimits{
		MaxChanges: sync.MaxChanges, MaxBytes: sync.MaxBytes, MaxPage: sync.MaxPage, MaxWaitSeconds: int(sync.MaxWait.Seconds()),
		MaxRejections: sync.MaxRejections, MaxRejectionBytes: sync.MaxRejectionBytes,
		RequestsPerMinute: s.Meter.Limits.Requests, BytesPerMinute: s.Meter.Limits.Bytes, RecordsPerMinute: s.Meter.Limits.Records,
	}
}

// changes answers what has come since a cursor.
//
//	@Summary	Read the feed
//	@Description	Changes after a cursor, oldest first; without a cursor, everything. Ask for application/x-ndjson to get one change a line, and the cursor in the last line: a stream without that line was cut off. Compressed with zstd or gzip where Accept-Encoding asks for it.
//	@Tags		sync
//	@Param		query	query		ChangesQuery	false	"Where from, and how much"
//	@Success	200		{object}	ChangesResponse
//	@Failure	default	{object}	Problem
//	@Security	SyncKey
//	@Router		/sync/changes [get]
func (s *Server) changes(c echo.Context) error {
	lines := strings.Contains(c.Request().Header.Get(echo.HeaderAccept), mimeNDJSON)
	pull, err := pullOf(c, lines)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if device, err := uuid.Parse(c.Request().Header.Get("Device-Id")); err == nil {
		if err := s.Feed.Pulled(ctx, keyOrganization(c), device); err != nil {
			return err
		}
	}
	w := s.newChangesWriter(c, lines)
	defer func() {
		w.close()
		s.Meter.Count(keyOrganization(c), sync.Usage{Records: int64(w.count)})
	}()
	if err := w.copy(ctx, pull); err != nil {
		return s.broken(c, err)
	}
	return nil
}

// broken cuts an answer off that has begun and cannot be ended, so that its reader
// notices: the end is missing, and the connection closes. An error before the
// beginning is answered as any other.
func (s *Server) broken(c echo.Context, err error) error {
	if !c.Response().Committed {
		return err
	}
	if c.Request().Context().Err() == nil {
		s.log.Warn("answer broken off", "request_id", c.Response().Header().Get(echo.HeaderXRequestID), "error", err)
	}
	panic(http.ErrAbortHandler)
}

// ChangesQuery says where to read from, and how much.
type ChangesQuery struct {
	Cursor string `query:"cursor" json:"cursor" validate:"optional"`                             // Of the answer before; left out: from the beginning
	Limit  int    `query:"limit" json:"limit" validate:"optional" minimum:"1" maximum:"1000000"` // Changes at the most: as JSON up to 5,000, and 1,000 where it is left out; as lines up to 1,000,000, and so many where it is left out
	Kinds  string `query:"kinds" json:"kinds" validate:"optional" example:"product,receipt"`     // Only these kinds, comma-separated
	Not    string `query:"not_device" json:"not_device" validate:"optional" format:"uuid"`       // Leaves out changes that this device made
	Wait   int    `query:"wait" json:"wait" validate:"optional" minimum:"0" maximum:"30"`        // Seconds to hold the answer until something arrives
}

func pullOf(c echo.Context, lines bool) (sync.Pull, error) {
	pull := sync.Pull{Cursor: c.QueryParam("cursor")}
	usual, most := 1000, sync.MaxPage
	if lines {
		usual, most = sync.MaxStream, sync.MaxStream
	}
	var err error
	if pull.Limit, err = queryInt(c, "limit", usual, 1, most); err != nil {
		return pull, err
	}
	seconds, err := queryInt(c, "wait", 0, 0, int(sync.MaxWait.Seconds()))
	if err != nil {
		return pull, err
	}
	pull.Wait = time.Duration(seconds) * time.Second
	if kinds := c.QueryParam("kinds"); kinds != "" {
		pull.Kinds = strings.Split(kinds, ",")
	}
	if device := c.QueryParam("not_device"); device != "" {
		if pull.Not, err = uuid.Parse(device); err != nil {
			return pull, fault.Invalid(fault.Field{Field: "not_device", Code: "uuid", Message: "must be the UUID of a device"})
		}
	}
	for _, kind := range pull.Kinds {
		if !slices.Contains(record.Names(), kind) {
			return pull, fault.Invalid(fault.Field{Field: "kinds", Code: "unknown", Message: strconv.Quote(kind) + " is not a kind of record"})
		}
	}
	return pull, nil
}

// queryInt reads a whole number of the query, between least and most.
func queryInt(c echo.Context, name string, otherwise, least, most int) (int, error) {
	text := c.QueryParam(name)
	if text == "" {
		return otherwise, nil
	}
	number, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return 0, fault.Invalid(fault.Field{Field: name, Code: "invalid", Message: "must be a whole number"})
	case number < least:
		return 0, fault.Invalid(fault.Field{Field: name, Code: "too_small", Message: "must be at least " + strconv.Itoa(least)})
	case number > most:
		return 0, fault.Invalid(fault.Field{Field: name, Code: "too_large", Message: "must be at most " + strconv.Itoa(most)})
	}
	return number, nil
}

// clock writes minutes after midnight as a local time of day, such as 06:00.
func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
