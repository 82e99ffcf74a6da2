package account

import (
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
	require.True(t, strings.HasPrefix(letter.Links()[0], "https://cabinet.example/verify-email?token="))
	require.NoError(t, w.VerifyEmail(w.ctx, here, tokenOf(letter)))
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
	w.requireCode(fault.TokenInvalid, w.VerifyEmail(w.ctx, here, tokenOf(letter)))
}

func TestAConfirmationLinkEndsAfter48Hours(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.Register(w.ctx, here, registration()))
	token := tokenOf(w.letter())
	w.clock.pass(48 * time.Hour)
	w.requireCode(fault.TokenInvalid, w.VerifyEmail(w.ctx, here, token))
	require.NoError(t, w.ResendVerification(w.ctx, here, address))
	require.NoError(t, w.VerifyEmail(w.ctx, here, tokenOf(w.letter())))
}

func TestAnInventedTokenIsNone(t *testing.T) {
	w := newWorld(t)
	for _, token := range []string{"", "x", "\x00", newSecret(), strings.Repeat("a", 10_000)} {
		w.requireCode(fault.TokenInvalid, w.VerifyEmail(w.ctx, here, token))
		w.requireCode(fault.TokenInvalid, w.ResetPassword(w.ctx, here, token, password))
	}
}

func TestATokenServesItsPurposeOnly(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.Register(w.ctx, here, registration()))
	verify := tokenOf(w.letter())
	w.requireCode(fault.TokenInvalid, w.ResetPassword(w.ctx, here, verify, "another password"))
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	w.requireCode(fault.TokenInvalid, w.VerifyEmail(w.ctx, here, tokenOf(w.letter())))
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

func TestAnUnconfirmedRegistrationGivesWayToANewerOne(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.Register(w.ctx, here, Registration{Email: address, Password: "squatter's password", FullName: "Squatter"}))
	old := tokenOf(w.letter())
	require.NoError(t, w.Register(w.ctx, here, registration()))
	w.requireCode(fault.TokenInvalid, w.VerifyEmail(w.ctx, here, old))
	require.NoError(t, w.VerifyEmail(w.ctx, here, tokenOf(w.letter())))
	w.login()
	_, err := w.Login(w.ctx, here, address, "squatter's password")
	w.requireCode(fault.InvalidCredentials, err)
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
	w.clock.pass(time.Minute)
	require.NoError(t, w.ResendVerification(w.ctx, here, address))
	w.letter()
	require.NoError(t, w.VerifyEmail(w.ctx, here, first), "a letter that was sent again does not end the one before")
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

func TestRegistrationsOfOneNetworkAreBounded(t *testing.T) {
	l, now := newLimits(), time.Now()
	for range 600 {
		require.NoError(t, l.countRequest(here, now))
	}
	err := l.countRequest(here, now)
	require.Equal(t, fault.RateLimited, fault.CodeOf(err))
	require.NoError(t, l.countRequest(Client{IP: "192.0.2.2"}, now))
	require.NoError(t, l.countRequest(here, now.Add(2*time.Second)))
}
