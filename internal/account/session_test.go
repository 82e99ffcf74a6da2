package account

import (
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

func TestARefreshTokenIsSpentForANewPair(t *testing.T) {
	w := newWorld(t)
	w.verified()
	first := w.login()
	second, err := w.Refresh(w.ctx, first.RefreshToken)
	require.NoError(t, err)
	require.NotEqual(t, first.RefreshToken, second.RefreshToken)
	before, err := w.tokens.Verify(first.AccessToken, w.clock.Now())
	require.NoError(t, err)
	after, err := w.tokens.Verify(second.AccessToken, w.clock.Now())
	require.NoError(t, err)
	require.Equal(t, before, after, "the session goes on")
	_, err = w.Refresh(w.ctx, second.RefreshToken)
	require.NoError(t, err)
}

func TestASpentRefreshTokenHasAGraceForAReload(t *testing.T) {
	w := newWorld(t)
	w.verified()
	first := w.login()
	second, err := w.Refresh(w.ctx, first.RefreshToken)
	require.NoError(t, err)
	w.clock.pass(10 * time.Second)
	other, err := w.Refresh(w.ctx, first.RefreshToken)
	require.NoError(t, err)
	require.Equal(t, second.RefreshToken, other.RefreshToken, "the same successor: whoever has the spent one gets no session of its own")
	for _, session := range []Session{second, other} {
		_, err = w.Refresh(w.ctx, session.RefreshToken)
		require.NoError(t, err, "both tabs go on")
	}
}

// Whoever stole a token in its grace shares the session with its owner: the first who
// comes late ends it for both.
func TestATokenStolenInItsGraceIsFoundOut(t *testing.T) {
	w := newWorld(t)
	w.verified()
	first := w.login()
	owner, err := w.Refresh(w.ctx, first.RefreshToken)
	require.NoError(t, err)
	thief, err := w.Refresh(w.ctx, first.RefreshToken)
	require.NoError(t, err)
	latest, err := w.Refresh(w.ctx, thief.RefreshToken)
	require.NoError(t, err)
	w.clock.pass(refreshGrace + time.Second)
	_, err = w.Refresh(w.ctx, owner.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
	_, err = w.Refresh(w.ctx, latest.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
}

func TestTheGraceCountsFromTheFirstUse(t *testing.T) {
	w := newWorld(t)
	w.verified()
	first := w.login()
	for range 3 {
		_, err := w.Refresh(w.ctx, first.RefreshToken)
		require.NoError(t, err)
		w.clock.pass(5 * time.Second)
	}
	_, err := w.Refresh(w.ctx, first.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
}

func TestAReusedRefreshTokenEndsItsSessionAndNoOther(t *testing.T) {
	w := newWorld(t)
	w.verified()
	stolen, elsewhere := w.login(), w.login()
	latest, err := w.Refresh(w.ctx, stolen.RefreshToken)
	require.NoError(t, err)
	w.clock.pass(11 * time.Second)
	_, err = w.Refresh(w.ctx, stolen.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
	_, err = w.Refresh(w.ctx, latest.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
	_, err = w.Refresh(w.ctx, elsewhere.RefreshToken)
	require.NoError(t, err)
}

func TestManyRefreshesAtOnceAllGoOn(t *testing.T) {
	w := newWorld(t)
	w.verified()
	first := w.login()
	sessions, failures := make([]Session, 20), make([]error, 20)
	var all sync.WaitGroup
	for i := range sessions {
		all.Go(func() { sessions[i], failures[i] = w.Refresh(w.ctx, first.RefreshToken) })
	}
	all.Wait()
	for i, session := range sessions {
		require.NoError(t, failures[i])
		_, err := w.Refresh(w.ctx, session.RefreshToken)
		require.NoError(t, err)
	}
}

func TestASessionEndsAfter30IdleDays(t *testing.T) {
	w := newWorld(t)
	w.verified()
	session := w.login()
	w.clock.pass(29 * 24 * time.Hour)
	session, err := w.Refresh(w.ctx, session.RefreshToken)
	require.NoError(t, err)
	require.Equal(t, 30*24*time.Hour, session.RefreshExpiresIn)
	w.clock.pass(30 * 24 * time.Hour)
	_, err = w.Refresh(w.ctx, session.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
}

func TestASessionEndsAfter90DaysHoweverItIsUsed(t *testing.T) {
	w := newWorld(t)
	w.verified()
	session := w.login()
	var err error
	for range 9 {
		require.LessOrEqual(t, session.RefreshExpiresIn, 30*24*time.Hour)
		w.clock.pass(10*24*time.Hour - time.Minute)
		session, err = w.Refresh(w.ctx, session.RefreshToken)
		require.NoError(t, err)
	}
	require.Equal(t, 9*time.Minute, session.RefreshExpiresIn)
	w.clock.pass(9 * time.Minute)
	_, err = w.Refresh(w.ctx, session.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
}

func TestSigningOutEndsTheSession(t *testing.T) {
	w := newWorld(t)
	w.verified()
	session := w.login()
	require.NoError(t, w.Logout(w.ctx, session.RefreshToken))
	_, err := w.Refresh(w.ctx, session.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
	for _, token := range []string{session.RefreshToken, "", "invented"} {
		require.NoError(t, w.Logout(w.ctx, token))
	}
	for _, token := range []string{"", "invented", "\x00"} {
		_, err := w.Refresh(w.ctx, token)
		w.requireCode(fault.Unauthorized, err)
	}
}

func TestAnUnknownAddressAndAWrongPasswordGetTheSameAnswer(t *testing.T) {
	w := newWorld(t)
	w.verified()
	_, wrong := w.Login(w.ctx, here, address, "wrong password")
	for _, unknown := range []string{"nobody@example.com", "no address", "", "a\x00b@example.com"} {
		_, err := w.Login(w.ctx, here, unknown, "wrong password")
		require.Equal(t, wrong, err)
	}
	_, err := w.Login(w.ctx, here, " ANNA@Example.COM ", password)
	require.NoError(t, err, "the address is compared without regard to case")
}

func TestTheDummyHashCostsWhatARealOneDoes(t *testing.T) {
	match, params, err := argon2id.CheckHash("any password", dummyHash)
	require.NoError(t, err)
	require.False(t, match)
	require.Equal(t, argon2Params, params)
}

func TestTheRightPasswordForgivesTheWrongOnes(t *testing.T) {
	w := newWorld(t)
	w.verified()
	for range 3 {
		for range 9 {
			_, err := w.Login(w.ctx, here, address, "wrong password")
			w.requireCode(fault.InvalidCredentials, err)
		}
		w.login()
	}
}

func TestASweepRemovesWhatHasExpired(t *testing.T) {
	w := newWorld(t)
	w.verified()
	old := w.login()
	w.clock.pass(31 * 24 * time.Hour)
	fresh := w.login()
	require.NoError(t, w.Sweep(w.ctx))
	var sessions, tokens, letters int
	require.NoError(t, w.db.Pool.QueryRow(w.ctx, `SELECT (SELECT count(*) FROM sessions), (SELECT count(*) FROM refresh_tokens),
		(SELECT count(*) FROM email_tokens)`).Scan(&sessions, &tokens, &letters))
	require.Equal(t, []int{1, 1, 0}, []int{sessions, tokens, letters})
	_, err := w.Refresh(w.ctx, old.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
	_, err = w.Refresh(w.ctx, fresh.RefreshToken)
	require.NoError(t, err)
}
