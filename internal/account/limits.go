package account

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/interpos/cabinet/internal/fault"
)

// limits bound what strangers may try. They are kept in memory, per process.
type limits struct {
	guesses   *throttle // wrong passwords, by address and place
	addresses *throttle // wrong passwords of strangers, by address: guesses from many places
	networks  *throttle // wrong passwords of strangers, by network: guesses at many addresses
	requests  *throttle // registrations, requests for letters and links, by network
	mailboxes *throttle // letters, by address
	senders   *throttle // letters, by the place that causes them
	purposes  *throttle // letters that strangers cause, by what they are for
}

func newLimits() limits {
	return limits{
		guesses:   newThrottle(10, 15*time.Minute),
		addresses: newThrottle(100, 15*time.Minute),
		networks:  newThrottle(500, 15*time.Minute),
		requests:  newThrottle(600, 10*time.Minute),
		mailboxes: newThrottle(5, 50*time.Minute),
		senders:   newThrottle(30, 30*time.Minute),
		purposes:  newThrottle(300, time.Hour),
	}
}

// mayTry says whether a password may be tried. A device of the account's is held against
// its own guesses alone: nobody else can lock it out. Error: RateLimited.
func (l limits) mayTry(from place, address string, now time.Time) error {
	address = strings.ToLower(address)
	wait := l.guesses.waitingTime(address+" "+from.key, now)
	if !from.known {
		wait = max(wait, l.addresses.waitingTime(address, now), l.networks.waitingTime(from.key, now))
	}
	if wait > 0 {
		return fault.Retry(fault.RateLimited, "Too many wrong passwords. Wait, or set a new password by letter: that works at once.", wait)
	}
	return nil
}

func (l limits) countWrongPassword(from place, address string, now time.Time) {
	address = strings.ToLower(address)
	l.guesses.allowEvent(address+" "+from.key, now)
	if !from.known {
		l.addresses.allowEvent(address, now)
		l.networks.allowEvent(from.key, now)
	}
}

func (l limits) forgetWrongPasswords(from place, address string) {
	l.guesses.forgetKey(strings.ToLower(address) + " " + from.key)
}

// forgetAddress clears what was counted against an address by whoever did not know its
// password: the mailbox's owner has a new one.
func (l limits) forgetAddress(address string) {
	address = strings.ToLower(address)
	l.addresses.forgetKey(address)
	l.guesses.forgetPrefix(address + " ")
}

// countRequest counts a request that costs a hash or a letter. Error: RateLimited.
func (l limits) countRequest(client Client, now time.Time) error {
	network := networkPlace(client).key
	if !l.requests.allowEvent(network, now) {
		return fault.Retry(fault.RateLimited, "Too many requests from this network. Try again later.", l.requests.waitingTime(network, now))
	}
	return nil
}

// countLetter counts a letter that somebody asks for, whether or not the address is one that
// gets it: so that the bound says nothing of the address. Error: RateLimited.
func (l limits) countLetter(from place, what purpose, now time.Time) error {
	wait := l.senders.waitingTime(from.key, now)
	if !from.known {
		wait = max(wait, l.purposes.waitingTime(string(what), now))
	}
	if wait > 0 {
		return fault.Retry(fault.RateLimited, "Too many letters have been asked for. Try again later.", wait)
	}
	l.senders.allowEvent(from.key, now)
	if !from.known {
		l.purposes.allowEvent(string(what), now)
	}
	return nil
}

// allowLetter says whether one more letter may go to the address. Those that strangers cause
// are counted apart from those that the account's own devices do.
func (l limits) allowLetter(from place, address string, now time.Time) bool {
	key := strings.ToLower(address)
	if from.known {
		key += " " + from.key
	}
	return l.mailboxes.allowEvent(key, now)
}

// evenTime is how long an answer that depends on an address takes at the least:
// longer than the work, so that what the work was cannot be told by a clock.
const evenTime = 100 * time.Millisecond

// waitEvenTime waits until evenTime has passed since a request came.
func waitEvenTime(ctx context.Context, came time.Time) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Until(came.Add(evenTime))):
	}
}

// throttle lets some events of each key happen at once, and as many again over
// a period.
type throttle struct {
	mu    sync.Mutex
	every rate.Limit
	burst int
	keys  map[string]*rate.Limiter
}

func newThrottle(events int, period time.Duration) *throttle {
	return &throttle{
		every: rate.Every(period / time.Duration(events)), burst: events, keys: map[string]*rate.Limiter{},
	}
}

// allowEvent counts an event; false, and nothing counted, if it is one too many.
func (t *throttle) allowEvent(key string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	limiter := t.keys[key]
	if limiter == nil {
		t.makeRoom(now)
		limiter = rate.NewLimiter(t.every, t.burst)
		t.keys[key] = limiter
	}
	return limiter.AllowN(now, 1)
}

// waitingTime is how long it takes until an event may happen; 0: it may now.
func (t *throttle) waitingTime(key string, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	limiter := t.keys[key]
	if limiter == nil {
		return 0
	}
	missing := 1 - limiter.TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing / float64(t.every) * float64(time.Second))
}

func (t *throttle) forgetKey(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.keys, key)
}

func (t *throttle) forgetPrefix(prefix string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	maps.DeleteFunc(t.keys, func(key string, _ *rate.Limiter) bool { return strings.HasPrefix(key, prefix) })
}

// maxKeys bounds the memory that strangers can make a throttle take.
const maxKeys = 100_000

// makeRoom drops the keys that have nothing counted against them, and all when
// that is not enough.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.keys) < maxKeys {
		return
	}
	for key, limiter := range t.keys {
		if limiter.TokensAt(now) >= float64(t.burst) {
			delete(t.keys, key)
		}
	}
	if len(t.keys) >= maxKeys {
		clear(t.keys)
	}
}
