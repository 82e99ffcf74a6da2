package conformance

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

var envelopes = []clause{
	{"envelope", 0, "Unknown fields around the data and parameters are passed over, null counts as left out", checkEnvelope},
	{"instants", 0, "Times are those of RFC 3339, t and z in either case, and no others", checkInstants},
	{"check-order", 0, "The key comes before the form, the form before the place in the feed", checkOrder},
	{"early-refusal", 0, "Who writes a request to its end gets the answer of an early refusal", earlyRefusal},
}

// pushRaw pushes one change of a unit, of which the members stand beside kind and id.
func (p *probe) pushRaw(c change, members string) pushed {
	body := fmt.Sprintf(`{"comment":{"of":["the","kit"]},"cursor":null,"device_id":%q,"changes":[{"kind":"unit","id":%q,%s}]}`, uuid.NewString(), c.ID, members)
	return p.pushAs(request{path: "/push", body: []byte(body)}, []change{c})
}

func checkEnvelope(p *probe) {
	before, now := p.endCursor(), time.Now()
	c := unitChange("", now)
	at := fmt.Sprintf(`"modified_at":%q,`, c.ModifiedAt)
	p.pushRaw(c, at+`"colour":"red","deleted":null,"base_version":null,"data":{"name":"Envelope"}`).expectEach("applied")
	fed := p.readToEnd(before)
	fed.expect(string(fed.recordsOf(c)[c.ID].Data) == `{"name":"Envelope"}`, "the data alone: what stands around it is not kept")
	for field, member := range map[string]string{"deleted": `"deleted":"yes"`, "base_version": `"base_version":1.5`} {
		p.pushRaw(c, at+member+`,"data":{"name":"Envelope"}`).expectEach("rejected").rejectedFor(0, field, "invalid")
	}
	capitals := c
	capitals.ID = strings.ToUpper(c.ID)
	p.pushRaw(capitals, at+`"data":{"name":"Envelope"}`).expectEach("unchanged")
	got := p.pushRaw(c, `"modified_at":"noon","data":{"name":7}`).expectEach("rejected")
	got.expect(len(got.Results[0].Errors) == 2 && got.Results[0].Code == got.Results[0].Errors[0].Code, "both faults in errors, and the first one's code")
	p.pushRaw(c, fmt.Sprintf(`"modified_at":%q,"data":{"name":"Envelope"}`, formatInstant(now.Add(time.Second)))).expectEach("unchanged")
	p.send(request{path: "/changes?limit=1&colour=red"}).expectStatus(http.StatusOK)
}

func checkInstants(p *probe) {
	device, now := uuid.NewString(), time.Now().UTC().Truncate(time.Second)
	for form, at := range map[string]time.Time{
		strings.ToLower(now.Format("2006-01-02T15:04:05Z")):                                             now,
		strings.Replace(now.In(time.FixedZone("", -9000)).Format(time.RFC3339), "T", "t", 1):            now,
		now.Format("2006-01-02T15:04:05.9999999Z07:00")[:len("2006-01-02T15:04:05")] + ".1234569+00:00": now.Add(123456 * time.Microsecond),
	} {
		c := unitChange("Instant", now)
		c.ModifiedAt = form
		before := p.endCursor()
		p.push(device, c).expectEach("applied")
		fed := p.readToEnd(before)
		fed.expect(fed.recordsOf(c)[c.ID].ModifiedAt.Equal(at), "%s to be %s", form, formatInstant(at))
	}
	for _, form := range []string{
		"2020-05-25T20:03:14,5Z", "2020-05-25T20:03Z", "2020-05-25T8:03:14Z", "2020-05-25 20:03:14Z", "2020-05-25T20:03:60Z", "2020-05-25T24:00:00Z",
		"2020-05-25T20:03:14+24:00", "2020-05-25T20:03:14+0300", "2020-02-30T20:03:14Z", "2020-05-25", "1899-12-31T23:59:59Z", "9999-01-01T00:00:00Z",
	} {
		c := unitChange("No instant", now)
		c.ModifiedAt = form
		p.push(device, c).rejectedFor(0, "modified_at", "time")
		if !strings.HasPrefix(form, "1899") && !strings.HasPrefix(form, "9999") {
			p.send(request{path: "/hello", body: encodeJSON(map[string]any{"device_id": device, "local_time": form})}).expectFieldProblem("local_time")
		}
	}
}

func checkOrder(p *probe) {
	device := uuid.NewString()
	nonsense := []byte(`{"cursor":"nonsense"`)
	text := map[string]string{"Content-Type": "text/plain"}
	p.send(request{path: "/push", body: nonsense, key: "isk_made-up", header: text}).expectProblem(http.StatusUnauthorized, "sync_key_invalid")
	p.send(request{path: "/push", body: nonsense, header: text}).expectProblem(http.StatusUnsupportedMediaType, "unsupported_media_type")
	p.send(request{path: "/push", body: nonsense}).expectProblem(http.StatusBadRequest, "malformed")
	p.send(request{path: "/push", body: []byte(`{"cursor":"nonsense","changes":[]}`)}).expectFieldProblem("device_id")
	p.send(request{path: "/push", body: fmt.Appendf(nil, `{"cursor":"nonsense","device_id":%q,"changes":[]}`, device)}).expectProblem(http.StatusBadRequest, "malformed")
}

// earlyRefusal writes requests to their end that a server refuses by their head, and then reads.
func earlyRefusal(p *probe) {
	const announced = 18 << 20
	for _, r := range []request{
		{path: "/push"}, {path: "/push", key: "isk_made-up"}, {path: "/spaceships"}, {path: "//api/v1/nothing"},
	} {
		r.method, r.body = http.MethodPost, bytes.Repeat([]byte{' '}, announced)
		for range 3 {
			a := &answer{sent: r, probe: p}
			a.status, a.failed = p.writeFirst(r)
			a.expect(a.failed == nil && a.status >= 400 && a.status < 500, "an answer after %d bytes were written: the rest of a request that is refused is read, and thrown away", announced)
		}
	}
}

// writeFirst writes a request to its end before it looks for the answer.
func (p *probe) writeFirst(r request) (status int, err error) {
	address, err := url.Parse(p.kit.endpoint(r.path))
	if err != nil {
		return 0, err
	}
	conn, err := dialAddress(address)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(requestTimeout))
	var head bytes.Buffer
	_, _ = fmt.Fprintf(&head, "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", r.method, address.RequestURI(), address.Host, len(r.body))
	for name, value := range p.requestHeaders(r) {
		_, _ = fmt.Fprintf(&head, "%s: %s\r\n", name, value)
	}
	if _, err := io.Copy(conn, io.MultiReader(&head, strings.NewReader("\r\n"), bytes.NewReader(r.body))); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	_, err = io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode, err
}

func dialAddress(address *url.URL) (net.Conn, error) {
	host, port := address.Hostname(), address.Port()
	if address.Scheme == "https" {
		if port == "" {
			port = "443"
		}
		return tls.Dial("tcp", net.JoinHostPort(host, port), &tls.Config{NextProtos: []string{"http/1.1"}})
	}
	if port == "" {
		port = "80"
	}
	return net.Dial("tcp", net.JoinHostPort(host, port))
}
