package account

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

func TestAnAccountWorksOnceItsLinkIsFollowed(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.Register(w.ctx, here, registration()))
	_, err := w.Login(w.ctx, here, address, password)
	w.requireCode(fault.EmailNotVerified, err)
	_, err = w.Login(w.ctx, here, address, "wrong password")
	w.requireCode(fault.InvalidCredentials, err)

	letter := w.letter()
	require.Equal(t, address, letter.To)
	require.True(t, strings.HasPrefix(letter.Links()[0], "https://cabinet.example/verify-email#token="))
	require.NoError(t, w.verify(tokenOf(letter)))
	session := w.login()
	access, err := w.tokens.Verify(session.AccessToken, w.clock.Now())
	require.NoError(t, err)
	account, err := w.Get(w.ctx, access.UserID)
	require.NoError(t, err)
	require.Equal(t, address, account.Email)
	require.Equal(t, "Anna Petrova", account.FullName)
	require.Equal(t, "en", account.Locale)
	require.Equal(t, 1, account.OrganizationLimit)
	require.Nil(t, account.CurrentOrganizationID)
	w.requireCode(fault.TokenInvalid, w.verify(tokenOf(letter)))
}

func TestAConfirmationLinkEndsAfter48Hours(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.Register(w.ctx, here, registration()))
	token := tokenOf(w.letter())
	w.clock.pass(48 * time.Hour)
	w.requireCode(fault.TokenInvalid, w.verify(token))
	require.NoError(t, w.ResendVerification(w.ctx, here, address))
	require.NoError(t, w.verify(tokenOf(w.letter())))
}

func TestAnInventedTokenIsNone(t *testing.T) {
	w := newWorld(t)
	for _, token := range []string{"", "x", "\x00", newSecret(), strings.Repeat("a", 10_000)} {
		w.requireCode(fault.TokenInvalid, w.verify(token))
		w.requireCode(fault.TokenInvalid, w.reset(token, password))
	}
}

func TestATokenServesItsPurposeOnly(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.Register(w.ctx, here, registration()))
	verify := tokenOf(w.letter())
	w.requireCode(fault.TokenInvalid, w.reset(verify, "another password"))
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	w.requireCode(fault.TokenInvalid, w.verify(tokenOf(w.letter())))
}

func TestRegisteringATakenAddressTellsItsOwnerAndNobodyElse(t *testing.T) {
	w := newWorld(t)
	w.verified()
	intruder := Registration{Email: "ANNA@example.com", Password: "another password", FullName: "Buy at http://spam.example", Locale: "ru"}
	require.NoError(t, w.Register(w.ctx, here, intruder))
	letter := w.letter()
	require.Equal(t, address, letter.To)
	require.Equal(t, "You are registered already", letter.Subject)
	require.Equal(t, []string{"https://cabinet.example/sign-in", "https://cabinet.example/forgot-password"}, letter.Links())
	require.NotContains(t, letter.Text+letter.HTML, "spam", "a letter carries no words of a stranger")
	w.login()
	_, err := w.Login(w.ctx, here, address, "another password")
	w.requireCode(fault.InvalidCredentials, err)
}

// A stranger registers somebody's address before or after its owner does, and the owner
// follows any of the letters: what the stranger typed opens nothing, and is nothing of the
// account but what was there first.
func TestNothingThatAStrangerRegisteredIsAWayIn(t *testing.T) {
	stranger := Registration{Email: "ANNA@example.com", Password: "stranger's password", FullName: "Stranger", Phone: "+7 900 000-00-01", Locale: "ru"}
	for name, registrations := range map[string][]Registration{
		"before":     {stranger, registration()},
		"after":      {registration(), stranger},
		"alone":      {stranger},
		"repeatedly": {registration(), stranger, stranger},
	} {
		for letter := range registrations {
			t.Run(fmt.Sprintf("%s, letter %d", name, letter), func(t *testing.T) {
				w := newWorld(t)
				tokens := make([]string, len(registrations))
				for i, r := range registrations {
					require.NoError(t, w.Register(w.ctx, here, r))
					tokens[i] = tokenOf(w.letter())
				}
				session, err := w.VerifyEmail(w.ctx, here, tokens[letter], password, "en")
				require.NoError(t, err)
				identity, err := w.tokens.Verify(session.AccessToken, w.clock.Now())
				require.NoError(t, err)
				account, err := w.Get(w.ctx, identity.UserID)
				require.NoError(t, err)
				require.Equal(t, registrations[0].FullName, account.FullName)
				require.Equal(t, registrations[0].Email, account.Email)
				require.Equal(t, registrations[0].Phone, account.Phone)
				require.Equal(t, "en", account.Locale, "of who holds the letter")
				w.login()
				_, err = w.Login(w.ctx, here, address, stranger.Password)
				w.requireCode(fault.InvalidCredentials, err)
				for _, token := range tokens {
					w.requireCode(fault.TokenInvalid, w.verify(token))
				}
			})
		}
	}
}

