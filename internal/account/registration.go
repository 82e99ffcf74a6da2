package account

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/job"
	"github.com/interpos/cabinet/internal/mail"
)

// Registration is what a person types into the registration form.
type Registration struct {
	Email    string
	Password string
	FullName string
	Phone    string
	Locale   string // ru or en; "" is ru
}

// Register makes an account that works once its address is confirmed. The
// answer does not tell whether the address is taken: whoever reads its mail is
// told by letter. Errors: ValidationFailed, RateLimited.
//
// Anybody can type anybody's address: nothing of a registration is a way in, its
// password least of all (VerifyEmail), and registering an unconfirmed address again
// changes nothing of what waits there. It only mails one more letter.
func (a *Accounts) Register(ctx context.Context, client Client, r Registration) error {
	var fields check.Fields
	r.Email = fields.Email("email", r.Email)
	fields.Secret("password", r.Password)
	r.FullName, r.Phone = fullName(&fields, r.FullName), fields.Phone("phone", r.Phone, "")
	if r.Locale == "" {
		r.Locale = "ru"
	}
	r.Locale = fields.Word("locale", r.Locale)
	if err := fields.Err(); err != nil {
		return err
	}
	if err := a.limits.countRequest(client, a.now()); err != nil {
		return err
	}
	defer waitEvenTime(ctx, time.Now())
	from := networkPlace(client)
	allowed, err := a.countLetter(ctx, from, verifyEmail, r.Email, uuid.Nil)
	if err != nil {
		return err
	}
	hash, err := a.passwords.hashPassword(ctx, from, r.Password)
	if err != nil {
		return err
	}
	return a.global(ctx, func(s store) error { return a.keepRegistration(ctx, s, r, hash, allowed) })
}

func (a *Accounts) keepRegistration(ctx context.Context, s store, r Registration, hash string, mayMail bool) error {
	now := a.now()
	row, err := s.insertOrLockUser(userRow{
		ID: uuid.New(), Email: r.Email, PasswordHash: hash, FullName: r.FullName, Phone: r.Phone, Locale: r.Locale,
		OrganizationLimit: 1, CreatedAt: now, UpdatedAt: now,
	})
	if err != nil {
		return err
	}
	if !mayMail {
		return a.jobs.Letter(ctx, s.pgx, job.Nobody)
	}
	if row.EmailVerifiedAt != nil {
		return a.jobs.Letter(ctx, s.pgx, mail.Letter{Kind: mail.AlreadyRegistered, To: row.Email, Locale: row.Locale})
	}
	letter, err := a.verificationLetter(s, row)
	if err != nil {
		return err
	}
	return a.jobs.Letter(ctx, s.pgx, letter)
}

// verificationLetter is a letter with a fresh token to confirm the address.
func (a *Accounts) verificationLetter(s store, row userRow) (mail.Letter, error) {
	token, expires := newSecret(), a.now().Add(verifyLifetime)
	err := s.addEmailToken(row.ID, verifyEmail, token, a.now(), expires)
	return mail.Letter{Kind: mail.VerifyEmail, To: row.Email, Locale: row.Locale, Token: token, ExpiresAt: expires}, err
}

// ResendVerification mails the confirmation letter again. The answer is the
// same for every address. Errors: ValidationFailed, RateLimited.
func (a *Accounts) ResendVerification(ctx context.Context, client Client, address string) error {
	unconfirmed := func(row userRow) bool { return row.EmailVerifiedAt == nil }
	return a.mailLink(ctx, client, verifyEmail, address, unconfirmed, a.verificationLetter)
}

// VerifyEmail confirms an address by the token of a letter, sets the password that the
// letter's holder typed in place of the registration's, and begins a session. The language
// is that of who holds the letter, too; "" leaves it. Errors: ValidationFailed,
// TokenInvalid, RateLimited, Unavailable.
func (a *Accounts) VerifyEmail(ctx context.Context, client Client, token, password, locale string) (Session, error) {
	var fields check.Fields
	fields.Secret("password", password)
	if locale != "" {
		locale = fields.Word("locale", locale)
	}
	if err := fields.Err(); err != nil {
		return Session{}, err
	}
	return a.setPasswordByLetter(ctx, client, verifyEmail, token, password, func(_ store, row *userRow) error {
		if row.EmailVerifiedAt != nil {
			return errTokenInvalid
		}
		if locale != "" {
			row.Locale = locale
		}
		return nil
	})
}
