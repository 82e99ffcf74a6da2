package license

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/seal"
)

// TokenLifetime is how long a token works at the most: so long a local system
// may be without a connection, and so long a revoked license may still be
// believed in.
const TokenLifetime = 7 * 24 * time.Hour

// keyKept is how long a retired key stays: as long as its last token, and as
// long as a slow request may sign with a key that was retired meanwhile.
const keyKept = TokenLifetime + time.Hour

// Issuer signs licenses as tokens that others can check without asking the
// cabinet: compact JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037).
type Issuer struct {
	*Licenses
	sealer *seal.Sealer
}

// NewIssuer makes the issuer of the tokens of all organizations. Its keys stand
// in the database, sealed: processes on one database sign with the same key.
func NewIssuer(licenses *Licenses, sealer *seal.Sealer) *Issuer { return &Issuer{licenses, sealer} }

// Tokens gives one token for each license of the organization that opens its
// module now; none is an empty list.
func (i *Issuer) Tokens(ctx context.Context, organization uuid.UUID) ([]string, error) {
	licenses, err := i.loadLicenses(ctx, organization)
	if err != nil {
		return nil, err
	}
	now, tokens := i.now(), []string{}
	var signing *key
	for _, license := range licenses {
		if !license.Opens(now) {
			continue
		}
		if signing == nil { // whoever has no license needs no key
			if signing, err = i.signingKey(ctx); err != nil {
				return nil, err
			}
		}
		token, err := signing.sign(organization, license, now)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// key signs tokens.
type key struct {
	id      string
	private ed25519.PrivateKey
}

// sign makes the token of a license, with the claims org, module, valid_until
// (RFC 3339), iat and exp: the token expires with the license at the latest.
func (k *key) sign(organization uuid.UUID, license License, now time.Time) (string, error) {
	expires := now.Add(TokenLifetime)
	if license.ValidUntil.Before(expires) {
		expires = *license.ValidUntil
	}
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{
		"org": organization, "module": license.Module, "valid_until": license.ValidUntil.UTC(),
		"iat": jwt.NewNumericDate(now), "exp": jwt.NewNumericDate(expires),
	})
	token.Header["kid"] = k.id
	return token.SignedString(k.private)
}

// PublicKey checks the tokens whose `kid` is its ID.
type PublicKey struct {
	ID  string
	Key ed25519.PublicKey
}

// PublicKeys are those of all tokens that still work, the signing one first. It
// is made where there is none yet, so that the list is never empty.
func (i *Issuer) PublicKeys(ctx context.Context) ([]PublicKey, error) {
	if _, err := i.signingKey(ctx); err != nil {
		return nil, err
	}
	rows, err := i.allKeys(ctx)
	keys := make([]PublicKey, len(rows))
	for n, row := range rows {
		keys[n] = PublicKey{row.ID, row.PublicKey}
	}
	return keys, err
}

// RotateKey makes a new key and signs with it from now on. The one before still
// checks the tokens that it has signed. It gives the new key's id.
func (i *Issuer) RotateKey(ctx context.Context) (id string, err error) {
	row, err := i.currentKey(ctx)
	if err == nil {
		row, err = i.replaceKey(ctx, row.ID, i.newKey())
	}
	return row.ID, err
}

// Sweep removes the retired keys whose tokens have all expired.
func (i *Issuer) Sweep(ctx context.Context) error { return i.removeKeys(ctx, i.now().Add(-keyKept)) }

// signingKey is the key that signs. One is made at the first need, and where the
// server's secret has become another one, which the private key is not sealed with.
func (i *Issuer) signingKey(ctx context.Context) (*key, error) {
	row, err := i.currentKey(ctx)
	if err != nil {
		return nil, err
	}
	if signing, err := i.openKey(row); err == nil {
		return signing, nil
	}
	if row, err = i.replaceKey(ctx, row.ID, i.newKey()); err != nil {
		return nil, err
	}
	return i.openKey(row)
}

func (i *Issuer) openKey(row keyRow) (*key, error) {
	seed, err := i.sealer.Open(row.PrivateKey, []byte(row.ID))
	if err != nil {
		return nil, err
	}
	return &key{row.ID, ed25519.NewKeyFromSeed([]byte(seed))}, nil
}

func (i *Issuer) newKey() keyRow {
	public, private, _ := ed25519.GenerateKey(nil) // the system's random numbers never fail
	id := thumbprintOf(public)
	return keyRow{
		ID: id, PublicKey: public, PrivateKey: i.sealer.Seal(string(private.Seed()), []byte(id)), CreatedAt: i.now(),
	}
}

// thumbprintOf names a public key by its hash (RFC 7638, 3.2; RFC 8037, 2).
func thumbprintOf(public ed25519.PublicKey) string {
	encode := base64.RawURLEncoding.EncodeToString
	hash := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + encode(public) + `"}`))
	return encode(hash[:])
}
