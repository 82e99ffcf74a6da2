package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

const ndjson = "application/x-ndjson"

// ndjsonFrom are the headers of a push by lines.
func ndjsonFrom(device string) map[string]string {
	return map[string]string{"Content-Type": ndjson, "Device-Id": device}
}

var wireRules = []clause{
	{"ndjson", 0, "Both ways may go line by line", byLines},
	{"compression", 0, "Bodies may be compressed with gzip or zstd, both ways", checkCompression},
	{"limits", 0, "A push of as much as hello allows is taken, more is refused", pushLimits},
	{"bombs", 0, "What decompresses to more than the limit is cut off", checkBombs},
	{"problems", 0, "Errors are RFC 9457 problems with stable codes", checkProblems},
}

func byLines(p *probe) {
	device, now, before := uuid.NewString(), time.Now(), p.endCursor()
	batch := append(unitChanges(3, "By lines", now), writeOff(now, 2))
	body := append([]byte("\n"), encodeLines(batch)...)
	p.pushAs(request{path: "/push", body: bytes.TrimRight(body, "\n"), header: ndjsonFrom(device)}, batch).expectEach("applied")
	p.send(request{path: "/push", body: body, header: map[string]string{"Content-Type": ndjson}}).expectProblem(http.StatusUnprocessableEntity, "validation_failed")

	a := p.send(request{path: "/changes?limit=3&cursor=" + before, header: map[string]string{"Accept": ndjson}}).expectStatus(http.StatusOK)
	a.expect(strings.HasPrefix(a.header.Get("Content-Type"), ndjson), "Content-Type: %s", ndjson)
	read := bytes.Split(bytes.TrimRight(a.body, "\n"), []byte{'\n'})
	a.expect(len(read) == 4, "three lines of changes and one with the cursor")
	page := p.pull(before, "limit", "3")
	for i, r := range page.Changes {
		var line record
		err := json.Unmarshal(read[i], &line)
		a.expect(err == nil && line.ID == r.ID && line.Seq == r.Seq && bytes.Equal(line.Data, r.Data), "line %d to be the change of %s", i+1, r.ID)
	}
	var last struct {
		Cursor string
		More   bool
	}
	err := json.Unmarshal(read[3], &last)
	a.expect(err == nil && last.Cursor != "" && last.More, `the last line to be {"cursor": …, "more": true}`)
	rest := p.pull(last.Cursor)
	rest.expect(len(rest.recordsOf(batch[3])) == 1 && len(rest.Changes) == 1, "the fourth change after that cursor")
}

func checkCompression(p *probe) {
	device, now, before := uuid.NewString(), time.Now(), p.endCursor()
	for _, encoding := range []string{"gzip", "zstd"} {
		batch := unitChanges(20, "Compressed with "+encoding, now)
		whole := encodeJSON(map[string]any{"device_id": device, "changes": batch})
		p.pushAs(request{path: "/push", body: encodeBody(whole, encoding), encoding: encoding}, batch).expectEach("applied")
		p.pushAs(request{path: "/push", body: encodeBody(encodeLines(batch), encoding), encoding: encoding, header: ndjsonFrom(device)}, batch).expectEach("unchanged")
	}
	plain := p.send(request{path: "/changes?cursor=" + before}).expectStatus(http.StatusOK)
	for _, accepted := range []string{"gzip", "zstd", "zstd, gzip;q=0.5", "identity"} {
		a := p.send(request{path: "/changes?cursor=" + before, header: map[string]string{"Accept-Encoding": accepted}}).expectStatus(http.StatusOK)
		got := a.header.Get("Content-Encoding")
		a.expect(got == "" || strings.Contains(accepted, got), "no other encoding than %s", accepted)
		a.expect(bytes.Equal(a.body, plain.body), "the same answer as without compression")
	}
}

func pushLimits(p *probe) {
	limits := p.hello(uuid.NewString()).Limits
	one := unitChange("As many as may be", time.Now())
	changes := make([]change, limits["max_changes"])
	for i := range changes {
		changes[i] = one
	}
	p.push(uuid.NewString(), changes...)
	for name, body := range map[string][]byte{
		"application/json": encodeJSON(map[string]any{"device_id": uuid.NewString(), "changes": append(changes, one)}),
		ndjson:             encodeLines(append(changes, one)),
	} {
		header := ndjsonFrom(uuid.NewString())
		header["Content-Type"] = name
		p.send(request{path: "/push", body: body, header: header}).expectProblem(http.StatusRequestEntityTooLarge, "too_large")
	}
	big := encodeJSON(map[string]any{"device_id": uuid.NewString(), "changes": []change{}, "padding": strings.Repeat("x", int(limits["max_bytes"]))})
	p.send(request{path: "/push", body: big}).expectProblem(http.StatusRequestEntityTooLarge, "too_large")
}

// checkBombs are small bodies that decompress to eight times the limit.
func checkBombs(p *probe) {
	limit := p.hello(uuid.NewString()).Limits["max_bytes"]
	big := bytes.Repeat([]byte{' '}, int(8*limit))
	for _, encoding := range []string{"gzip", "zstd"} {
		body, asked := encodeBody(big, encoding), time.Now()
		a := p.send(request{path: "/push", body: body, encoding: encoding, header: ndjsonFrom(uuid.NewString())})
		a.expectProblem(http.StatusRequestEntityTooLarge, "too_large")
		a.expect(time.Since(asked) < time.Minute, "an answer soon, not after %v", time.Since(asked))
	}
	p.hello(uuid.NewString()) // it still lives
}

func checkProblems(p *probe) {
	device := uuid.NewString()
	whole := encodeJSON(map[string]any{"device_id": device, "changes": []change{}})
	text := map[string]string{"Content-Type": "text/plain"}
	for _, c := range []struct {
		request
		status int
		code   string
	}{
		{request{path: "/push", body: []byte(`{"device_id"`)}, 400, "malformed"},
		{request{path: "/push", body: append(whole, '}')}, 400, "malformed"},
		{request{path: "/push", body: whole, encoding: "gzip"}, 400, "malformed"},
		{request{path: "/push", body: whole, encoding: "zstd"}, 400, "malformed"},
		{request{path: "/push", body: whole, encoding: "br"}, 415, "unsupported_media_type"},
		{request{path: "/push", body: whole, header: text}, 415, "unsupported_media_type"},
		{request{path: "/push", body: []byte(`{"device_id":"` + device + `"}`)}, 422, "validation_failed"},
		{request{path: "/push", body: []byte(`{"changes":[]}`)}, 422, "validation_failed"},
		{request{path: "/push", body: []byte(`{"device_id":"till 1","changes":[]}`)}, 422, "validation_failed"},
		{request{path: "/digest?kind=sorcery"}, 422, "validation_failed"},
		{request{path: "/digest?kind=unit&by=month"}, 422, "validation_failed"},
		{request{path: "/rejections?limit=0"}, 422, "validation_failed"},
	} {
		p.send(c.request).expectProblem(c.status, c.code)
	}
}
