package account

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// accessLifetime is how long an access token works.
const accessLifetime = 15 * time.Minute

const issuer = "interpos-cabinet"

// Tokens signs and checks access tokens: HS256 JSON Web Tokens (RFC 7519) with
// a key id, so that keys can be rotated without signing anybody out. And it makes the
// refresh tokens that follow upon others, and the cookies of devices.
type Tokens struct {
	current    string
	keys       map[string][]byte
	successors []byte   // the key of HMACs
	devices    [][]byte // keys of HMACs, the current one first
}

// NewTokens derives the signing key from the server's secret. The secrets after
// the first only check tokens that are still in use after a rotation.
func NewTokens(secrets ...[]byte) (*Tokens, error) {
	if len(secrets) == 0 {
		return nil, errors.New("account: a secret is needed")
	}
	t := &Tokens{keys: make(map[string][]byte, len(secrets))}
	for i, secret := range secrets {
		key, err := hkdf.Key(sha256.New, secret, nil, "interpos cabinet access token", 32)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(key)
		id := fmt.Sprintf("%x", sum[:4])
		t.keys[id] = key
		device, err := hkdf.Key(sha256.New, secret, nil, "interpos cabinet device cookie", 32)
		if err != nil {
			return nil, err
		}
		t.devices = append(t.devices, device)
		if i > 0 {
			continue
		}
		t.current = id
		if t.successors, err = hkdf.Key(sha256.New, secret, nil, "interpos cabinet refresh token", 32); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Successor is the refresh token that a spent one is exchanged for: HMAC-SHA256 (RFC 2104) of
// it, so that whoever asks once more within the grace gets the same one. Only the server
// can make it.
func (t *Tokens) Successor(refresh string) string {
	mac := hmac.New(sha256.New, t.successors)
	mac.Write([]byte(refresh))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Identity is what an access token says: who signed in, and in which session.
type Identity struct {
	UserID    uuid.UUID
	SessionID uuid.UUID
}

type claims struct {
	SessionID string `json:"sid"`
	jwt.RegisteredClaims
}

// Sign makes an access token that works for accessLifetime from now.
func (t *Tokens) Sign(identity Identity, now time.Time) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		SessionID: identity.SessionID.String(),
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Subject: identity.UserID.String(), ID: uuid.NewString(),
			IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(accessLifetime)),
		},
	})
	token.Header["kid"] = t.current
	return token.SignedString(t.keys[t.current])
}

// Verify reads an access token; an error says that it is forged, foreign or
// expired, and nothing that a client should be told.
func (t *Tokens) Verify(token string, now time.Time) (Identity, error) {
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, t.keyOf,
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuer(issuer),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil {
		return Identity{}, err
	}
	user, err := uuid.Parse(c.Subject)
	if err != nil {
		return Identity{}, err
	}
	session, err := uuid.Parse(c.SessionID)
	if err != nil {
		return Identity{}, err
	}
	return Identity{UserID: user, SessionID: session}, nil
}

func (t *Tokens) keyOf(token *jwt.Token) (any, error) {
	id, _ := token.Header["kid"].(string)
	if key, ok := t.keys[id]; ok {
		return key, nil
	}
	return nil, errors.New("account: unknown key id")
}
