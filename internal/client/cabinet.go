package client

import (
	"context"
	"net/http"

	"github.com/google/uuid"
)

// Registration is what a new account is made of.
type Registration struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	FullName string `json:"full_name"`
	Phone    string `json:"phone,omitempty"`
	Locale   string `json:"locale,omitempty"`
}

// NewOrganization is what an organization is made of.
type NewOrganization struct {
	Name                   string `json:"name"`
	TimeZone               string `json:"time_zone"` // IANA name
	Currency               string `json:"currency"`  // ISO 4217
	DefaultDeliveryMinutes int    `json:"default_delivery_minutes"`
	DayStartsAt            string `json:"day_starts_at,omitempty"` // HH:MM
	LegalName              string `json:"legal_name"`
	TaxNumber              string `json:"tax_number"`
	Address                string `json:"address"`
	Phone                  string `json:"phone"`
}

// Organization is one that exists. What is left empty depends on the call and
// on the caller's permissions.
type Organization struct {
	ID                     uuid.UUID `json:"id"`
	Name                   string    `json:"name"`
	TimeZone               string    `json:"time_zone"`
	Currency               string    `json:"currency"`
	DefaultDeliveryMinutes int       `json:"default_delivery_minutes"`
	DayStartsAt            string    `json:"day_starts_at"`
	SyncKey                string    `json:"sync_key"`
}

// Register asks for an account; the letter that comes holds its token.
func (c *Client) Register(ctx context.Context, registration Registration) error {
	return c.callJSON(ctx, http.MethodPost, "/auth/register", registration, nil)
}

// VerifyEmail opens an account with the token of its letter, sets its password, and gives a
// client that acts as the user. Error code token_invalid.
func (c *Client) VerifyEmail(ctx context.Context, token, password string) (*Client, error) {
	return c.signIn(ctx, "/auth/verify-email", map[string]string{"token": token, "password": password})
}

// Login gives a client that acts as the user. Error codes invalid_credentials,
// email_not_verified.
func (c *Client) Login(ctx context.Context, email, password string) (*Client, error) {
	return c.signIn(ctx, "/auth/login", map[string]string{"email": email, "password": password})
}

func (c *Client) signIn(ctx context.Context, path string, body map[string]string) (*Client, error) {
	var session struct {
		AccessToken string `json:"access_token"`
	}
	if err := c.callJSON(ctx, http.MethodPost, path, body, &session); err != nil {
		return nil, err
	}
	return c.With(Token(session.AccessToken)), nil
}

// CreateOrganization makes one that the user owns. Error code
// organization_limit_reached.
func (c *Client) CreateOrganization(ctx context.Context, organization NewOrganization) (Organization, error) {
	var created Organization
	err := c.callJSON(ctx, http.MethodPost, "/organizations", organization, &created)
	return created, err
}

// Organization reads one of the user's.
func (c *Client) Organization(ctx context.Context, id uuid.UUID) (Organization, error) {
	var found Organization
	err := c.callJSON(ctx, http.MethodGet, "/organizations/"+id.String(), nil, &found)
	return found, err
}

// ReplaceSyncKey makes a new sync key of an organization; the one before ends at once.
func (c *Client) ReplaceSyncKey(ctx context.Context, id uuid.UUID) (key string, err error) {
	var made struct {
		SyncKey string `json:"sync_key"`
	}
	err = c.callJSON(ctx, http.MethodPost, "/organizations/"+id.String()+"/sync-key", nil, &made)
	return made.SyncKey, err
}

// Get reads any path below the organization, such as dashboard, into out.
func (c *Client) Get(ctx context.Context, organization uuid.UUID, path string, out any) error {
	return c.callJSON(ctx, http.MethodGet, "/organizations/"+organization.String()+"/"+path, nil, out)
}
