package conformance

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

var greetings = []clause{
	{"hello", 0, "Hello says who the organization is, what is taken, and where the feed stands", helloSays},
	{"key", 0, "Without the right key nothing answers", keyOpens},
	{"rate-limits", 0, "Every answer says what is left of the key's minute", rateLimits},
}

func helloSays(p *probe) {
	device := uuid.NewString()
	ask := func(local time.Time) (*answer, greeting) {
		var g greeting
		a := p.send(request{path: "/hello", body: encodeJSON(map[string]any{
			"device_id": device, "device_name": "Conformance kit", "agent": "conformance", "agent_version": "1", "local_time": local.Format(time.RFC3339),
		})})
		a.expectStatus(http.StatusOK).decodeJSON(&g)
		return a, g
	}
	a, g := ask(time.Now())
	checkGreeting(a, g)
	later, ahead := ask(time.Now().Add(time.Hour))
	skew := ahead.ClockSkewSeconds - g.ClockSkewSeconds
	later.expect(3570 < skew && skew < 3630, "a clock_skew_seconds that is an hour more for a clock that is an hour ahead; it was %d", g.ClockSkewSeconds)
	later.expect(ahead.Feed.Epoch == g.Feed.Epoch && ahead.Feed.Head >= g.Feed.Head, "the same epoch as before, %s, and a head that never goes back", g.Feed.Epoch)
	pushed := p.push(device, unitChange("Hello", time.Now())).expectEach("applied")
	last, after := ask(time.Now())
	last.expect(after.Feed.Head >= pushed.Head, "a head of at least %d, as the last push said", pushed.Head)

	for _, body := range []string{`{"device_name":"Nobody"}`, `{"device_id":"7"}`} {
		p.send(request{path: "/hello", body: []byte(body)}).expectProblem(http.StatusUnprocessableEntity, "validation_failed")
	}
	p.send(request{path: "/hello", body: []byte(`{"device_id":`)}).expectProblem(http.StatusBadRequest, "malformed")
}

func checkGreeting(a *answer, g greeting) {
	o := g.Organization
	_, idErr := uuid.Parse(o.ID)
	_, zoneErr := time.LoadLocation(o.TimeZone)
	_, dayErr := time.Parse("15:04", o.DayStartsAt)
	a.expect(idErr == nil && o.Name != "" && zoneErr == nil && o.TimeZone != "" && len(o.Currency) == 3 && dayErr == nil && o.DefaultDeliveryMinutes > 0,
		"an organization with id, name, time_zone, currency, default_delivery_minutes and day_starts_at")
	for _, kind := range []string{"unit", "product_group", "product", "outlet", "warehouse", "employee", "counterparty", "customer",
		"payment_type", "discount", "hall", "waste_reason", "cash_shift", "receipt", "purchase", "write_off"} {
		a.expect(slices.Contains(g.Kinds, kind), "the kind %s among the kinds", kind)
	}
	for _, limit := range []string{"max_changes", "max_bytes", "max_record_bytes", "max_page", "max_wait_seconds", "max_rejections", "max_rejection_bytes",
		"requests_per_minute", "bytes_per_minute", "records_per_minute"} {
		a.expect(g.Limits[limit] > 0, "the limit %s", limit)
	}
	a.expect(g.Rules > 0, "the number of the rules")
	a.expect(g.Licenses != nil, "a list of licenses, be it empty")
	_, epochErr := uuid.Parse(g.Feed.Epoch)
	a.expect(epochErr == nil && g.Feed.Head >= 0, "the feed's epoch and head")
	away := time.Since(g.ServerTime.Add(time.Duration(g.ClockSkewSeconds) * time.Second)).Abs()
	a.expect(away < 30*time.Second, "server_time and clock_skew_seconds that give the device's time; they are %v away from it", away)
}

func keyOpens(p *probe) {
	body := encodeJSON(map[string]any{"device_id": uuid.NewString(), "changes": []change{}})
	for _, r := range []request{
		{path: "/hello", body: body}, {path: "/push", body: body}, {path: "/changes"}, {path: "/rejections"},
		{path: "/digest?kind=unit"}, {path: "/digest/records?kind=unit&bucket=00"},
	} {
		for _, key := range []string{"-", "isk_made-up", otherLetter(p.account.key)} {
			r.key = key
			a := p.send(r)
			a.expectProblem(http.StatusUnauthorized, "sync_key_invalid")
			a.expect(a.header.Get("WWW-Authenticate") != "", "WWW-Authenticate (RFC 9110, 11.6.1)")
		}
	}
}

// otherLetter is a key that differs in one letter.
func otherLetter(key string) string {
	middle := len(key) / 2
	letter := "a"
	if key[middle] == 'a' {
		letter = "b"
	}
	return key[:middle] + letter + key[middle+1:]
}

// allowance is what RateLimit says of one quota.
type allowance struct{ left, seconds int64 }

func rateLimits(p *probe) {
	limits := p.hello(uuid.NewString()).Limits
	first := p.send(request{path: "/changes?limit=1"}).expectStatus(http.StatusOK)
	for _, quota := range []string{"requests", "bytes", "records"} {
		policy := fmt.Sprintf(`"%s";q=%d;w=60`, quota, limits[quota+"_per_minute"])
		first.expect(strings.Contains(first.header.Get("RateLimit-Policy"), policy), "RateLimit-Policy with %s, as hello says", policy)
		now := first.rateLimit(quota)
		first.expect(0 <= now.left && now.left <= limits[quota+"_per_minute"] && 0 < now.seconds && now.seconds <= 60,
			"RateLimit with %s: r from 0 to its limit, t from 1 to 60", quota)
	}
	for range 3 { // a minute may end in between
		before := p.send(request{path: "/changes?limit=1"}).expectStatus(http.StatusOK)
		after := p.send(request{path: "/changes?limit=1"}).expectStatus(http.StatusOK)
		if after.rateLimit("requests").left < before.rateLimit("requests").left {
			return
		}
		first = after
	}
	first.expect(false, "fewer requests left with every request")
}

// rateLimit reads one quota of the header RateLimit.
func (a *answer) rateLimit(quota string) (found allowance) {
	for item := range strings.SplitSeq(a.header.Get("RateLimit"), ",") {
		if _, err := fmt.Sscanf(strings.TrimSpace(item), `"`+quota+`";r=%d;t=%d`, &found.left, &found.seconds); err == nil {
			return found
		}
	}
	a.expect(false, `RateLimit with "%s";r=…;t=…`, quota)
	return found
}
