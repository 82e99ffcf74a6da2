package account

import (
	"context"
	"strings"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/fault"
)

// Session is what a browser is given to act for a user.
type Session struct {
	AccessToken      string
	AccessExpiresIn  time.Duration
	RefreshToken     string
	RefreshExpiresIn time.Duration
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
	address = fields.Email("email", address)
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
	return session, err
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

// checkPassword compares within the bound on attempts. The bound is looked at
// when the comparison gets its turn, so that a burst cannot slip under it.
func (a *Accounts) checkPassword(ctx context.Context, client Client, address, password string, row userRow) error {
	return a.passwords.inTurn(ctx, func() error {
		if err := a.limits.mayTry(client, address, a.now()); err != nil {
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
			a.limits.countWrongPassword(client, address, a.now())
			return errCredentials
		}
		a.limits.forgetWrongPasswords(client, address)
		return nil
	})
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
	return a.grantTokens(s, row, newSecret())
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
	leaked := false
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
			leaked = true
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
	err := a.global(ctx, func(s store) error {
		row, _, err := s.lockSession(refresh)
		if err != nil {
			return err
		}
		return s.endSession(row.ID, a.now())
	})
	if isNotFound(err) {
		return nil
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
