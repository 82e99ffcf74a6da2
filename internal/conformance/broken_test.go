//go:build linux

package conformance_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/conformance"
)

// breaker is a server that breaks a clause of the protocol.
type breaker struct {
	clause string
	how    string
	says   string // what the kit then has expected, in part
	breaks tamper
}

// promiseBreakers break the promises. The first of each is tried with the whole
// kit, from the command line.
var promiseBreakers = []breaker{
	{"commit-order", "a change is shown later, under its old number", "only numbers above", withholdsChanges},
	{"commit-order", "a change is never shown", "a reader who followed the feed to its end to have met", answers("/changes", func(b object) {
		only(b, "changes", func(c object) bool { return !strings.HasSuffix(fmt.Sprint(c["seq"]), "7") })
	})},
	{"repeatable", "a repeat is a change", "to be unchanged, with version 1", each(func(c object) {
		if data, ok := c["data"].(object); ok {
			data["received_at"] = time.Now().Format(time.RFC3339Nano)
			c["modified_at"] = time.Now().Format(time.RFC3339Nano)
		}
	})},
	{"repeatable", "a repeat is said to be applied", "to be unchanged, with version 1", results(func(r object) {
		if r["status"] == "unchanged" {
			r["status"] = "applied"
		}
	})},
	{"atomic", "a push is stored in two parts", "as many to be there as [0 250], not 125", splitsPushes},
	{"atomic", "the answer comes before the commit", "as many to be there as [250], not 0", answersEarly},
	{"atomic", "the lines before a break are stored", "as many to be there as [0], not 101", storesWhatCame},
	{"isolated", "one bad record spoils the push", "status applied of result number 2", spoilsPushes},
	{"isolated", "rejections are forgotten", "among the rejections", answers("/rejections", func(b object) { b["items"], b["total"] = []any{}, 0 })},
	{"convergent", "the last to arrive wins", "to be as its greatest change", each(func(c object) { c["modified_at"] = time.Now().Format(time.RFC3339Nano) })},
	{"convergent", "ties go to whoever came first", "to be as its greatest change", lesserDevice},
	{"separate", "the feed of another organization is read", "no record of another organization", othersKey("/changes")},
	{"separate", "the rejections of another organization are read", "no rejection of another organization", othersKey("/rejections")},
	{"separate", "hashes of another organization are read", "which is another organization's", othersKey("/digest/records")},
	{"separate", "one organization's pushes stop the other", "200 OK", stopsOthers},
}

