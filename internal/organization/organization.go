// Package organization keeps the tenants: organizations, their members, roles
// and sync keys. All business data belongs to exactly one organization.
package organization

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/license"
	"github.com/interpos/cabinet/internal/seal"
	"github.com/interpos/cabinet/internal/security"
)

// Organizations serves all organizations.
type Organizations struct {
	db      *db.DB
	sealer  *seal.Sealer
	now     func() time.Time
	changed func(uuid.UUID)
	events  *security.Log
}

// Options of the organizations' service.
type Options struct {
	Sealer  *seal.Sealer // hides the sync keys that are kept for showing them
	Now     func() time.Time
	Changed func(uuid.UUID) // told after the time zone or the day's start has changed: business days move
	Events  *security.Log
}

// New makes the organizations' service over a database.
func New(database *db.DB, o Options) *Organizations {
	// As exact as the database keeps it: an answer says what the next one will.
	now := func() time.Time { return o.Now().Truncate(time.Microsecond) }
	return &Organizations{db: database, sealer: o.Sealer, now: now, changed: o.Changed, events: o.Events}
}

// Profile is what synchronization and reports need of an organization.
type Profile struct {
	ID                     uuid.UUID
	Name                   string
	TimeZone               string // IANA
	Currency               string // ISO 4217
	DefaultDeliveryMinutes int
	DayStartsAt            int // minutes after local midnight at which a business day begins
}

// Details is an organization as its members see it.
type Details struct {
	Profile
	LegalName string
	TaxNumber string
	Address   string
	Phone     string
	SyncKey   *SyncKey // nil for those who may not see it
	Role      Role
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Membership is an organization in a user's list, and what the user may do there.
type Membership struct {
	Profile
	Role      Role
	Modules   []license.Module // those that are licensed now
	CreatedAt time.Time
}

// List is what a user belongs to. Owned counts against Limit.
type List struct {
	Items []Membership
	Limit int
	Owned int
}

// Role is a named set of permissions in an organization. Code is that of a
// built-in role, "" for the organization's own.
type Role struct {
	ID          uuid.UUID
	Code        string
	Name        string
	Permissions []access.Permission
}

// rank orders roles: the built-in ones from the mightiest down, then the others.
func (r Role) rank() int {
	at := slices.Index(access.BuiltinRoles, r.Code)
	if at < 0 {
		return len(access.BuiltinRoles)
	}
	return at
}

// builtinNames are what the built-in roles are called in English; screens
// translate them by their codes.
var builtinNames = map[string]string{
	access.RoleOwner:      "Owner",
	access.RoleManager:    "Manager",
	access.RoleAccountant: "Accountant",
	access.RoleDispatcher: "Dispatcher",
	access.RoleViewer:     "Viewer",
}

// IsOwner says whether it is the role of the one member who owns the organization.
func (r Role) IsOwner() bool { return r.Code == access.RoleOwner }

// IsBuiltin says whether every organization has this role.
func (r Role) IsBuiltin() bool { return r.Code != "" }
