package conformance

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

var licenses = []clause{
	{"license-tokens", 0, "Licenses are tokens that the public keys check", licenseTokens},
	{"license-required", 0, "What is not licensed waits: nothing of it is judged or kept", licenseRequired},
	{"delivery-steps", 0, "A delivery order goes forward only, from its current version", deliverySteps},
}

const deliveryModule = "delivery"

// licensedAccount is an account whose organization has the license for deliveries, or has not.
func (p *probe) licensedAccount(licensed bool) *probe {
	for _, a := range []*account{p.kit.main, p.kit.other} {
		if a == nil {
			continue
		}
		if candidate := p.withAccount(a); len(candidate.hello(uuid.NewString()).Licenses) > 0 == licensed {
			return candidate
		}
	}
	if licensed {
		panic(untested("neither organization has the license for the module delivery"))
	}
	panic(untested("an organization without the license for the module delivery is needed: --other-key may be its"))
}

// claims are those of a license.
type claims struct {
	Organization string `json:"org"`
	Module       string
	ValidUntil   time.Time `json:"valid_until"`
	IssuedAt     int64     `json:"iat"`
	ExpiresAt    int64     `json:"exp"`
}

func licenseTokens(p *probe) {
	p = p.licensedAccount(true)
	keys := p.publicKeys()
	a := p.send(request{path: "/licenses"}).expectStatus(http.StatusOK)
	var body struct{ Licenses []string }
	a.decodeJSON(&body)
	greeted := p.hello(uuid.NewString())
	a.expect(len(body.Licenses) == len(greeted.Licenses), "as many as hello gives")
	for _, token := range slices.Concat(body.Licenses, greeted.Licenses) {
		said := a.verifyToken(token, keys)
		now := time.Now()
		a.expect(said.Organization == p.account.organization && said.Module == deliveryModule, "the organization %s and its module", p.account.organization)
		a.expect(said.ValidUntil.After(now) && said.ExpiresAt > now.Unix() && said.IssuedAt <= now.Add(time.Minute).Unix(), "a license that is valid now")
		most := min(said.ValidUntil.Unix(), said.IssuedAt+7*24*3600)
		a.expect(said.ExpiresAt <= most, "an exp of at most 7 days after iat, and no later than valid_until")
	}
}

// publicKeys are the keys that tokens are checked by, by their ids.
func (p *probe) publicKeys() map[string]ed25519.PublicKey {
	a := p.send(request{path: "//.well-known/jwks.json", key: "-"}).expectStatus(http.StatusOK)
	var set struct {
		Keys []struct{ Kty, Crv, X, Kid, Use, Alg string }
	}
	err := json.Unmarshal(a.body, &set)
	a.expect(err == nil && len(set.Keys) > 0, "a JWK set (RFC 7517) for anybody")
	a.expect(strings.Contains(a.header.Get("Cache-Control"), "max-age="), "a Cache-Control that says how long to keep it")
	keys := map[string]ed25519.PublicKey{}
	for _, key := range set.Keys {
		x, err := base64.RawURLEncoding.DecodeString(key.X)
		a.expect(err == nil && len(x) == ed25519.PublicKeySize && key.Kty == "OKP" && key.Crv == "Ed25519" && key.Alg == "EdDSA" && key.Kid != "",
			"keys of Ed25519 with a kid (RFC 8037)")
		keys[key.Kid] = x
	}
	return keys
}

// verifyToken demands a compact JWS that one of the keys has signed.
func (a *answer) verifyToken(token string, keys map[string]ed25519.PublicKey) (said claims) {
	parts := strings.Split(token, ".")
	a.expect(len(parts) == 3, "a compact JWS of three parts (RFC 7515)")
	var head struct{ Alg, Kid string }
	a.decodePart(parts[0], &head)
	a.expect(head.Alg == "EdDSA" && keys[head.Kid] != nil, "alg EdDSA, and a kid that is among the public keys")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	a.expect(err == nil && ed25519.Verify(keys[head.Kid], []byte(parts[0]+"."+parts[1]), signature), "a signature by the key %s", head.Kid)
	a.decodePart(parts[1], &said)
	return said
}

func (a *answer) decodePart(part string, into any) {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	a.expect(err == nil, "JSON in base64url as a part of the token: %v", err)
}

// order is a delivery order with a status.
func order(id, status string, at time.Time, edit func(data map[string]any)) change {
	data := map[string]any{"number": "C-1", "status": status, "type": "courier", "placed_at": formatInstant(at.Truncate(time.Second)),
		"phone": "+7 900 000-00-00", "total": 0, "lines": []any{}}
	if edit != nil {
		edit(data)
	}
	return change{Kind: "delivery_order", ID: id, ModifiedAt: formatInstant(at), Data: encodeJSON(data)}
}

func licenseRequired(p *probe) {
	p = p.licensedAccount(false)
	now, before := time.Now(), p.endCursor()
	good, bad, beside := order(uuid.NewString(), "new", now, nil), order(uuid.NewString(), "flying", now, nil), unitChange("Beside", now)
	bad.ModifiedAt = "noon"
	p.push(uuid.NewString(), good, bad, beside).expectStatuses("license_required", "license_required", "applied")
	fed := p.readToEnd(before)
	fed.expect(len(fed.recordsOf(good, bad)) == 0, "none of the orders in the feed")
	kept := p.fetchRejections("kind", "delivery_order", "limit", "200")
	kept.expect(!kept.hasRejection(good) && !kept.hasRejection(bad), "none of the orders among the rejections")
	p.account.forget(good, bad)
}

// forget leaves changes out of what is deleted in the end: the cabinet did not take them.
func (a *account) forget(changes ...change) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range changes {
		delete(a.latest, recordKey{c.Kind, c.ID})
	}
}

func deliverySteps(p *probe) {
	p = p.licensedAccount(true)
	device, now := uuid.NewString(), time.Now().Add(-time.Minute)
	id, version := uuid.NewString(), int64(0)
	step := func(status, want, code string) pushed {
		now = now.Add(time.Second)
		c := order(id, status, now, nil)
		c.BaseVersion = version
		got := p.push(device, c).expectEach(want)
		if want == "applied" {
			version = got.Results[0].Version
		}
		got.expect(got.Results[0].Code == code, "the code %q", code)
		return got
	}
	step("accepted", "applied", "") // a new order may begin with any status
	step("on_way", "applied", "")   // steps may be skipped
	step("cooking", "rejected", "status_taken_back")
	step("delivered", "applied", "")
	step("cancelled", "rejected", "cancelled_too_late")
	known := version
	version = 1
	met := step("closed", "conflict", "")
	met.expect(met.Results[0].Current != nil && met.Results[0].Current.Version == known, "the current version %d in current", known)
	version = 0
	step("closed", "conflict", "") // it says not which version it was made from
	version = known
	step("closed", "applied", "")

	pickup := order(uuid.NewString(), "on_way", now, func(data map[string]any) { data["type"] = "pickup" })
	got := p.push(device, pickup).expectEach("rejected")
	got.expect(got.Results[0].Code == "pickup_on_way", "the code pickup_on_way")
	id, version = uuid.NewString(), 0
	step("cancelled", "applied", "")
	step("new", "rejected", "status_taken_back")
}
