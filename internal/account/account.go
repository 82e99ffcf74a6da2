// Package account keeps the people who sign in: registration, sessions,
// passwords, and what they say of themselves. No answer of it tells whether an
// e-mail address is registered.
package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/job"
	"github.com/interpos/cabinet/internal/security"
)

// How long what is handed out works.
const (
	verifyLifetime  = 48 * time.Hour
	resetLifetime   = time.Hour
	sessionLifetime = 30 * 24 * time.Hour // since the last refresh
	longestSession  = 90 * 24 * time.Hour // since the sign-in
	// refreshGrace is how long a spent refresh token still gets a successor: a
	// reload may have lost the answer, a second tab may have asked at once.
	refreshGrace = 10 * time.Second
)

// Accounts serves the accounts of all users.
type Accounts struct {
	db        *db.DB
	tokens    *Tokens
	jobs      *job.Queue
	now       func() time.Time
	events    *security.Log
	passwords *passwords
	limits    limits
}

// Options of the accounts' service.
type Options struct {
	Tokens *Tokens
	Jobs   *job.Queue
	Now    func() time.Time
	Events *security.Log
}

// New makes the accounts' service over a database.
func New(database *db.DB, o Options) *Accounts {
	return &Accounts{
		db: database, tokens: o.Tokens, jobs: o.Jobs, now: o.Now, events: o.Events,
		passwords: newPasswords(), limits: newLimits(),
	}
}

// Client is where a request comes from.
type Client struct {
	IP        string
	UserAgent string
	Device    string // what Session.Device was at an earlier sign-in
}

// Account is a person who signs in.
type Account struct {
	ID                    uuid.UUID
	Email                 string
	FullName              string
	Phone                 string
	Locale                string // ru or en
	OrganizationLimit     int    // how many organizations the user may own
	CurrentOrganizationID *uuid.UUID
	CreatedAt             time.Time
}

// Get gives the account of a signed-in user. Error: Unauthorized, if it is gone.
func (a *Accounts) Get(ctx context.Context, user uuid.UUID) (account Account, err error) {
	err = a.global(ctx, func(s store) error {
		row, err := s.user(user)
		account = row.toAccount()
		return err
	})
	return account, orSignedOut(err)
}

// Changes are the fields of an account that its user changes; nil: left as it is.
type Changes struct {
	FullName            *string
	Phone               *string
	Locale              *string
	CurrentOrganization *uuid.UUID // uuid.Nil: none
}

// Update changes what a user says of itself, if accept has nothing against what is
// changed; nobody changes it between. Errors: ValidationFailed, `unknown` for an
// organization that the user is no member of; that of accept.
func (a *Accounts) Update(ctx context.Context, user uuid.UUID, changes Changes, accept func(Account) error) (account Account, err error) {
	err = a.forUser(ctx, user, func(s store) error {
		row, err := s.lockUser(user)
		if err != nil {
			return err
		}
		if err := changes.check(row); err != nil {
			return err
		}
		if err := accept(row.toAccount()); err != nil {
			return err
		}
		if err := s.chooseOrganization(&row, changes.CurrentOrganization); err != nil {
			return err
		}
		row.apply(changes)
		row.UpdatedAt = a.now()
		account = row.toAccount()
		return s.save(row)
	})
	return account, orSignedOut(err)
}

// check holds what is given against its rules, and trims it; what the account has already may stay.
func (c Changes) check(before userRow) error {
	var fields check.Fields
	if c.FullName != nil {
		*c.FullName = fullName(&fields, *c.FullName)
	}
	if c.Phone != nil {
		*c.Phone = fields.Phone("phone", *c.Phone, before.Phone)
	}
	if c.Locale != nil {
		*c.Locale = fields.Word("locale", *c.Locale)
	}
	return fields.Err()
}

// chooseOrganization makes an organization the user's current one.
func (s store) chooseOrganization(row *userRow, organization *uuid.UUID) error {
	switch {
	case organization == nil:
		return nil
	case *organization == uuid.Nil:
		row.CurrentOrganizationID = nil
		return nil
	}
	member, err := s.isMember(row.ID, *organization)
	if err != nil {
		return err
	}
	if !member {
		return unknownOrganization
	}
	row.CurrentOrganizationID = organization
	return nil
}

// SetOrganizationLimit lets a user own that many organizations; for support.
// Errors: NotFound, ValidationFailed.
func (a *Accounts) SetOrganizationLimit(ctx context.Context, address string, limit int) error {
	var fields check.Fields
	address = fields.KnownEmail("email", address)
	if limit < 0 || limit > 10_000 {
		fields.Add("limit", "invalid", "must be between 0 and 10000")
	}
	if err := fields.Err(); err != nil {
		return err
	}
	return a.changeByEmail(ctx, address, func(row *userRow) { row.OrganizationLimit = limit })
}

// SetStaff says whether a user works for the host's support; for the host. Errors:
// NotFound, ValidationFailed.
func (a *Accounts) SetStaff(ctx context.Context, address string, staff bool) error {
	var fields check.Fields
	address = fields.KnownEmail("email", address)
	if err := fields.Err(); err != nil {
		return err
	}
	return a.changeByEmail(ctx, address, func(row *userRow) { row.IsStaff = staff })
}

func (a *Accounts) changeByEmail(ctx context.Context, address string, change func(row *userRow)) error {
	return a.global(ctx, func(s store) error {
		row, err := s.lockUserByEmail(address)
		if isNotFound(err) {
			return fault.New(fault.NotFound, "No account has this e-mail address.")
		}
		if err != nil {
			return err
		}
		change(&row)
		row.UpdatedAt = a.now()
		return s.save(row)
	})
}

// Sweep removes what has expired: tokens, and sessions with their refresh tokens.
func (a *Accounts) Sweep(ctx context.Context) error {
	return a.global(ctx, func(s store) error { return s.removeExpired(a.now()) })
}
