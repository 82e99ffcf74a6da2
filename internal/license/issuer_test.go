package license

import (
	"context"
	"crypto/ed25519"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/seal"
)

// office issues tokens at a time that the test moves.
type office struct {
	*Issuer
	ctx          context.Context
	database     *db.DB
	organization uuid.UUID
	now          *time.Time
}

func newOffice(t *testing.T) office {
	t.Helper()
	database, now := dbtest.New(t), time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)
	o := office{ctx: context.Background(), database: database, organization: dbtest.Organization(t, database), now: &now}
	o.Issuer = o.another(t, "the secret of these server processes")
	return o
}

// another is the issuer of another server process.
func (o office) another(t *testing.T, secret string) *Issuer {
	t.Helper()
	sealer, err := seal.NewSealer([]byte(secret))
	require.NoError(t, err)
	return NewIssuer(New(o.database, func() time.Time { return *o.now }), sealer)
}

func (o office) grant(t *testing.T, day string) {
	t.Helper()
	_, err := o.Grant(o.ctx, o.organization, Delivery, date(t, day))
	require.NoError(t, err)
}

func date(t *testing.T, day string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, day)
	require.NoError(t, err)
	return at
}

func (o office) token(t *testing.T, issuer *Issuer) string {
	t.Helper()
	tokens, err := issuer.Tokens(o.ctx, o.organization)
	require.NoError(t, err)
	require.Len(t, tokens, 1)
	return tokens[0]
}

// check reads a token with the public keys of now.
func (o office) check(t *testing.T, token string) (jwt.MapClaims, error) {
	t.Helper()
	keys, err := o.PublicKeys(o.ctx)
	require.NoError(t, err)
	found := jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(token, found, func(token *jwt.Token) (any, error) {
		for _, key := range keys {
			if key.ID == token.Header["kid"] {
				return key.Key, nil
			}
		}
		return nil, jwt.ErrTokenUnverifiable
	}, jwt.WithValidMethods([]string{"EdDSA"}), jwt.WithExpirationRequired(), jwt.WithTimeFunc(func() time.Time { return *o.now }))
	return found, err
}

func TestATokenSaysWhoMayUseWhatAndExpiresWithItsLicense(t *testing.T) {
	o := newOffice(t)
	tokens, err := o.Tokens(o.ctx, o.organization)
	require.NoError(t, err)
	require.Equal(t, []string{}, tokens, "nobody has granted anything")

	o.grant(t, "2026-08-31")
	found, err := o.check(t, o.token(t, o.Issuer))
	require.NoError(t, err)
	require.Equal(t, jwt.MapClaims{
		"org": o.organization.String(), "module": "delivery", "valid_until": "2026-08-31T21:00:00Z",
		"iat": float64(o.now.Unix()), "exp": float64(o.now.Add(TokenLifetime).Unix()),
	}, found, "the end of the day in Moscow; a week for the token")

	*o.now = time.Date(2026, 8, 31, 20, 0, 0, 0, time.UTC)
	last := o.token(t, o.Issuer)
	_, err = o.check(t, last)
	require.NoError(t, err)
	*o.now = time.Date(2026, 8, 31, 21, 0, 0, 0, time.UTC)
	_, err = o.check(t, last)
	require.ErrorIs(t, err, jwt.ErrTokenExpired, "no token outlives its license")
	tokens, err = o.Tokens(o.ctx, o.organization)
	require.NoError(t, err)
	require.Empty(t, tokens)
}

func TestARotatedKeyChecksItsLastToken(t *testing.T) {
	o := newOffice(t)
	o.grant(t, "2027-05-25")
	old := o.token(t, o.Issuer)
	id, err := o.RotateKey(o.ctx)
	require.NoError(t, err)
	fresh := o.token(t, o.another(t, "the secret of these server processes"))
	require.NotEqual(t, keyOf(t, old), keyOf(t, fresh))
	require.Equal(t, id, keyOf(t, fresh), "another process signs with the new key at once")

	*o.now = o.now.Add(TokenLifetime - time.Second)
	require.NoError(t, o.Sweep(o.ctx))
	_, err = o.check(t, old)
	require.NoError(t, err, "up to its last second")
	*o.now = o.now.Add(keyKept - TokenLifetime + 2*time.Second)
	require.NoError(t, o.Sweep(o.ctx))
	keys, err := o.PublicKeys(o.ctx)
	require.NoError(t, err)
	require.Len(t, keys, 1)
	require.Equal(t, id, keys[0].ID, "the key that signs stays")
}

func keyOf(t *testing.T, token string) any {
	t.Helper()
	parsed, _, err := jwt.NewParser().ParseUnverified(token, jwt.MapClaims{})
	require.NoError(t, err)
	return parsed.Header["kid"]
}