// The registration's password opens nothing before the letter's link is followed either, and a
// weak one does not spend the link.
func TestTheHolderOfTheLetterSetsThePassword(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.Register(w.ctx, here, registration()))
	token := tokenOf(w.letter())
	_, err := w.VerifyEmail(w.ctx, here, token, "short", "")
	w.requireCode(fault.ValidationFailed, err)
	_, err = w.VerifyEmail(w.ctx, here, token, "chosen by the holder", "")
	require.NoError(t, err)
	_, err = w.Login(w.ctx, here, address, password)
	w.requireCode(fault.InvalidCredentials, err)
	_, err = w.Login(w.ctx, here, address, "chosen by the holder")
	require.NoError(t, err)
}

func TestALetterSaysWhatItsLinkStillDoes(t *testing.T) {
	w := newWorld(t)
	lookUp := func(token string) Letter {
		letter, err := w.LookUpLetter(w.ctx, here, token)
		require.NoError(t, err)
		return letter
	}
	require.NoError(t, w.Register(w.ctx, here, registration()))
	late := tokenOf(w.letter())
	require.Equal(t, Letter{Email: address, Usable: true}, lookUp(late))
	w.clock.pass(verifyLifetime)
	require.Equal(t, Letter{Email: address}, lookUp(late))
	require.NoError(t, w.ResendVerification(w.ctx, here, address))
	token := tokenOf(w.letter())
	require.NoError(t, w.verify(token))
	require.Equal(t, Letter{Email: address, Verified: true}, lookUp(token), "clicked again")
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	token = tokenOf(w.letter())
	require.Equal(t, Letter{Email: address, Verified: true, Usable: true}, lookUp(token))
	require.NoError(t, w.reset(token, "another password"))
	require.Equal(t, Letter{Email: address, Verified: true}, lookUp(token))
	_, err := w.LookUpLetter(w.ctx, here, newSecret())
	w.requireCode(fault.TokenInvalid, err)
}

func TestManyRegistrationsOfOneAddressMakeOneAccount(t *testing.T) {
	w := newWorld(t)
	failures := make([]error, 8)
	var all sync.WaitGroup
	for i := range failures {
		all.Go(func() { failures[i] = w.Register(w.ctx, here, registration()) })
	}
	all.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
	var users int
	require.NoError(t, w.db.Pool.QueryRow(w.ctx, `SELECT count(*) FROM users`).Scan(&users))
	require.Equal(t, 1, users)
}

func TestLettersAreSentAgainWithinReasonAndSilently(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.Register(w.ctx, here, registration()))
	first := tokenOf(w.letter())
	for range 4 {
		require.NoError(t, w.ResendVerification(w.ctx, here, " Anna@Example.com "))
		w.letter()
	}
	require.NoError(t, w.ResendVerification(w.ctx, here, address), "the answer is the same")
	w.noLetter()
	w.clock.pass(10 * time.Minute)
	require.NoError(t, w.ResendVerification(w.ctx, here, address))
	w.letter()
	require.NoError(t, w.verify(first), "a letter that was sent again does not end the one before")
	w.clock.pass(time.Hour)
	require.NoError(t, w.ResendVerification(w.ctx, here, address))
	w.noLetter()
}

func TestAnUnknownAddressGetsNoLetterAndTheSameAnswer(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.ResendVerification(w.ctx, here, "nobody@example.com"))
	require.NoError(t, w.ForgotPassword(w.ctx, here, "nobody@example.com"))
	w.noLetter()
	var jobs int
	require.NoError(t, w.db.Pool.QueryRow(w.ctx, `SELECT count(*) FROM river_job`).Scan(&jobs))
	require.Equal(t, 2, jobs, "the server does the same work")
}

func TestNoTokenIsStoredInTheClear(t *testing.T) {
	w := newWorld(t)
	w.verified()
	session := w.login()
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	token := tokenOf(w.letter())
	for _, secret := range []string{token, session.RefreshToken, password} {
		for _, table := range []string{"users", "email_tokens", "sessions", "refresh_tokens", "river_job"} {
			var found int
			require.NoError(t, w.db.Pool.QueryRow(w.ctx,
				`SELECT count(*) FROM `+table+` t WHERE t::text LIKE '%' || $1 || '%' OR t::text LIKE '%' || encode($1::bytea, 'hex') || '%'
				OR t::text LIKE '%' || encode($1::bytea, 'base64') || '%'`, secret).Scan(&found))
			require.Zero(t, found, table)
		}
	}
}
