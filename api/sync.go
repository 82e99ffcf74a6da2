package api

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// HelloRequest is what a device says of itself.
type HelloRequest struct {
	DeviceID     string `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"` // UUID that the device made for itself, once
	DeviceName   string `json:"device_name" validate:"optional" example:"Till computer, Lenina 5"`      // Shown in the cabinet
	Agent        string `json:"agent" validate:"optional" example:"interpos-agent"`                     // Name of the program
	AgentVersion string `json:"agent_version" validate:"optional" example:"1.0.0"`                      // Its version
	LocalTime    string `json:"local_time" validate:"optional" example:"2026-05-25T20:03:14+03:00"`     // Time of the device's clock (RFC 3339)
	Cursor       string `json:"cursor" validate:"optional"`                                             // That of the last answer to a hello or a push: asks whether the feed goes on from there
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
	MaxChanges     int `json:"max_changes" example:"5000"`        // Changes of one push
	MaxBytes       int `json:"max_bytes" example:"16777216"`      // Bytes of one push, after decompression
	MaxRecordBytes int `json:"max_record_bytes" example:"262144"` // Bytes of one record's data in canonical form; a larger one is rejected (record_too_large)
	MaxPage        int `json:"max_page" example:"5000"`           // Changes of one pull
	MaxWaitSeconds int `json:"max_wait_seconds" example:"30"`     // How long a pull may be held

	MaxRejections     int `json:"max_rejections" example:"10000"`         // Kept for the organization; a further one is answered, and not kept
	MaxRejectionBytes int `json:"max_rejection_bytes" example:"67108864"` // From so many bytes of them together on, no more are kept

	MaxDevices int `json:"max_devices" example:"1000"` // Known of the organization; the one heard longest ago is forgotten for a further one

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
//	@ID			sayHello
//	@Description	The first request of a local database; later ones refresh what the cabinet shows of the device.
//	@Tags		sync
//	@Param		body	body		HelloRequest	true	"The device"
//	@Success	200		{object}	HelloResponse
//	@Security	SyncKey
//	@Router		/sync/hello [post]
func (s *Server) hello(c echo.Context) error {
	var request HelloRequest
	if err := bindJSON(c, &request); err != nil {
		return err
	}
	hello, err := request.hello()
	if err != nil {
		return err
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

// hello is what the device says of itself. Error: ValidationFailed.
func (r HelloRequest) hello() (sync.Hello, error) {
	var fields check.Fields
	hello := sync.Hello{
		DeviceID: fields.ID("device_id", r.DeviceID), Cursor: r.Cursor,
		DeviceName:   fields.Line("device_name", check.Printable(r.DeviceName)),
		Agent:        fields.Line("agent", check.Printable(r.Agent)),
		AgentVersion: fields.Line("agent_version", check.Printable(r.AgentVersion)),
	}
	fields.Length("cursor", r.Cursor)
	if fields.Length("local_time", r.LocalTime) && r.LocalTime != "" {
		var ok bool
		if hello.LocalTime, ok = record.Instant(r.LocalTime); !ok {
			fields.Add("local_time", "time", "must be a time with an offset")
		}
	}
	return hello, fields.Err()
}

func (s *Server) syncLimits() SyncLimits {
	return SyncLimits{
		MaxChanges: sync.MaxChanges, MaxBytes: sync.MaxBytes, MaxRecordBytes: sync.MaxRecordBytes, MaxPage: sync.MaxPage, MaxWaitSeconds: int(sync.MaxWait.Seconds()),
		MaxRejections: sync.MaxRejections, MaxRejectionBytes: sync.MaxRejectionBytes, MaxDevices: sync.MaxDevices,
		RequestsPerMinute: s.Meter.Limits.Requests, BytesPerMinute: s.Meter.Limits.Bytes, RecordsPerMinute: s.Meter.Limits.Records,
	}
}

// clock writes minutes after midnight as a local time of day, such as 06:00.
func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
