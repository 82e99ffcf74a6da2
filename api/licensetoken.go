package api

import (
	"encoding/base64"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/license"
)

// LicenseTokens are the organization's active licenses, to be checked without a
// connection.
type LicenseTokens struct {
	Licenses []string `json:"licenses" example:"eyJhbGciOiJFZERTQSIsImtpZCI6…"` // Compact JWS (EdDSA), one a license: claims org, module, valid_until, iat, exp
}

// licenseTokens gives the active licenses as signed tokens.
//
//	@Summary		Get the licenses as tokens
//	@ID				listLicenseTokens
//	@Description	One compact JWS (EdDSA) for each active license, the same list as in hello's answer. Anybody can check one with the public keys at `/.well-known/jwks.json`; a token works for at most 7 days and never longer than its license.
//	@Tags			sync
//	@Success		200		{object}	LicenseTokens
//	@Security		SyncKey
//	@Router			/sync/licenses [get]
func (s *Server) licenseTokens(c echo.Context) error {
	tokens, err := s.LicenseIssuer.Tokens(c.Request().Context(), keyOrganization(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, LicenseTokens{tokens})
}

// keySet is a JWK Set (RFC 7517, 5).
type keySet struct {
	Keys []publicKey `json:"keys"`
}

// publicKey is an Ed25519 key as a JWK (RFC 8037, 2).
type publicKey struct {
	Type      string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	ID        string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
}

// What one address may ask for the public keys: they change a few times a year.
const (
	keySetPerSecond = 5
	keySetBurst     = 100
)

// mountKeys serves the public keys of license tokens, for anybody.
func (s *Server) mountKeys() {
	limit := middleware.RateLimiterWithConfig(middleware.RateLimiterConfig{
		Store: middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
			Rate: keySetPerSecond, Burst: keySetBurst, ExpiresIn: 3 * time.Minute,
		}),
		DenyHandler: func(echo.Context, string, error) error {
			return fault.Retry(fault.RateLimited, "Too many requests from this address. Keep the answer for five minutes.", time.Second)
		},
	})
	s.read("/.well-known/jwks.json", s.keySet, limit)
}

func (s *Server) keySet(c echo.Context) error {
	keys, err := s.LicenseIssuer.PublicKeys(c.Request().Context())
	if err != nil {
		return err
	}
	set := keySet{Keys: make([]publicKey, len(keys))}
	for i, key := range keys {
		set.Keys[i] = publicKeyOf(key)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=300")
	c.Response().Header().Set(echo.HeaderContentType, "application/jwk-set+json")
	return c.JSON(http.StatusOK, set)
}

func publicKeyOf(key license.PublicKey) publicKey {
	return publicKey{
		Type: "OKP", Curve: "Ed25519", X: base64.RawURLEncoding.EncodeToString(key.Key),
		ID: key.ID, Use: "sig", Algorithm: "EdDSA",
	}
}
