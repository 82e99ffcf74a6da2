package client

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// Source is a database that an organization's records come from.
type Source struct {
	ID        uuid.UUID      `json:"id"` // the ids of its records are made of it
	Name      string         `json:"name"`
	Evidence  string         `json:"evidence"` // as the last device sent it; "": none did
	CreatedAt time.Time      `json:"created_at"`
	Devices   []SourceDevice `json:"devices"` // the one heard last first
}

// SourceDevice is a device that synchronizes a source, or has.
type SourceDevice struct {
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name"`
	LastSeenAt time.Time `json:"last_seen_at"`
}

// SourceClaim is what a device says of the database that it synchronizes.
type SourceClaim struct {
	Name     string    `json:"name"`
	DeviceID uuid.UUID `json:"device_id"`
	Evidence string    `json:"evidence,omitempty"` // by what the database is known again
}

// Sources lists those of the organization, the oldest first.
func (c *Client) Sources(ctx context.Context) ([]Source, error) {
	var list struct {
		Items []Source `json:"items"`
	}
	err := c.callJSON(ctx, http.MethodGet, "/sync/sources", nil, &list)
	return list.Items, err
}

// RegisterSource takes a new one up, and gives it its id. Error code conflict: the name is taken.
func (c *Client) RegisterSource(ctx context.Context, claim SourceClaim) (Source, error) {
	var source Source
	err := c.callJSON(ctx, http.MethodPost, "/sync/sources", claim, &source)
	return source, err
}

// ClaimSource says that a device synchronizes a source, and renews its evidence.
func (c *Client) ClaimSource(ctx context.Context, id uuid.UUID, claim SourceClaim) (Source, error) {
	var source Source
	err := c.callJSON(ctx, http.MethodPut, "/sync/sources/"+id.String(), claim, &source)
	return source, err
}
