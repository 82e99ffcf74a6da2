package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
)

// Routes that need a license, a fresh sign-in or staff, of which there is none yet, on
// the real database.
func TestARouteMayNeedALicenseAFreshSignInOrStaff(t *testing.T) {
	now := time.Now()
	tokens, err := account.NewTokens([]byte("a secret of thirty-two characters"))
	require.NoError(t, err)
	database := dbtest.New(t)
	clock := func() time.Time { return now }
	s := &Server{Dependencies: Dependencies{Now: clock, Accounts: account.New(database, account.Options{Tokens: tokens, Now: clock})}}
	user, session, organization := uuid.New(), uuid.New(), dbtest.Organization(t, database)
	exec := func(statement string, args ...any) {
		require.NoError(t, database.ForOrganization(context.Background(), organization, func(tx db.Tx) error {
			_, err := tx.Exec(context.Background(), statement, args...)
			return err
		}))
	}
	exec(`INSERT INTO users (id, email, password_hash, full_name) VALUES ($1, 'me@example.com', '', '')`, user)
	exec(`INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`, session, user, now, now.Add(24*time.Hour))
	exec(`INSERT INTO roles (organization_id, id, code) VALUES ($1, $1, 'dispatcher')`, organization)
	exec(`INSERT INTO members (organization_id, user_id, role_id) VALUES ($1, $2, $1)`, organization, user)
	exec(`INSERT INTO licenses (organization_id, id, module) VALUES ($1, $1, 'delivery')`, organization)

	call := func(needs access.Needs) error {
		token, err := tokens.Sign(account.Identity{UserID: user, SessionID: session}, now)
		require.NoError(t, err)
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header.Set(echo.HeaderAuthorization, "Bearer "+token)
		c := echo.New().NewContext(request, httptest.NewRecorder())
		c.SetParamNames("organization_id")
		c.SetParamValues(organization.String())
		return s.guardsOf(needs)[0](func(echo.Context) error { return nil })(c)
	}
	licensed := access.Needs{Permission: access.Deliveries.View(), Module: access.Delivery}
	fresh := access.Needs{Permission: access.Deliveries.View(), Fresh: true}
	require.True(t, fault.Is(call(licensed), fault.LicenseRequired), "never renewed")
	exec(`UPDATE licenses SET valid_until = $1`, now.Add(time.Hour))
	require.NoError(t, call(licensed))
	require.NoError(t, call(fresh))
	now = now.Add(access.FreshFor + time.Second)
	require.True(t, fault.Is(call(fresh), fault.FreshSignInRequired))
	require.NoError(t, call(licensed))
	now = now.Add(time.Hour)
	require.True(t, fault.Is(call(licensed), fault.LicenseRequired), "expired")
	require.True(t, fault.Is(call(access.Needs{Permission: access.Reports.View(), Module: access.Delivery}), fault.Forbidden), "whoever may nothing learns nothing")
	support := access.Needs{Staff: true}
	require.True(t, fault.Is(call(support), fault.NotFound))
	exec(`UPDATE users SET is_staff = true`)
	require.NoError(t, call(support))
	require.True(t, fault.Is(call(access.Needs{Owner: true}), fault.Forbidden), "staff owns nothing")
	exec(`UPDATE sessions SET ended_at = $1`, now)
	require.True(t, fault.Is(call(licensed), fault.Unauthorized))
}
