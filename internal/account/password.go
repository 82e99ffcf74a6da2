package account

import (
	"context"
	"runtime"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"

	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/job"
	"github.com/interpos/cabinet/internal/mail"
)

// argon2Params are OWASP's first choice for Argon2id: 19 MiB, two passes.
var argon2Params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// dummyHash is what the password of an unknown address is compared with, so
// that the answer takes as long as for a known one.
const dummyHash = "$argon2id$v=19$m=19456,t=2,p=1$ZHVtbXlzYWx0ZHVtbXlzYQ$h0DqEqzcD9c0tGZT9DeZMcs2oiMkkAMuBN/TkY5CdAo"

// hashingWait is how long a request waits for its turn to hash.
const hashingWait = 10 * time.Second

// passwords hashes passwords, few at once: each takes 19 MiB and a core.
type passwords struct{ turns *semaphore.Weighted }

func newPasswords() *passwords {
	return &passwords{semaphore.NewWeighted(int64(max(2, runtime.GOMAXPROCS(0))))}
}

// inTurn runs fn when there is room. Error: Unavailable, after hashingWait.
func (p *passwords) inTurn(ctx context.Context, fn func() error) error {
	waiting, cancel := context.WithTimeout(ctx, hashingWait)
	defer cancel()
	if err := p.turns.Acquire(waiting, 1); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fault.Retry(fault.Unavailable, "Too many people are signing in just now. Try again in a moment.", 5*time.Second)
	}
	defer p.turns.Release(1)
	return fn()
}

// hashPassword hashes a password as it is compared, see normalPassword.
func (p *passwords) hashPassword(ctx context.Context, password string) (hash string, err error) {
	err = p.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(normalPassword(password), argon2Params)
		return err
	})
	return hash, err
}

// ForgotPassword mails a link to set a new password; those of earlier letters work no more.
// The answer is the same for every address. Errors: ValidationFailed, RateLimited.
func (a *Accounts) ForgotPassword(ctx context.Context, client Client, address string) error {
	anybody := func(userRow) bool { return true }
	return a.mailLink(ctx, client, address, anybody, func(s store, row userRow) (mail.Letter, error) {
		if err := s.endTokensFor(resetPassword, row.ID, a.now()); err != nil {
			return mail.Letter{}, err
		}
		token, expires := newSecret(), a.now().Add(resetLifetime)
		err := s.addEmailToken(row.ID, resetPassword, token, a.now(), expires)
		return mail.Letter{Kind: mail.ResetPassword, To: row.Email, Locale: row.Locale, Token: token, ExpiresAt: expires}, err
	})
}

// mailLink mails what compose makes to the user with the address, if that may
// have it. An address that nobody has costs the same work, down to the
// statements; one that asks too often gets nothing.
func (a *Accounts) mailLink(ctx context.Context, client Client, address string, may func(userRow) bool,
	compose func(store, userRow) (mail.Letter, error)) error {
	var fields check.Fields
	address = fields.Email("email", address)
	if err := fields.Err(); err != nil {
		return err
	}
	if err := a.limits.countRequest(client, a.now()); err != nil {
		return err
	}
	defer waitEvenTime(ctx, time.Now())
	if !a.limits.allowLetter(address, a.now()) {
		return nil
	}
	return a.global(ctx, func(s store) error {
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
}
