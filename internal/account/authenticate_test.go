package account

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
)

// Every way in which a session ends takes its access token with it, at once: what
// another process would see is the same, since nothing but the database is asked.
func TestAnAccessTokenEndsWithItsSession(t *testing.T) {
	for name, end := range map[string]func(w *world, session Session){
		"sign-out": func(w *world, session Session) { require.NoError(w, w.Logout(w.ctx, session.RefreshToken)) },
		"a new password": func(w *world, _ Session) {
			require.NoError(w, w.ForgotPassword(w.ctx, here, address))
			require.NoError(w, w.reset(tokenOf(w.letter()), "another battery staple"))
		},
		"a stolen refresh token": func(w *world, session Session) {
			_, err := w.Refresh(w.ctx, session.RefreshToken)
			require.NoError(w, err)
			w.clock.pass(refreshGrace + time.Second)
			_, err = w.Refresh(w.ctx, session.RefreshToken)
			w.requireCode(fault.Unauthorized, err)
		},
		"its time": func(w *world, session Session) { w.expire(session) },
		"the sweep of what has ended": func(w *world, session Session) {
			w.expire(session)
			require.NoError(w, w.Sweep(w.ctx))
		},
		"the end of the account": func(w *world, _ Session) {
			require.NoError(w, w.db.Global(w.ctx, func(tx db.Tx) error { return tx.GORM().Exec("DELETE FROM users").Error }))
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.verified()
			session, other := w.login(), w.login()
			_, err := w.Authenticate(w.ctx, session.AccessToken, uuid.Nil)
			require.NoError(t, err)
			end(w, session)
			_, err = w.Authenticate(w.ctx, session.AccessToken, uuid.Nil)
			w.requireCode(fault.Unauthorized, err)
			_, err = w.Authenticate(w.ctx, other.AccessToken, uuid.Nil)
			all := map[string]bool{"a new password": true, "the end of the account": true}
			require.Equal(t, all[name], err != nil, "another session of the user: %v", err)
		})
	}
}

// expire makes the session one that was not refreshed for long enough.
func (w *world) expire(session Session) {
	w.Helper()
	identity, err := w.tokens.Verify(session.AccessToken, w.clock.Now())
	require.NoError(w, err)
	require.NoError(w, w.db.Global(w.ctx, func(tx db.Tx) error {
		return tx.GORM().Exec("UPDATE sessions SET expires_at = ? WHERE id = ?", w.clock.Now(), identity.SessionID).Error
	}))
}

func TestARefreshLeavesTheTokenBeforeAtWork(t *testing.T) {
	w := newWorld(t)
	w.verified()
	before := w.login()
	after, err := w.Refresh(w.ctx, before.RefreshToken)
	require.NoError(t, err)
	for _, token := range []string{before.AccessToken, after.AccessToken} {
		_, err := w.Authenticate(w.ctx, token, uuid.Nil)
		require.NoError(t, err)
	}
	w.clock.pass(accessLifetime)
	_, err = w.Authenticate(w.ctx, before.AccessToken, uuid.Nil)
	w.requireCode(fault.Unauthorized, err)
}

func TestASessionActsForItsUserOnly(t *testing.T) {
	w := newWorld(t)
	w.verified()
	identity, err := w.tokens.Verify(w.login().AccessToken, w.clock.Now())
	require.NoError(t, err)
	for name, made := range map[string]Identity{
		"another user": {UserID: uuid.New(), SessionID: identity.SessionID},
		"no session":   {UserID: identity.UserID, SessionID: uuid.New()},
		"nobody":       {},
	} {
		token, err := w.tokens.Sign(made, w.clock.Now())
		require.NoError(t, err)
		_, err = w.Authenticate(w.ctx, token, uuid.Nil)
		require.Error(t, err, name)
	}
	for _, token := range []string{"", "garbage"} {
		_, err = w.Authenticate(w.ctx, token, uuid.Nil)
		w.requireCode(fault.Unauthorized, err)
	}
}

