package account

import (
	"context"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/security"
)

// Session is what a browser is given to act for a user.
type Session struct {
	AccessToken      string
	AccessExpiresIn  time.Duration
	RefreshToken     string
	RefreshExpiresIn time.Duration
	Device           string // by which the browser is known again at its next sign-in; "" from a refresh
	newDevice        bool
}

var (
	errCredentials = fault.New(fault.InvalidCredentials, "The e-mail address or the password is wrong.")
	errNotVerified = fault.New(fault.EmailNotVerified, "The e-mail address is not confirmed yet. Follow the link in the letter, or ask for a new one.")
	errNoSession   = fault.New(fault.Unauthorized, "Sign in first: the session has ended.")
)

// Login checks an address and a password and begins a session. Errors:
// InvalidCredentials, EmailNotVerified (for the right password alone),
// RateLimited, Unavailable.
func (a *Accounts) Login(ctx context.Context, client Client, address, password string) (Session, error) {
	var fields check.Fields
	address = fields.KnownEmail("email", address)
	row, err := a.userToSignIn(ctx, address)
	if err != nil {
		return Session{}, err
	}
	if err := a.checkPassword(ctx, client, address, password, row); err != nil {
		return Session{}, err
	}
	if row.EmailVerifiedAt == nil {
		return Session{}, errNotVerified
	}
	var session Session
	err = a.global(ctx, func(s store) error {
		now, err := s.lockUser(row.ID)
		if err != nil || now.PasswordHash != row.PasswordHash { // changed while we compared
			return errCredentials
		}
		session, err = a.beginSession(s, client, row.ID)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	a.noteSignIn(ctx, session, row.ID)
	return session, nil
}

// noteSignIn writes down a sign-in from a device that the account has not been signed in to from.
func (a *Accounts) noteSignIn(ctx context.Context, session Session, user uuid.UUID) {
	if session.newDevice {
		a.events.Write(ctx, security.SignInFromNewDevice, security.Subject{User: user})
	}
}

// userToSignIn is the user with the address, or one whose password nobody knows.
func (a *Accounts) userToSignIn(ctx context.Context, address string) (row userRow, err error) {
	err = a.global(ctx, func(s store) error {
		row, err = s.userByEmail(address)
		return err
	})
	if isNotFound(err) {
		return userRow{PasswordHash: dummyHash}, nil
	}
	return row, err
}

// checkPassword compares within the bounds on attempts. They are looked at before there
// is a turn, which a refusal need not take, and again when there is one, so that a burst
// cannot slip under them.
func (a *Accounts) checkPassword(ctx context.Context, client Client, address, password string, row userRow) error {
	from := a.placeOf(client, row.ID)
	err := a.limits.mayTry(from, address, a.now())
	if err == nil {
		err = a.passwords.inTurn(ctx, from, func() error { return a.tryPassword(from, address, password, row) })
	}
	switch fault.CodeOf(err) {
	case fault.InvalidCredentials:
		a.events.Write(ctx, security.SignInFailed, security.Subject{User: row.ID})
	case fault.RateLimited:
		a.events.Write(ctx, security.SignInThrottled, security.Subject{User: row.ID})
	}
	return err
}

func (a *Accounts) tryPassword(from place, address, password string, row userRow) error {
	if err := a.limits.mayTry(from, address, a.now()); err != nil {
		return err
	}
	if len(password) > 4*check.Limits["password"].MaxLength {
		password = ""
	}
	match, err := isPassword(password, row.PasswordHash)
	if err != nil {
		return err
	}
	if !match || row.ID == uuid.Nil {
		a.limits.countWrongPassword(from, address, a.now())
		return errCredentials
	}
	a.limits.forgetWrongPasswords(from, address)
	return nil
}

// isPassword says whether a hash was made of a password, however it is spelled. What is
// typed decides how often it is compared, so that time tells nothing of the hash.
func isPassword(password, hash string) (is bool, err error) {
	for _, spelling := range spellings(password) {
		match, err := argon2id.ComparePasswordAndHash(spelling, hash)
		if err != nil {
			return false, err
		}
		is = is || match
	}
	return is, nil
}

func (a *Accounts) beginSession(s store, client Client, user uuid.UUID) (Session, error) {
	now := a.now()
	row := sessionRow{
		ID: uuid.New(), UserID: user, UserAgent: clipHeader(client.UserAgent), IP: client.IP,
		CreatedAt: now, LastUsedAt: now, ExpiresAt: now.Add(sessionLifetime),
	}
	if err := s.addSession(row); err != nil {
		return Session{}, err
	}
	session, err := a.grantTokens(s, row, newSecret())
	device, known := a.deviceFor(client, user)
	session.Device, session.newDevice = device, !known
	return session, err
}

// grantTokens gives a session its next pair of tokens.
func (a *Accounts) grantTokens(s store, row sessionRow, refresh string) (Session, error) {
	if err := s.addRefreshToken(row.ID, refresh, a.now()); err != nil {
		return Session{}, err
	}
	access, err := a.tokens.Sign(Identity{UserID: row.UserID, SessionID: row.ID}, a.now())
	return Session{
		AccessToken: access, AccessExpiresIn: accessLifetime,
		RefreshToken: refresh, RefreshExpiresIn: row.ExpiresAt.Sub(row.LastUsedAt),
	}, err
}

// Refresh spends a refresh token for a new pair. A token that was spent before
// has leaked: it ends its session, unless it was spent a moment ago, when it is exchanged
// for the same successor once more. Error: Unauthorized.
func (a *Accounts) Refresh(ctx context.Context, refresh string) (session Session, err error) {
	if refresh == "" {
		return Session{}, errNoSession
	}
	leaked, user := false, uuid.Nil
	err = a.global(ctx, func(s store) error {
		now := a.now()
		row, token, err := s.lockSession(refresh)
		if err != nil {
			return err
		}
		if row.EndedAt != nil || !now.Before(row.ExpiresAt) {
			return errNoSession
		}
		if token.SpentAt != nil && now.Sub(*token.SpentAt) > refreshGrace {
			leaked, user = true, row.UserID
			return s.endSession(row.ID, now)
		}
		if err := s.spendToken(token, now); err != nil {
			return err
		}
		row.LastUsedAt, row.ExpiresAt = now, earlier(now.Add(sessionLifetime), row.CreatedAt.Add(longestSession))
		if err := s.extendSession(row); err != nil {
			return err
		}
		session, err = a.grantTokens(s, row, a.tokens.Successor(refresh))
		return err
	})
	if leaked && err == nil {
		a.events.Write(ctx, security.RefreshTokenReused, security.Subject{User: user})
		a.events.Write(ctx, security.SessionsEnded, security.Subject{User: user, Sessions: 1})
	}
	if leaked || isNotFound(err) {
		return Session{}, errNoSession
	}
	return session, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Logout ends the session of a refresh token. There being none is no error.
func (a *Accounts) Logout(ctx context.Context, refresh string) error {
	if refresh == "" {
		return nil
	}
	var row sessionRow
	err := a.global(ctx, func(s store) (err error) {
		if row, _, err = s.lockSession(refresh); err != nil {
			return err
		}
		return s.endSession(row.ID, a.now())
	})
	if isNotFound(err) {
		return nil
	}
	if err == nil && row.EndedAt == nil {
		a.events.Write(ctx, security.SessionsEnded, security.Subject{User: row.UserID, Sessions: 1})
	}
	return err
}

// clipHeader bounds a header that a client may make as long as it likes.
func clipHeader(text string) string {
	const limit = 300
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "")
	}
	return text
}