// clauseBreakers break the further clauses.
var clauseBreakers = []breaker{
	{"hello", "a limit is missing", "the limit max_wait_seconds", answers("/hello", func(b object) { delete(b["limits"].(object), "max_wait_seconds") })},
	{"hello", "the rules have no number", "the number of the rules", answers("/hello", func(b object) { delete(b, "rules") })},
	{"hello", "the clock is not compared", "a clock_skew_seconds that is an hour more", answers("/hello", func(b object) { b["clock_skew_seconds"] = 0 })},
	{"key", "rejections need no key", "401 Unauthorized", othersKey("/rejections")},
	{"key", "a wrong key is forbidden, without a code", "401 Unauthorized", replies("/digest", func(_ *http.Request, a *reply) {
		if a.status == 401 {
			a.becomes(403, "")
		}
	})},
	{"rate-limits", "nothing is said", `RateLimit with "requests"`, replies("/changes", func(_ *http.Request, a *reply) { a.header.Del("Ratelimit") })},
	{"rate-limits", "always the same is left", "fewer requests left with every request", replies("/changes", func(_ *http.Request, a *reply) {
		a.header.Set("Ratelimit", `"requests";r=10;t=9, "bytes";r=10;t=9, "records";r=10;t=9`)
	})},
	{"push-rules", "what is older is applied", "status stale", each(func(c object) {
		if strings.Contains(string(encodeJSON(c)), "Third") {
			c["modified_at"] = time.Now().Add(time.Hour).Format(time.RFC3339Nano)
		}
	})},
	{"later-time", "a later time is not taken over", "status stale", keepsFirstTime},
	{"ties", "the lesser device wins", "status applied", lesserDevice},
	{"base-version", "it is not looked at", "status applied", each(func(c object) { delete(c, "base_version") })},
	{"clock-ahead", "what is ahead is taken as now", "status rejected of result number 2", each(func(c object) {
		if text, _ := c["modified_at"].(string); text > time.Now().Add(24*time.Hour).Format(time.RFC3339Nano) {
			c["modified_at"] = time.Now().Format(time.RFC3339Nano)
		}
	})},
	{"times", "times count to the second", "status applied", text(func(body string) string {
		return regexp.MustCompile(`(T\d\d:\d\d:\d\d)\.\d+`).ReplaceAllString(body, "$1")
	})},
	{"deletions", "tombstones are not in the feed", "as a tombstone", answers("/changes", func(b object) {
		only(b, "changes", func(c object) bool { return c["deleted"] != true })
	})},
	{"one-push", "changes are taken backwards", "status applied of result number 1", backwards},
	{"unknown-fields", "unknown fields are dropped", "from_the_future as it was sent", each(func(c object) {
		if data, ok := c["data"].(object); ok {
			delete(data, "from_the_future")
		}
	})},
	{"canonical-data", "data has spaces", "data to the byte", replies("/changes", func(_ *http.Request, a *reply) {
		a.body = bytes.ReplaceAll(a.body, []byte(`":`), []byte(`": `))
	})},
	{"references", "products wait for their groups", "status applied", results(func(r object) {
		if r["kind"] == "product" {
			r["status"] = "rejected"
		}
	})},
	{"field-rules", "every flaw is just invalid", "the code required for type", results(func(r object) {
		if r["status"] == "rejected" {
			r["code"] = "invalid"
		}
	})},
	{"number-precision", "numbers are rounded", "status rejected", text(func(body string) string { return strings.ReplaceAll(body, "3.14159265358979323846", "3.1416") })},
	{"remarks", "nothing is remarked", "one remark: {Code:line_total_mismatch", results(func(r object) { delete(r, "remarks") })},
	{"remarks", "what does not add up is rejected", "to be applied: it can be read", results(func(r object) {
		if r["remarks"] != nil {
			r["status"], r["code"] = "rejected", "total_mismatch"
		}
	})},
	{"unreadable", "it spoils the push", "200 OK", replies("/push", func(_ *http.Request, a *reply) {
		if bytes.Contains(a.body, []byte("lone_surrogate")) {
			a.becomes(400, "malformed")
		}
	})},
	{"unreadable", "halves of surrogate pairs are mended", "with the code lone_surrogate", text(func(body string) string { return strings.ReplaceAll(body, `\ud83c`, "?") })},
	{"unreadable", "it is thrown away", "and kept", results(func(r object) {
		if r["kept"] == true {
			r["kept"] = false
		}
	})},
	{"record-size", "it has no bound", "status rejected", results(func(r object) {
		if r["code"] == "record_too_large" {
			r["status"] = "applied"
		}
	})},
	{"push-rules", "what is newer stays unsaid", "the current record, version 2, in current", results(func(r object) {
		if r["status"] == "stale" {
			delete(r, "current")
		}
	})},
	{"unknown-kind", "it spoils the push", "200 OK", replies("/push", func(_ *http.Request, a *reply) {
		if bytes.Contains(a.body, []byte("unknown_kind")) {
			a.becomes(422, "validation_failed")
		}
	})},
	{"pages", "a page loses its last change", "the pages before to have had", answers("/changes", func(b object) {
		if list := items(b, "changes"); len(list) == 4 {
			only(b, "changes", func(c object) bool { return c["id"] != list[3]["id"] })
		}
	})},
	{"kinds", "it is ignored", "the document and the product, and no more", query("/changes", func(v url.Values) { v.Del("kinds") })},
	{"not-device", "it is ignored", "only what the other device changed", query("/changes", func(v url.Values) { v.Del("not_device") })},
	{"cursors", "a bad one is the beginning", "400 Bad Request", startsAgain},
	{"long-poll", "the answer is not held", "the answer to be held for three seconds", query("/changes", func(v url.Values) { v.Del("wait") })},
	{"long-poll", "an arrival does not wake it", "an answer soon after it arrived", sleepsThrough},
	{"pull-limits", "no limit is a limit too", "422 Unprocessable Entity", query("/changes", func(v url.Values) {
		if v.Get("limit") == "0" {
			v.Del("limit")
		}
	})},
	{"ndjson", "the answer is one JSON", "Content-Type: application/x-ndjson", at("/changes", edits(func(r *http.Request) { r.Header.Del("Accept") }))},
	{"ndjson", "the last line is missing", "three lines of changes and one with the cursor", replies("/changes", func(_ *http.Request, a *reply) {
		if strings.Contains(a.header.Get("Content-Type"), "ndjson") {
			a.body = a.body[:bytes.LastIndex(bytes.TrimRight(a.body, "\n"), []byte{'\n'})+1]
		}
	})},
	{"compression", "zstd is not known", "200 OK", replies("/push", func(r *http.Request, a *reply) {
		if r.Header.Get("Content-Encoding") == "zstd" {
			a.becomes(415, "unsupported_media_type")
		}
	})},
	{"limits", "too much is called malformed", "413 Request Entity Too Large", replies("/push", func(_ *http.Request, a *reply) {
		if a.status == 413 {
			a.becomes(400, "malformed")
		}
	})},
	{"bombs", "they are taken as empty", "413 Request Entity Too Large", replies("/push", func(_ *http.Request, a *reply) {
		if a.status == 413 {
			a.status, a.body = 200, []byte(`{"results":[],"head":0}`)
			a.header.Set("Content-Type", "application/json")
		}
	})},
	{"problems", "errors are plain JSON", "Content-Type: application/problem+json", replies("/push", func(_ *http.Request, a *reply) {
		if a.status >= 400 {
			a.header.Set("Content-Type", "application/json")
		}
	})},
	{"rejections", "attempts are not counted", "with 2 attempts", answers("/rejections", func(b object) {
		for _, r := range items(b, "items") {
			r["attempts"] = 1
		}
	})},
	{"rejections", "data is not kept", "its data as sent", answers("/rejections", func(b object) {
		for _, r := range items(b, "items") {
			r["data"] = object{}
		}
	})},
	{"rejections", "nothing is said of keeping", "to say that it is kept", results(func(r object) { delete(r, "kept") })},
	{"digests", "one bucket differs", "as the records of the feed have it", answers("/digest", func(b object) {
		if list := items(b, "buckets"); len(list) > 0 {
			list[0]["digest"] = strings.Repeat("0", 32)
		}
	})},
	{"digests", "bounds are ignored", "only the bucket 2020-02-29", query("/digest", func(v url.Values) { v.Del("from") })},
	{"digest-records", "hashes leave the deletion out", "deleted true", answers("/digest/records", func(b object) {
		for _, r := range items(b, "records") {
			if r["deleted"] == true {
				r["hash"] = strings.Repeat("0", 64)
			}
		}
	})},
	{"digest-records", "of several buckets one is listed", "which is in one of the two buckets", query("/digest/records", func(v url.Values) {
		first, _, _ := strings.Cut(v.Get("bucket"), ",")
		v.Set("bucket", first)
	})},
}

