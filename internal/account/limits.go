package account

import (
	"context"
	"maps"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/interpos/cabinet/internal/fault"
)

// limits bound what strangers may try. They are kept in memory, per process.
type limits struct {
	guesses   *throttle // wrong passwords, by address and IP
	addresses *throttle // wrong passwords, by address: guesses from many places
	ips       *throttle // wrong passwords, by IP: guesses at many addresses
	requests  *throttle // registrations, requests for letters and links, by IP
	letters   *throttle // letters, by address
}

func newLimits() limits {
	return limits{
		guesses:   newThrottle(10, 15*time.Minute),
		addresses: newThrottle(100, 15*time.Minute),
		ips:       newThrottle(500, 15*time.Minute),
		requests:  newThrottle(600, 10*time.Minute),
		letters:   newThrottle(5, 5*time.Minute),
	}
}

// mayTry says whether a password may be tried. Error: RateLimited.
func (l limits) mayTry(client Client, address string, now time.Time) error {
	ip, address := networkOf(client.IP), strings.ToLower(address)
	wait := max(l.guesses.waitingTime(address+" "+ip, now), l.addresses.waitingTime(address, now), l.ips.waitingTime(ip, now))
	if wait > 0 {
		return fault.Retry(fault.RateLimited, "Too many wrong passwords. Wait, or reset the password.", wait)
	}
	return nil
}

func (l limits) countWrongPassword(client Client, address string, now time.Time) {
	ip, address := networkOf(client.IP), strings.ToLower(address)
	l.guesses.allowEvent(address+" "+ip, now)
	l.addresses.allowEvent(address, now)
	l.ips.allowEvent(ip, now)
}

func (l limits) forgetWrongPasswords(client Client, address string) {
	l.guesses.forgetKey(strings.ToLower(address) + " " + networkOf(client.IP))
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
	ip := networkOf(client.IP)
	if !l.requests.allowEvent(ip, now) {
		return fault.Retry(fault.RateLimited, "Too many requests from this network. Try again later.", l.requests.waitingTime(ip, now))
	}
	return nil
}

// allowLetter says whether one more letter may go to the address.
func (l limits) allowLetter(address string, now time.Time) bool {
	return l.letters.allowEvent(strings.ToLower(address), now)
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

// networkOf is what counts as one place: an IPv4 address, or an IPv6 /64, which a
// single customer commonly has.
func networkOf(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil || address.Unmap().Is4() {
		return ip
	}
	prefix, err := address.WithZone("").Prefix(64)
	if err != nil {
		return ip
	}
	return prefix.String()
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
