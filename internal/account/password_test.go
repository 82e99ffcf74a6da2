package account

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

func TestALostPasswordIsReplacedByALetter(t *testing.T) {
	w := newWorld(t)
	w.verified()
	session := w.login()
	require.NoError(t, w.ForgotPassword(w.ctx, here, "Anna@example.com"))
	letter := w.letter()
	require.True(t, strings.HasPrefix(letter.Links()[0], "https://cabinet.example/reset-password#token="))
	begun, ended, err := w.ResetPassword(w.ctx, here, tokenOf(letter), "a new password")
	require.NoError(t, err)
	require.Equal(t, 2, ended, "the confirmation's session and the sign-in's")
	_, err = w.Authenticate(w.ctx, begun.AccessToken, uuid.Nil)
	require.NoError(t, err)
	_, err = w.Login(w.ctx, here, address, password)
	w.requireCode(fault.InvalidCredentials, err)
	_, err = w.Login(w.ctx, here, address, "a new password")
	require.NoError(t, err)
	_, err = w.Refresh(w.ctx, session.RefreshToken)
	w.requireCode(fault.Unauthorized, err)
	require.Equal(t, "Your password was changed", w.letter().Subject)
	w.requireCode(fault.TokenInvalid, w.reset(tokenOf(letter), "one more password"))
}

func TestAResetLinkEndsAfterAnHour(t *testing.T) {
	w := newWorld(t)
	w.verified()
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	token := tokenOf(w.letter())
	w.clock.pass(time.Hour)
	w.requireCode(fault.TokenInvalid, w.reset(token, "a new password"))
	w.login()
}

func TestAResetProvesTheAddressAndEndsTheOtherLetters(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.Register(w.ctx, here, registration()))
	verify := tokenOf(w.letter())
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	first := tokenOf(w.letter())
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	second := tokenOf(w.letter())
	require.NoError(t, w.reset(second, "a new password"))
	_, err := w.Login(w.ctx, here, address, "a new password")
	require.NoError(t, err)
	w.requireCode(fault.TokenInvalid, w.reset(first, "one more password"))
	w.requireCode(fault.TokenInvalid, w.verify(verify))
}

func TestANewerLetterEndsTheOlderOne(t *testing.T) {
	w := newWorld(t)
	w.verified()
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	older := tokenOf(w.letter())
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	newer := tokenOf(w.letter())
	w.requireCode(fault.TokenInvalid, w.reset(older, "a new password"))
	require.NoError(t, w.reset(newer, "a new password"))
}

func TestAWeakPasswordDoesNotSpendTheLink(t *testing.T) {
	w := newWorld(t)
	w.verified()
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	token := tokenOf(w.letter())
	w.requireCode(fault.ValidationFailed, w.reset(token, "short"))
	require.NoError(t, w.reset(token, "a new password"))
}
