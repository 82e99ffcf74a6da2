package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/mail"
	"github.com/interpos/cabinet/internal/security"
)

var errTokenInvalid = fault.New(fault.TokenInvalid, "The link has been used already, or has expired. Ask for a new letter.")

// Letter is what the page behind a letter's link has to know.
type Letter struct {
	Email    string // whom the letter was sent to
	Verified bool   // the address is confirmed
	Usable   bool   // the link still sets a password
}

// LookUpLetter says whose letter a link is of, also when it has been used or has expired not
// long ago. Errors: TokenInvalid, RateLimited.
func (a *Accounts) LookUpLetter(ctx context.Context, client Client, token string) (letter Letter, err error) {
	if err := a.limits.countRequest(client, a.now()); err != nil {
		return Letter{}, err
	}
	err = a.global(ctx, func(s store) error {
		found, err := s.anyEmailToken(token)
		if err != nil {
			return err
		}
		row, err := s.user(found.UserID)
		letter = Letter{
			Email: row.Email, Verified: row.EmailVerifiedAt != nil,
			Usable: found.UsedAt == nil && a.now().Before(found.ExpiresAt),
		}
		return err
	})
	return letter, orTokenInvalid(err)
}

// ResetPassword sets a new password by the token of a letter, which proves the address
// too, ends all sessions, says how many, and begins one. Errors: ValidationFailed,
// TokenInvalid, RateLimited, Unavailable.
func (a *Accounts) ResetPassword(ctx context.Context, client Client, token, password string) (session Session, ended int, err error) {
	var fields check.Fields
	fields.Secret("password", password)
	if err := fields.Err(); err != nil {
		return Session{}, 0, err
	}
	var user uuid.UUID
	session, err = a.setPasswordByLetter(ctx, client, resetPassword, token, password, func(s store, row *userRow) error {
		user = row.ID
		if ended, err = s.endSessions(row.ID, a.now()); err != nil {
			return err
		}
		return a.jobs.Letter(ctx, s.pgx, mail.Letter{Kind: mail.PasswordChanged, To: row.Email, Locale: row.Locale})
	})
	if err == nil && ended > 0 {
		a.events.Write(ctx, security.SessionsEnded, security.Subject{User: user, Sessions: ended})
	}
	return session, ended, err
}

// setPasswordByLetter sets the password that the holder of a letter typed, which confirms
// the address, and begins a session. No other letter to the user works any more. What else
// the purpose changes is done by change, in the same transaction.
func (a *Accounts) setPasswordByLetter(ctx context.Context, client Client, purpose purpose, token, password string,
	change func(store, *userRow) error) (session Session, err error) {
	if err := a.limits.countRequest(client, a.now()); err != nil {
		return Session{}, err
	}
	// Look before hashing: an invented token must not cost us a hash.
	if err := a.global(ctx, func(s store) error {
		_, err := s.emailToken(token, purpose, a.now())
		return err
	}); err != nil {
		return Session{}, orTokenInvalid(err)
	}
	hash, err := a.passwords.hashPassword(ctx, networkPlace(client), password)
	if err != nil {
		return Session{}, err
	}
	var user uuid.UUID
	var address string
	err = a.global(ctx, func(s store) error {
		now := a.now()
		row, err := s.useEmailToken(token, purpose, now)
		if err != nil {
			return err
		}
		if err := change(s, &row); err != nil {
			return err
		}
		user, address = row.ID, row.Email
		if err := s.savePassword(row, hash, now); err != nil {
			return err
		}
		session, err = a.beginSession(s, client, row.ID)
		return err
	})
	if err != nil {
		return Session{}, orTokenInvalid(err)
	}
	a.limits.forgetAddress(address)
	if purpose == resetPassword {
		a.events.Write(ctx, security.PasswordReset, security.Subject{User: user})
	}
	a.noteSignIn(ctx, session, user)
	return session, nil
}

// savePassword keeps a password that the mailbox's reader has chosen.
func (s store) savePassword(row userRow, hash string, now time.Time) error {
	row.PasswordHash, row.UpdatedAt = hash, now
	if row.EmailVerifiedAt == nil {
		row.EmailVerifiedAt = &now
	}
	if err := s.save(row); err != nil {
		return err
	}
	return s.endEmailTokens(row.ID, now)
}

func orTokenInvalid(err error) error {
	if isNotFound(err) {
		return errTokenInvalid
	}
	return err
}