func TestServerProcessesShareTheirFirstKey(t *testing.T) {
	o := newOffice(t)
	o.grant(t, "2027-05-25")
	var starting sync.WaitGroup
	tokens := make([]string, 8)
	for i := range tokens {
		issuer := o.another(t, "the secret of these server processes")
		starting.Go(func() {
			got, err := issuer.Tokens(o.ctx, o.organization)
			if err != nil || len(got) != 1 {
				t.Error(got, err)
				return
			}
			tokens[i] = got[0]
		})
	}
	starting.Wait()
	for _, token := range tokens {
		require.Equal(t, keyOf(t, tokens[0]), keyOf(t, token))
	}
	keys, err := o.PublicKeys(o.ctx)
	require.NoError(t, err)
	require.Len(t, keys, 1)
}

func TestALostSecretCostsTheKeyAndNotTheTokens(t *testing.T) {
	o := newOffice(t)
	o.grant(t, "2027-05-25")
	old := o.token(t, o.Issuer)
	changed := o.another(t, "the secret that was set after the first was lost")
	fresh := o.token(t, changed)
	require.NotEqual(t, keyOf(t, old), keyOf(t, fresh))
	for _, token := range []string{old, fresh} {
		_, err := o.check(t, token)
		require.NoError(t, err)
	}
}

func TestTheKeysPrivateHalfIsSealed(t *testing.T) {
	o := newOffice(t)
	_, err := o.PublicKeys(o.ctx)
	require.NoError(t, err)
	row, err := o.currentKey(o.ctx)
	require.NoError(t, err)
	signing, err := o.openKey(row)
	require.NoError(t, err)
	require.NotContains(t, string(row.PrivateKey), string(signing.private.Seed()))
	require.Equal(t, ed25519.PublicKey(row.PublicKey), signing.private.Public())
	row.ID = "moved to another row"
	_, err = o.openKey(row)
	require.Error(t, err)
	dbtest.HoldModel(t, o.database, &keyRow{})
}

// The example of RFC 8037, A.3.
func TestAKeyIsNamedByItsThumbprint(t *testing.T) {
	public := ed25519.PublicKey{
		0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
		0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
	}
	require.Equal(t, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", thumbprintOf(public))
}

func TestSupportMovesTheEndOfALicense(t *testing.T) {
	o := newOffice(t)
	_, err := o.Revoke(o.ctx, o.organization, Delivery)
	require.True(t, fault.Is(err, fault.Conflict), "%v", err)
	_, err = o.Grant(o.ctx, o.organization, Delivery, date(t, "2026-05-24"))
	require.True(t, fault.Is(err, fault.ValidationFailed), "a day that is over: %v", err)
	change, err := o.Grant(o.ctx, o.organization, Delivery, date(t, "2026-05-25"))
	require.NoError(t, err)
	require.Nil(t, change.Before)
	require.Equal(t, time.Date(2026, 5, 25, 21, 0, 0, 0, time.UTC), change.After.UTC(), "today, to the end of the day in Moscow")
	o.grant(t, "2026-07-01")

	require.NoError(t, o.database.ForOrganization(o.ctx, o.organization, func(tx db.Tx) error {
		return tx.GORM().Exec("UPDATE organizations SET time_zone = 'America/Havana' WHERE id = ?", o.organization).Error
	}))
	change, err = o.Grant(o.ctx, o.organization, Delivery, date(t, "2027-03-13"))
	require.NoError(t, err)
	require.Equal(t, time.Date(2027, 3, 14, 5, 0, 0, 0, time.UTC), change.After.UTC(), "the day after has no midnight: the clock goes on with 01:00")
	o.grant(t, "2026-07-01")

	change, err = o.Revoke(o.ctx, o.organization, Delivery)
	require.NoError(t, err)
	require.True(t, change.Before.Equal(time.Date(2026, 7, 2, 4, 0, 0, 0, time.UTC)))
	holder, err := o.Holder(o.ctx, o.organization)
	require.NoError(t, err)
	require.Equal(t, "Test", holder.Name)
	require.Len(t, holder.Licenses, 1)
	require.Equal(t, Expired, holder.Licenses[0].Status)

	for _, nobody := range []uuid.UUID{uuid.New(), uuid.Nil} {
		_, err = o.Grant(o.ctx, nobody, Delivery, date(t, "2027-01-01"))
		require.True(t, fault.Is(err, fault.NotFound), "%v", err)
		_, err = o.Revoke(o.ctx, nobody, Delivery)
		require.True(t, fault.Is(err, fault.NotFound), "%v", err)
		_, err = o.Holder(o.ctx, nobody)
		require.True(t, fault.Is(err, fault.NotFound), "%v", err)
	}
}
