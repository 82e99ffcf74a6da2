package account

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/job"
	"github.com/interpos/cabinet/internal/mail"
	"github.com/interpos/cabinet/internal/security"
)

// argon2Params are OWASP's first choice for Argon2id: 19 MiB, two passes.
var argon2Params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// dummyHash is what the password of an unknown address is compared with, so
// that the answer takes as long as for a known one.
const dummyHash = "$argon2id$v=19$m=19456,t=2,p=1$ZHVtbXlzYWx0ZHVtbXlzYQ$h0DqEqzcD9c0tGZT9DeZMcs2oiMkkAMuBN/TkY5CdAo"

// hashingWait is how long a request waits for its turn to hash.
const hashingWait = 10 * time.Second

// passwords hashes passwords, few at once: each takes 19 MiB and a core.
type passwords struct{ turns *turns }

func newPasswords() *passwords { return &passwords{newTurns(max(2, runtime.GOMAXPROCS(0)))} }

// inTurn runs fn when it is the place's turn. Errors: RateLimited where too many of the place
// wait already, Unavailable after hashingWait.
func (p *passwords) inTurn(ctx context.Context, from place, fn func() error) error {
	waiting, cancel := context.WithTimeout(ctx, hashingWait)
	defer cancel()
	err := p.turns.take(waiting, from.key)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return errBusy
	}
	if err != nil {
		return err
	}
	defer p.turns.giveBack()
	return fn()
}

// hashPassword hashes a password as it is compared, see normalPassword.
func (p *passwords) hashPassword(ctx context.Context, from place, password string) (hash string, err error) {
	err = p.inTurn(ctx, from, func() error {
		hash, err = argon2id.CreateHash(normalPassword(password), argon2Params)
		return err
	})
	return hash, err
}

// ForgotPassword mails a link to set a new password; those of earlier letters work no more.
// The answer is the same for every address. Errors: ValidationFailed, RateLimited.
func (a *Accounts) ForgotPassword(ctx context.Context, client Client, address string) error {
	anybody := func(userRow) bool { return true }
	return a.mailLink(ctx, client, resetPassword, address, anybody, func(s store, row userRow) (mail.Letter, error) {
		if err := s.endTokensFor(resetPassword, row.ID, a.now()); err != nil {
			return mail.Letter{}, err
		}
		token, expires := newSecret(), a.now().Add(resetLifetime)
		err := s.addEmailToken(row.ID, resetPassword, token, a.now(), expires)
		return mail.Letter{Kind: mail.ResetPassword, To: row.Email, Locale: row.Locale, Token: token, ExpiresAt: expires}, err
	})
}

// countLetter counts a letter that somebody asks for, and says whether it may go out; whether
// it goes depends on the address. Error: RateLimited, which does not.
func (a *Accounts) countLetter(ctx context.Context, from place, what purpose, address string, user uuid.UUID) (bool, error) {
	err := a.limits.countLetter(from, what, a.now())
	allowed := err == nil && a.limits.allowLetter(from, address, a.now())
	if !allowed {
		a.events.Write(ctx, security.LetterThrottled, security.Subject{User: user})
	}
	return allowed, err
}

// mailLink mails what compose makes to the user with the address, if that may
// have it. An address that nobody has costs the same work, down to the
// statements; one that asks too often gets nothing.
func (a *Accounts) mailLink(ctx context.Context, client Client, what purpose, address string, may func(userRow) bool,
	compose func(store, userRow) (mail.Letter, error)) error {
	var fields check.Fields
	address = fields.KnownEmail("email", address)
	if err := fields.Err(); err != nil {
		return err
	}
	if err := a.limits.countRequest(client, a.now()); err != nil {
		return err
	}
	defer waitEvenTime(ctx, time.Now())
	user, err := a.userToSignIn(ctx, address)
	if err != nil {
		return err
	}
	allowed, err := a.countLetter(ctx, a.placeOf(client, user.ID), what, address, user.ID)
	if !allowed || err != nil {
		return err
	}
	err = a.global(ctx, func(s store) error {
		row, err := s.lockUserByEmail(address)
		if err != nil && !isNotFound(err) {
			return err
		}
		wanted := err == nil && may(row)
		if !wanted {
			row = userRow{ID: uuid.New()}
		}
		letter, err := compose(s, row)
		if err != nil {
			return err
		}
		if !wanted {
			letter = job.Nobody
		}
		return a.jobs.Letter(ctx, s.pgx, letter)
	})
	if err == nil && what == resetPassword {
		a.events.Write(ctx, security.PasswordResetRequested, security.Subject{User: user.ID})
	}
	return err
}
