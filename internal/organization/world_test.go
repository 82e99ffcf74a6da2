package organization

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/seal"
	"github.com/interpos/cabinet/internal/security"
)

// world is the organizations' service on a database of its own.
type world struct {
	*testing.T
	db      *db.DB
	ctx     context.Context
	now     time.Time
	changed []uuid.UUID
	*Organizations
}

func newWorld(t *testing.T) *world {
	t.Helper()
	secret := []byte("a secret of thirty-two characters")
	sealer, err := seal.NewSealer(secret)
	require.NoError(t, err)
	events, err := security.NewLog(slog.New(slog.DiscardHandler), secret)
	require.NoError(t, err)
	w := &world{T: t, db: dbtest.New(t), ctx: t.Context(), now: time.Date(2026, 5, 25, 17, 3, 14, 0, time.UTC)}
	w.Organizations = New(w.db, Options{
		Sealer: sealer, Now: func() time.Time { return w.now }, Changed: func(id uuid.UUID) { w.changed = append(w.changed, id) }, Events: events,
	})
	return w
}

// user adds a user who may own so many organizations.
func (w *world) user(limit int) uuid.UUID {
	w.Helper()
	id := uuid.New()
	require.NoError(w, w.db.Global(w.ctx, func(tx db.Tx) error {
		return tx.GORM().Exec(`INSERT INTO users (id, email, password_hash, full_name, organization_limit) VALUES (?, ?, '', 'Test', ?)`,
			id, id.String()+"@example.com", limit).Error
	}))
	return id
}

func fields() Fields {
	minutes := 60
	return Fields{Name: "Coffee by the river", TimeZone: "Europe/Moscow", Currency: "RUB", DefaultDeliveryMinutes: &minutes}
}

// create makes an organization of the user and gives its owner.
func (w *world) create(user uuid.UUID) (access.Actor, Details) {
	w.Helper()
	details, err := w.Create(w.ctx, user, fields())
	require.NoError(w, err)
	return ownerOf(details.ID, user), details
}

// member makes the user a member with a built-in role.
func (w *world) member(organization, user uuid.UUID, code string) access.Actor {
	w.Helper()
	roles, err := w.Roles(w.ctx, organization)
	require.NoError(w, err)
	for _, role := range roles {
		if role.Code != code {
			continue
		}
		require.NoError(w, w.db.ForOrganization(w.ctx, organization, func(tx db.Tx) error {
			return tx.GORM().Create(&memberRow{OrganizationID: organization, UserID: user, RoleID: role.ID, CreatedAt: w.now}).Error
		}))
	}
	return access.Actor{UserID: user, OrganizationID: organization, RoleCode: code, Permissions: access.RolePermissions(code)}
}
