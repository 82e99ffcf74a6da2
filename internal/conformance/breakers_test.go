//go:build linux

package conformance_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// readingBreakers break the clauses of what is asked and of what stands around the data.
var readingBreakers = []breaker{
	{"records", "tombstones are left out", "the two records that there are", answers("/records", func(b object) {
		only(b, "records", func(r object) bool { return r["deleted"] != true })
	})},
	{"records", "versions are not told", "as the feed has it", answers("/records", func(b object) {
		for _, r := range items(b, "records") {
			r["version"] = 1
		}
	})},
	{"records", "what does not fit is left out without a word", "others in remaining", answers("/records", func(b object) { b["remaining"] = []any{} })},
	{"sources", "the name is that of another one too", "409 Conflict", replies("/sources", func(_ *http.Request, a *reply) {
		if a.status == http.StatusConflict {
			a.status = http.StatusCreated
		}
	})},
	{"sources", "two databases have one id", "an id of its own", sourceIDs(func(string) string { return "7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10" })},
	{"sources", "evidence is forgotten", "with the evidence", answers("/sources", func(b object) {
		for _, s := range items(b, "items") {
			s["evidence"] = ""
		}
	})},
	{"sources-apart", "of the records of two databases one is kept", "as its database sent it", answers("/changes", func(b object) {
		if list := items(b, "changes"); len(list) > 1 {
			b["changes"] = []any{list[0]}
		}
	})},
	{"sources-apart", "sources of another organization are listed", "no source of another organization", listsEverybodysSources},
	{"queries", "a day that there is not is answered", "422 Unprocessable Entity", query("/digest", func(v url.Values) {
		if v.Get("from") == "2026-13-01" {
			v.Del("from")
		}
	})},
	{"queries", "the field is not named", "errors that name", replies("/digest", func(_ *http.Request, a *reply) {
		if a.status == 422 {
			a.becomes(422, "validation_failed")
		}
	})},
	{"envelope", "unknown fields become data", "the data alone", each(func(c object) {
		if data, ok := c["data"].(object); ok && c["colour"] != nil {
			data["colour"] = c["colour"]
		}
	})},
	{"envelope", "what is no boolean counts as false", "status rejected", each(func(c object) {
		if _, ok := c["deleted"].(string); ok {
			delete(c, "deleted")
		}
	})},
	{"envelope", "an unknown parameter is refused", "200 OK", replies("/changes", func(r *http.Request, a *reply) {
		if r.URL.Query().Has("colour") {
			a.becomes(422, "validation_failed")
		}
	})},
	{"instants", "capitals alone are known", "status applied", each(func(c object) {
		if at, _ := c["modified_at"].(string); strings.Contains(at, "t") {
			c["modified_at"] = "noon"
		}
	})},
	{"instants", "a comma is a point", "to be rejected with the code time", each(func(c object) {
		if at, _ := c["modified_at"].(string); strings.Contains(at, ",") {
			c["modified_at"] = strings.Replace(at, ",", ".", 1)
		}
	})},
	{"check-order", "the form comes first", "401 Unauthorized", replies("/push", func(r *http.Request, a *reply) {
		if r.Header.Get("Content-Type") == "text/plain" {
			a.becomes(415, "unsupported_media_type")
		}
	})},
	{"early-refusal", "the connection is closed", "an answer after", at("/push", closesEarly)},
}

// sourceIDs changes the ids of sources wherever they are answered.
func sourceIDs(change func(id string) string) tamper {
	return answers("/sources", func(b object) {
		for _, s := range append(items(b, "items"), b) {
			if id, ok := s["id"].(string); ok {
				s["id"] = change(id)
			}
		}
	})
}

// listsEverybodysSources lists the sources that it has listed for anybody.
func listsEverybodysSources(server http.Handler) http.Handler {
	var mu sync.Mutex
	all := map[any]any{}
	return answers("/sources", func(b object) {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range items(b, "items") {
			all[s["id"]] = s
		}
		if b["items"] != nil {
			b["items"] = slices.Collect(maps.Values(all))
		}
	})(server)
}

// closesEarly answers large requests before their body is read, and closes.
func closesEarly(server http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength <= 16<<20 {
			server.ServeHTTP(w, r)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		_ = conn.Close()
	})
}

// licenseBreakers break the clauses of licenses and of what needs one.
var licenseBreakers = []breaker{
	{"license-tokens", "another key has signed", "a signature by the key", answers("/licenses", func(b object) {
		list := b["licenses"].([]any)
		for i := range list {
			token := list[i].(string)
			list[i] = token[:strings.LastIndex(token, ".")+1] + strings.Repeat("A", 86)
		}
	})},
	{"license-tokens", "the public keys are others", "a kid that is among the public keys", elsewhere("/.well-known/jwks.json", func(a *reply) {
		a.body = bytes.ReplaceAll(a.body, []byte(`"kid":"`), []byte(`"kid":"x`))
	})},
	{"license-tokens", "nobody says how long to keep the keys", "Cache-Control", elsewhere("/.well-known/jwks.json", func(a *reply) { a.header.Del("Cache-Control") })},
	{"license-required", "it is rejected", "status license_required", results(func(r object) {
		if r["status"] == "license_required" {
			r["status"] = "rejected"
		}
	})},
	{"delivery-steps", "steps are taken back", "status rejected", each(func(c object) {
		if data, ok := c["data"].(object); ok && data["status"] == "cooking" {
			data["status"] = "on_way"
		}
	})},
	{"delivery-steps", "the version is not looked at", "status conflict", results(func(r object) {
		if r["status"] == "conflict" {
			r["status"] = "applied"
		}
	})},
	{"delivery-steps", "codes are not told apart", "the code", results(func(r object) {
		if r["code"] == "status_taken_back" {
			r["code"] = "invalid"
		}
	})},
}

// continuationBreakers break the clauses of where a feed goes on.
var continuationBreakers = []breaker{
	{"continues", "it always goes on", "continues false", answers("/hello", func(b object) { b["feed"].(object)["continues"] = true })},
	{"continues", "a push has no cursor", "a cursor", answers("/push", func(b object) { delete(b, "cursor") })},
	{"restored-backup", "hello says nothing of it", "continues false", answers("/hello", func(b object) { b["feed"].(object)["continues"] = true })},
	{"restored-backup", "cursors live on", "410 Gone", goesOn("/changes", `{"changes":[],"cursor":"x","more":false}`)},
	{"restored-backup", "a push is taken all the same", "410 Gone", pushes(func(push object) { delete(push, "cursor") })},
	{"purge", "cursors live on", "410 Gone", goesOn("/changes", `{"changes":[],"cursor":"x","more":false}`)},
	{"purge", "the tombstone is shown for ever", "version 1", results(func(r object) {
		if fmt.Sprint(r["version"]) == "1" && fmt.Sprint(r["seq"]) > "4" {
			r["version"] = 3
		}
	})},
}

// goesOn answers a path as if no cursor had expired.
func goesOn(path, body string) tamper {
	return replies(path, func(_ *http.Request, a *reply) {
		if a.status == http.StatusGone {
			a.status, a.body = http.StatusOK, []byte(body)
			a.header.Set("Content-Type", "application/json")
		}
	})
}

// elsewhere changes the answers of a path that is not below /sync.
func elsewhere(path string, edit func(a *reply)) tamper {
	return func(server http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != path {
				server.ServeHTTP(w, r)
				return
			}
			a := recorded(server, r)
			edit(a)
			a.send(w)
		})
	}
}
