package api_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// verify checks a license token as a stranger does: with nothing but what stands
// at /.well-known/jwks.json.
func (w *world) verify(token string) (jwt.MapClaims, error) {
	w.Helper()
	got := w.call(request{method: "GET", path: "/.well-known/jwks.json"})
	require.Equal(w, http.StatusOK, got.status, "%s", got.body)
	require.Equal(w, "application/jwk-set+json", got.header.Get("Content-Type"))
	require.Equal(w, "public, max-age=300", got.header.Get("Cache-Control"))
	var set struct{ Keys []map[string]string }
	require.NoError(w, json.Unmarshal(got.body, &set))
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(token *jwt.Token) (any, error) {
		for _, key := range set.Keys {
			if key["kid"] == token.Header["kid"] {
				require.Equal(w, "OKP Ed25519 sig EdDSA", strings.Join([]string{key["kty"], key["crv"], key["use"], key["alg"]}, " "))
				require.Len(w, key, 6, "and no private member")
				public, err := base64.RawURLEncoding.DecodeString(key["x"])
				return ed25519.PublicKey(public), err
			}
		}
		return nil, jwt.ErrTokenUnverifiable
	}, jwt.WithValidMethods([]string{"EdDSA"}), jwt.WithExpirationRequired())
	return claims, err
}

func (w *world) licenseTokens(key string) []any {
	w.Helper()
	got := w.call(request{method: "GET", path: "/api/v1/sync/licenses", token: key})
	require.Equal(w, http.StatusOK, got.status, "%s", got.body)
	return got.json(w)["licenses"].([]any)
}

func TestAStrangerChecksALicenseWithThePublicKeysAlone(t *testing.T) {
	secret := func(c *app.Config) { c.SecretKey = "one secret for both server processes" }
	w := newWorld(t, secret)
	other := newWorld(t, secret, func(c *app.Config) { c.DatabaseURL = w.dsn })
	owner := w.user("owner")
	licensed, key := w.organization(owner)
	_, bareKey := w.organization(owner)
	require.Empty(t, w.licenseTokens(key), "a new license is inactive")
	dbtest.Exec(t, w.dsn, `UPDATE licenses SET valid_until = $2 WHERE organization_id = $1`, licensed, time.Now().Add(90*24*time.Hour))

	tokens := w.licenseTokens(key)
	require.Len(t, tokens, 1)
	claims, err := other.verify(tokens[0].(string))
	require.NoError(t, err, "signed by one process, checked with the keys that another shows")
	require.Equal(t, licensed, claims["org"])
	require.Equal(t, "delivery", claims["module"])
	require.Empty(t, w.licenseTokens(bareKey), "another organization's license")

	hello := w.call(request{method: "POST", path: "/api/v1/sync/hello", token: key, body: object{"device_id": deviceID}})
	require.Len(t, hello.json(t)["licenses"], 1)
	_, err = w.verify(hello.json(t)["licenses"].([]any)[0].(string))
	require.NoError(t, err)
}

func TestATokenThatWasTamperedWithIsRefused(t *testing.T) {
	w := newWorld(t)
	organization, key := w.organization(w.user("owner"))
	dbtest.Exec(t, w.dsn, `UPDATE licenses SET valid_until = now() + interval '1 hour'`)
	token := w.licenseTokens(key)[0].(string)
	parts := strings.Split(token, ".")
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	require.Contains(t, string(body), organization)
	forged := strings.ReplaceAll(string(body), organization, uuid.NewString())
	_, err = w.verify(strings.Join([]string{parts[0], base64.RawURLEncoding.EncodeToString([]byte(forged)), parts[2]}, "."))
	require.ErrorIs(t, err, jwt.ErrTokenSignatureInvalid)
	_, err = w.verify(token)
	require.NoError(t, err)

	dbtest.Exec(t, w.dsn, `UPDATE licenses SET valid_until = now() - interval '1 second'`)
	require.Empty(t, w.licenseTokens(key), "expired")
}

func TestThePublicKeysAreNotForFlooding(t *testing.T) {
	w := newWorld(t)
	var refused answer
	tries, began := 0, time.Now()
	for refused.status == 0 && tries < 2000 {
		tries++
		if got := w.call(request{method: "GET", path: "/.well-known/jwks.json"}); got.status != http.StatusOK {
			refused = got
		}
	}
	require.LessOrEqual(t, tries, 101+5*int(time.Since(began).Seconds()+1), "a hundred at once, and five a second")
	require.Equal(t, http.StatusTooManyRequests, refused.status)
	require.Equal(t, "rate_limited", refused.code(t))
	require.NotEmpty(t, refused.header.Get("Retry-After"))
}