func TestTheActorIsWhoTheUserIsInTheOrganization(t *testing.T) {
	w := newWorld(t)
	w.verified()
	session := w.login()
	identity, err := w.tokens.Verify(session.AccessToken, w.clock.Now())
	require.NoError(t, err)
	mine, theirs, archived := w.organization(identity.UserID, true), w.organization(identity.UserID, false), w.organization(identity.UserID, true)
	require.NoError(t, w.db.ForOrganization(w.ctx, archived, archive(archived)))
	require.NoError(t, w.db.ForOrganization(w.ctx, theirs, licensed(theirs, w.clock.Now().Add(time.Hour))))

	signedIn := access.Actor{UserID: identity.UserID, SignedInAt: w.clock.Now()}
	for name, organization := range map[string]uuid.UUID{"none": uuid.Nil, "another's": theirs, "archived": archived, "unknown": uuid.New()} {
		require.Equal(t, signedIn, w.actor(session, organization), name)
	}
	want := signedIn
	want.OrganizationID, want.RoleCode, want.Permissions, want.Modules = mine, access.RoleViewer, access.RolePermissions(access.RoleViewer), []access.Module{}
	require.Equal(t, want, w.actor(session, mine))

	until := w.clock.Now().Add(time.Hour)
	require.NoError(t, w.db.ForOrganization(w.ctx, mine, licensed(mine, until)))
	w.clock.pass(time.Hour - time.Second)
	session = w.login()
	require.Equal(t, []access.Module{access.Delivery}, w.actor(session, mine).Modules)
	w.clock.pass(time.Second)
	require.Empty(t, w.actor(session, mine).Modules, "the moment of its end is excluded")
}

func (w *world) actor(session Session, organization uuid.UUID) access.Actor {
	w.Helper()
	actor, err := w.Authenticate(w.ctx, session.AccessToken, organization)
	require.NoError(w, err)
	actor.SignedInAt = actor.SignedInAt.UTC()
	return actor
}

// BenchmarkAuthenticate is what every request of a signed-in user pays: one round
// trip, however many sessions and members there are.
func BenchmarkAuthenticate(b *testing.B) {
	tokens, err := NewTokens([]byte("a secret of thirty-two characters"))
	require.NoError(b, err)
	database := dbtest.New(b)
	accounts := New(database, Options{Tokens: tokens, Now: time.Now})
	user, session, organization := uuid.New(), uuid.New(), dbtest.Organization(b, database)
	ids := strings.NewReplacer("{user}", "'"+user.String()+"'", "{session}", "'"+session.String()+"'", "{organization}", "'"+organization.String()+"'")
	require.NoError(b, database.ForOrganization(b.Context(), organization, func(tx db.Tx) error {
		for _, statement := range []string{
			`INSERT INTO users (id, email, password_hash, full_name) SELECT gen_random_uuid(), n || '@example.com', '', '' FROM generate_series(1, 50000) n`,
			`INSERT INTO users (id, email, password_hash, full_name) VALUES ({user}, 'me@example.com', '', '')`,
			`INSERT INTO sessions (id, user_id, expires_at) SELECT gen_random_uuid(), id, now() + interval '1 day' FROM users`,
			`INSERT INTO sessions (id, user_id, expires_at) VALUES ({session}, {user}, now() + interval '1 day')`,
			`INSERT INTO roles (organization_id, id, code) VALUES ({organization}, {organization}, 'viewer')`,
			`INSERT INTO members (organization_id, user_id, role_id) SELECT {organization}, id, {organization} FROM users`,
			`INSERT INTO licenses (organization_id, id, module, valid_until) VALUES ({organization}, {organization}, 'delivery', now() + interval '1 day')`,
		} {
			if err := tx.GORM().Exec(ids.Replace(statement)).Error; err != nil {
				return err
			}
		}
		return nil
	}))
	token, err := tokens.Sign(Identity{UserID: user, SessionID: session}, time.Now())
	require.NoError(b, err)
	for name, id := range map[string]uuid.UUID{"session": uuid.Nil, "member": organization} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				actor, err := accounts.Authenticate(b.Context(), token, id)
				require.NoError(b, err)
				require.Equal(b, id, actor.OrganizationID)
			}
		})
	}
}
