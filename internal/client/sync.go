package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Hello introduces a device.
type Hello struct {
	DeviceID     uuid.UUID `json:"device_id"`
	DeviceName   string    `json:"device_name"`
	Agent        string    `json:"agent"`
	AgentVersion string    `json:"agent_version"`
	LocalTime    time.Time `json:"local_time"`
	Cursor       string    `json:"cursor,omitempty"` // of the last answer to a hello or a push
}

// Welcome is the cabinet's answer to a hello.
type Welcome struct {
	ServerTime       time.Time    `json:"server_time"`
	ClockSkewSeconds float64      `json:"clock_skew_seconds"`
	Organization     Organization `json:"organization"`
	Kinds            []string     `json:"kinds"`
	Rules            int          `json:"rules"` // number of those that records are checked by; another one: what was rejected may be taken now
	Limits           Limits       `json:"limits"`
	Licenses         []string     `json:"licenses"` // compact JWS
	Feed             Feed         `json:"feed"`
}

// Limits bound a push and a page of changes.
type Limits struct {
	MaxChanges     int `json:"max_changes"`
	MaxBytes       int `json:"max_bytes"` // of a push, after decompression
	MaxWaitSeconds int `json:"max_wait_seconds"`
	MaxPage        int `json:"max_page"`
}

// Feed is where the organization's feed stands. Another epoch means another
// feed: what was acknowledged in the one before may be missing.
type Feed struct {
	Epoch     string `json:"epoch"`
	Head      int64  `json:"head"`
	Cursor    string `json:"cursor"`    // of the head
	Continues bool   `json:"continues"` // false: an older backup was restored, and what was acknowledged may be missing
}

// Change is one new state of a record, to be pushed.
type Change struct {
	Kind        string          `json:"kind"`
	ID          uuid.UUID       `json:"id"`
	ModifiedAt  time.Time       `json:"modified_at"`
	Deleted     bool            `json:"deleted,omitempty"`
	BaseVersion *int64          `json:"base_version,omitempty"`
	Data        json.RawMessage `json:"data,omitempty"`
}

// Status is what became of one pushed change.
type Status string

// The statuses of the protocol.
const (
	Applied         Status = "applied"
	Unchanged       Status = "unchanged"
	Stale           Status = "stale"
	Conflict        Status = "conflict"
	Rejected        Status = "rejected"
	LicenseRequired Status = "license_required"
)

// ClockAhead is the code of a rejection, or of a field of it: modified_at is further ahead of the
// cabinet's clock than a day.
const ClockAhead = "clock_ahead"

// Result answers one pushed change.
type Result struct {
	Kind    string       `json:"kind"`
	ID      uuid.UUID    `json:"id"`
	Status  Status       `json:"status"`
	Version int64        `json:"version"`
	Seq     int64        `json:"seq"`
	Code    string       `json:"code"`
	Errors  []FieldError `json:"errors"`
	Remarks []Remark     `json:"remarks"` // what does not add up in a record that was taken
	Kept    bool         `json:"kept"`    // of a rejected one: the cabinet keeps it, and shows it
	Current *FeedChange  `json:"current"` // of a conflict: the record as it stands
}

// Remark is what does not add up in a record: the value at a path, and what its parts come to.
type Remark struct {
	Code     string `json:"code"`
	Path     string `json:"path"`
	Expected string `json:"expected"`
	Given    string `json:"given"`
}

// Pushed answers a push: results in the order sent, and the feed's head.
type Pushed struct {
	Results []Result `json:"results"`
	Head    int64    `json:"head"`
	Cursor  string   `json:"cursor"` // of the head
}

// FeedChange is one entry of the feed.
type FeedChange struct {
	Kind       string          `json:"kind"`
	ID         uuid.UUID       `json:"id"`
	Version    int64           `json:"version"`
	Seq        int64           `json:"seq"`
	ModifiedAt time.Time       `json:"modified_at"`
	Deleted    bool            `json:"deleted"`
	DeviceID   uuid.UUID       `json:"device_id"`
	Data       json.RawMessage `json:"data"`
}

// Changes is one page of the feed. Cursor opens the next one.
type Changes struct {
	Changes []FeedChange `json:"changes"`
	Cursor  string       `json:"cursor"`
	More    bool         `json:"more"`
}

// Page asks for a part of the feed; the zero value for its beginning.
type Page struct {
	Cursor    string
	Limit     int           // 0: the cabinet's default
	Kinds     []string      // none: all
	NotDevice uuid.UUID     // leaves out what this device made; Nil: nothing
	Wait      time.Duration // how long the cabinet may hold the answer until something arrives
	Device    uuid.UUID     // who asks: the cabinet shows when it last did; Nil: nobody says
}

// Rejection is a record that the cabinet keeps as refused.
type Rejection struct {
	Kind   string          `json:"kind"`
	ID     uuid.UUID       `json:"id"`
	Code   string          `json:"code"`
	Errors []FieldError    `json:"errors"`
	Data   json.RawMessage `json:"data"`
}

// Rejections is one page of them.
type Rejections struct {
	Items      []Rejection `json:"items"`
	NextCursor string      `json:"next_cursor"`
}

// Hello registers the device with its first call and tells what to know before
// any other.
func (c *Client) Hello(ctx context.Context, hello Hello) (Welcome, error) {
	var welcome Welcome
	err := c.callJSON(ctx, http.MethodPost, "/sync/hello", hello, &welcome)
	return welcome, err
}

// Changes reads a page of the feed. Error code cursor_expired: begin again
// with the empty cursor.
func (c *Client) Changes(ctx context.Context, page Page) (Changes, error) {
	query := url.Values{}
	if page.Cursor != "" {
		query.Set("cursor", page.Cursor)
	}
	if page.Limit > 0 {
		query.Set("limit", strconv.Itoa(page.Limit))
	}
	if len(page.Kinds) > 0 {
		query.Set("kinds", strings.Join(page.Kinds, ","))
	}
	if page.NotDevice != uuid.Nil {
		query.Set("not_device", page.NotDevice.String())
	}
	if page.Wait > 0 {
		query.Set("wait", strconv.Itoa(int(page.Wait.Seconds())))
	}
	header := http.Header{}
	if page.Device != uuid.Nil {
		header.Set("Device-Id", page.Device.String())
	}
	var changes Changes
	err := c.exchange(ctx, http.MethodGet, "/sync/changes?"+query.Encode(), header, nil, &changes)
	return changes, err
}

// Rejections reads a page of what is kept as refused; cursor is that of the
// page before, empty for the first.
func (c *Client) Rejections(ctx context.Context, cursor string) (Rejections, error) {
	path := "/sync/rejections"
	if cursor != "" {
		path += "?" + url.Values{"cursor": {cursor}}.Encode()
	}
	var rejections Rejections
	err := c.callJSON(ctx, http.MethodGet, path, nil, &rejections)
	return rejections, err
}

// Licenses gives the organization's active licenses, each a compact JWS that the
// keys at /.well-known/jwks.json check.
func (c *Client) Licenses(ctx context.Context) ([]string, error) {
	var answer struct {
		Licenses []string `json:"licenses"`
	}
	err := c.callJSON(ctx, http.MethodGet, "/sync/licenses", nil, &answer)
	return answer.Licenses, err
}
