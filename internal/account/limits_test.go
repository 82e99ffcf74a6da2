package account

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

// network is the n-th of many.
func network(n int) Client { return Client{IP: fmt.Sprintf("198.18.%d.%d", n/256, n%256)} }

// hammer guesses at the account's password from many networks, until no stranger may try.
func (w *world) hammer() {
	w.Helper()
	for i := range 99 {
		w.limits.countWrongPassword(networkPlace(network(i)), address, w.clock.Now())
	}
	_, err := w.Login(w.ctx, network(99), address, "a guess")
	w.requireCode(fault.InvalidCredentials, err)
	_, err = w.Login(w.ctx, network(100), address, "a guess")
	w.requireCode(fault.RateLimited, err)
}

func TestWrongPasswordsAreBoundedByAddressAndPlace(t *testing.T) {
	w := newWorld(t)
	w.verified()
	for range 10 {
		_, err := w.Login(w.ctx, here, address, "wrong password")
		w.requireCode(fault.InvalidCredentials, err)
	}
	_, err := w.Login(w.ctx, here, "Anna@Example.com", password)
	w.requireCode(fault.RateLimited, err)
	var limited *fault.Error
	require.True(t, errors.As(err, &limited))
	require.InDelta(t, 90, limited.RetryAfter.Seconds(), 1)

	_, err = w.Login(w.ctx, Client{IP: "192.0.2.77"}, address, password)
	require.NoError(t, err, "guesses from one place count against that place")
	_, err = w.Login(w.ctx, here, "nobody@example.com", "wrong password")
	w.requireCode(fault.InvalidCredentials, err)
	w.clock.pass(limited.RetryAfter)
	w.login()
}

// However many strangers guess, and from wherever: a browser that the account has been signed
// in to from gets in, behind the network of one of them too.
func TestStrangersDoNotLockAKnownDeviceOut(t *testing.T) {
	w := newWorld(t)
	w.verified()
	owner := network(0)
	owner.Device = w.login().Device
	w.hammer()
	for range 9 {
		_, err := w.Login(w.ctx, network(0), address, "a guess")
		require.Error(t, err)
	}
	session, err := w.Login(w.ctx, owner, address, password)
	require.NoError(t, err)
	require.Equal(t, owner.Device, session.Device, "it stays the same device")
	_, err = w.Login(w.ctx, network(0), address, password)
	w.requireCode(fault.RateLimited, err)
}

// One neighbour who tries many addresses uses up what a network may try: a known device
// behind it is not concerned.
func TestANeighbourDoesNotLockAKnownDeviceOut(t *testing.T) {
	w := newWorld(t)
	w.verified()
	owner := here
	owner.Device = w.login().Device
	for i := range 500 {
		w.limits.countWrongPassword(networkPlace(here), fmt.Sprintf("somebody%d@example.com", i), w.clock.Now())
	}
	_, err := w.Login(w.ctx, here, address, password)
	w.requireCode(fault.RateLimited, err)
	var limited *fault.Error
	require.True(t, errors.As(err, &limited))
	require.LessOrEqual(t, limited.RetryAfter, 2*time.Second, "a network is slowed down")
	_, err = w.Login(w.ctx, owner, address, password)
	require.NoError(t, err)
}

// A device has its own bound: who has stolen its cookie guesses no more than a stranger.
func TestADeviceHasItsOwnBound(t *testing.T) {
	w := newWorld(t)
	w.verified()
	device := w.login().Device
	for i := range 10 {
		from := network(i)
		from.Device = device
		_, err := w.Login(w.ctx, from, address, "a guess")
		w.requireCode(fault.InvalidCredentials, err)
	}
	from := network(10)
	from.Device = device
	_, err := w.Login(w.ctx, from, address, password)
	w.requireCode(fault.RateLimited, err)
}

// The cookie of a device is of one account, and made by the server alone.
func TestADeviceIsOneAccountsAndTheServersWord(t *testing.T) {
	old, current := []byte("a secret of thirty-two characters"), []byte("another secret of the same length")
	tokens, err := NewTokens(old)
	require.NoError(t, err)
	user := uuid.New()
	device, known := (&Accounts{tokens: tokens}).deviceFor(Client{}, user)
	require.False(t, known)
	is := func(tokens *Tokens, device string, user uuid.UUID) bool {
		_, known := tokens.openDevice(device, user)
		return known
	}
	require.True(t, is(tokens, device, user))
	require.False(t, is(tokens, device, uuid.New()), "another account's")
	for _, forged := range []string{"", "x", device[1:], "A" + device, device[:60] + "AAAA"} {
		require.False(t, is(tokens, forged, user), forged)
	}
	rotated, err := NewTokens(current, old)
	require.NoError(t, err)
	require.True(t, is(rotated, device, user), "while a secret is replaced")
	renewed, known := (&Accounts{tokens: rotated}).deviceFor(Client{Device: device}, user)
	require.True(t, known)
	later, err := NewTokens(current)
	require.NoError(t, err)
	require.True(t, is(later, renewed, user))
	require.False(t, is(later, device, user))
}

// Strangers guess until nobody may try any more from a place that is not known; the owner
// resets, is in, and what they had counted is forgotten.
func TestAResetLetsItsOwnerInWhateverStrangersHaveTried(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.hammer()
	_, err := w.Login(w.ctx, here, address, password)
	w.requireCode(fault.RateLimited, err)
	require.NoError(t, w.ForgotPassword(w.ctx, here, address))
	session, _, err := w.ResetPassword(w.ctx, here, tokenOf(w.letter()), "a new password")
	require.NoError(t, err)
	_, err = w.Authenticate(w.ctx, session.AccessToken, uuid.Nil)
	require.NoError(t, err)
	_, err = w.Login(w.ctx, here, address, "a new password")
	require.NoError(t, err, "the counters are cleared")
	w.hammer()
	owner := here
	owner.Device = session.Device
	_, err = w.Login(w.ctx, owner, address, "a new password")
	require.NoError(t, err, "the reset has made the device known")
}