// TestTheKitNoticesEveryBrokenPromise runs the whole kit against a server that
// breaks one promise, for each of them.
func TestTheKitNoticesEveryBrokenPromise(t *testing.T) {
	c := newCabinet(t)
	t.Run("all", func(t *testing.T) {
		tried := ""
		for _, b := range promiseBreakers {
			if b.clause == tried {
				continue
			}
			tried = b.clause
			key, other := c.organization(t, b.clause), c.organization(t, b.clause+", other")
			t.Run(b.clause, func(t *testing.T) {
				t.Parallel()
				code, printed, said := run(t, "conformance", "--url", c.behind(t, b.breaks), "--key", key, "--other-key", other)
				t.Log(printed)
				require.Equal(t, 1, code, said)
				require.Contains(t, said, "the cabinet breaks the protocol")
				require.Regexp(t, `(?m)^BROKEN +promise \d, `+b.clause+` .*\n    sent:\n      (printf|curl)[^\0]*?\n    answered:\n[^\0]*?\n    expected:\n      \w`, printed)
			})
		}
	})
}

// TestTheKitNoticesEveryBrokenClause tries each clause against every server that
// breaks it.
func TestTheKitNoticesEveryBrokenClause(t *testing.T) {
	c := newCabinet(t)
	all := slices.Concat(promiseBreakers, clauseBreakers, readingBreakers, licenseBreakers, continuationBreakers)
	for _, name := range conformance.Names() {
		require.True(t, slices.ContainsFunc(all, func(b breaker) bool { return b.clause == name }), "no server breaks %s", name)
	}
	t.Run("all", func(t *testing.T) {
		for _, b := range all {
			key, other := c.licensed(t, "One"), c.organization(t, "Other")
			t.Run(b.clause+": "+b.how, func(t *testing.T) {
				t.Parallel()
				report, err := conformance.Run(ctx, conformance.Options{
					URL: c.behind(t, b.breaks), Key: key, OtherKey: other, Clauses: []string{b.clause}, Host: c.host(t, key),
				})
				require.NoError(t, err)
				require.Len(t, report.Findings, 1)
				finding := report.Findings[0]
				t.Log(finding.Evidence(""))
				require.Equal(t, conformance.Broken, finding.Outcome)
				require.Contains(t, finding.Request, "curl -i -X ")
				require.NotContains(t, finding.Request, key)
				require.NotEmpty(t, finding.Answer)
				require.Contains(t, finding.Expected, b.says)
			})
		}
	})
}