func TestTheRightPasswordIsRefusedForADeterminedTimeOnly(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.hammer()
	_, err := w.Login(w.ctx, here, address, password)
	var limited *fault.Error
	require.True(t, errors.As(err, &limited))
	require.LessOrEqual(t, limited.RetryAfter, 9*time.Second)
	w.clock.pass(limited.RetryAfter)
	w.login()
}

func TestABurstOfGuessesDoesNotSlipUnderTheBound(t *testing.T) {
	w := newWorld(t)
	w.verified()
	guesses := make([]error, 40)
	var all sync.WaitGroup
	for i := range guesses {
		all.Go(func() { _, guesses[i] = w.Login(w.ctx, here, address, "wrong password") })
	}
	all.Wait()
	tried := 0
	for _, err := range guesses {
		if fault.Is(err, fault.InvalidCredentials) {
			tried++
		}
	}
	require.Less(t, tried, 20)
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

// ways are those in which a stranger causes letters.
var ways = map[string]func(w *world, client Client, address string) error{
	"registration": func(w *world, client Client, address string) error {
		r := registration()
		r.Email = address
		return w.Register(w.ctx, client, r)
	},
	"confirmation": func(w *world, client Client, address string) error {
		return w.ResendVerification(w.ctx, client, address)
	},
	"reset": func(w *world, client Client, address string) error { return w.ForgotPassword(w.ctx, client, address) },
}

// One network causes so many letters, whatever for, to whomever: then it is told when to come
// again, and the same for an address that has an account as for one that has none.
func TestLettersOfOneNetworkAreBounded(t *testing.T) {
	for name, ask := range ways {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.verified() // costs one
			for i := range 29 {
				require.NoError(t, ask(w, here, fmt.Sprintf("stranger%d@example.com", i)))
			}
			var refused [2]*fault.Error
			for i, whose := range []string{address, "nobody@example.com"} {
				require.True(t, errors.As(ask(w, here, whose), &refused[i]), whose)
			}
			require.Equal(t, fault.RateLimited, refused[0].Code)
			require.Equal(t, refused[0], refused[1])
			require.InDelta(t, 60, refused[0].RetryAfter.Seconds(), 1)
			require.NoError(t, ask(w, network(1), "elsewhere@example.com"))
			w.clock.pass(refused[0].RetryAfter)
			require.NoError(t, ask(w, here, "nobody@example.com"))
		})
	}
}

// All strangers together cause so many letters in an hour; resets are counted apart from
// registrations, and a device of the account's from strangers.
func TestLettersOfAllNetworksAreBounded(t *testing.T) {
	w := newWorld(t)
	w.verified()
	owner := here
	owner.Device = w.login().Device
	for i := range 299 { // the account's own was the first
		require.NoError(t, w.limits.countLetter(networkPlace(network(i)), verifyEmail, w.clock.Now()))
	}
	for _, way := range []string{"registration", "confirmation"} {
		w.requireCode(fault.RateLimited, ways[way](w, network(300), "nobody@example.com"))
	}
	require.NoError(t, ways["reset"](w, network(300), "nobody@example.com"))
	for i := range 299 {
		require.NoError(t, w.limits.countLetter(networkPlace(network(i)), resetPassword, w.clock.Now()))
	}
	w.requireCode(fault.RateLimited, ways["reset"](w, network(301), address))
	w.noLetter()
	require.NoError(t, w.ForgotPassword(w.ctx, owner, address))
	w.letter()
}

// Strangers have filled a mailbox with letters: its owner's own device still gets one.
func TestAMailboxThatStrangersHaveFilledTakesItsOwnersLetter(t *testing.T) {
	w := newWorld(t)
	w.verified()
	owner := here
	owner.Device = w.login().Device
	for i := range 4 {
		require.NoError(t, w.ForgotPassword(w.ctx, network(i), address))
		w.letter()
	}
	require.NoError(t, w.ForgotPassword(w.ctx, network(4), address))
	w.noLetter()
	require.NoError(t, w.ForgotPassword(w.ctx, owner, address))
	require.NoError(t, w.reset(tokenOf(w.letter()), "a new password"))
}

// Addresses that earlier rules accepted, and that nobody could register any more.
func TestAnAddressThatWasAcceptedOnceStillSignsIn(t *testing.T) {
	w := newWorld(t)
	w.verified()
	for _, once := range []string{"anna%bistro@example.com", "anna!bistro@example.com"} {
		_, err := w.db.Pool.Exec(w.ctx, `UPDATE users SET email = $1`, once)
		require.NoError(t, err)
		_, err = w.Login(w.ctx, here, once, password)
		require.NoError(t, err, once)
		require.NoError(t, w.ForgotPassword(w.ctx, here, once))
		require.NoError(t, w.reset(tokenOf(w.letter()), password))
		require.Equal(t, once, w.letter().To, "the password was changed")
		require.NoError(t, w.SetOrganizationLimit(w.ctx, once, 2))
		r := registration()
		r.Email = once
		w.requireCode(fault.ValidationFailed, w.Register(w.ctx, here, r))
	}
}
