package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxAnswer      = 256 << 20        // bytes read of one answer
	requestTimeout = 90 * time.Second // of one exchange, a held pull included
	patience       = 3 * time.Minute  // how long 429 and 503 are repeated
)

func newHTTPClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true // the clauses say themselves what they accept
	return &http.Client{
		Transport: transport, Timeout: requestTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// probe sends the requests of one clause, as one account. What breaks the
// protocol ends the clause at once, as FailNow ends a test.
type probe struct {
	kit     *kit
	account *account
}

// breach ends a clause as broken.
type breach struct{ request, answer, expected string }

// untested ends a clause that cannot be tried; it says why.
type untested string

// withAccount is a probe of another account.
func (p *probe) withAccount(a *account) *probe { return &probe{kit: p.kit, account: a} }

// request is one call of the protocol, or of what stands beside it.
type request struct {
	method   string // "": GET, or POST where there is a body
	path     string // below /api/v1/sync, or absolute where it begins with //
	header   map[string]string
	body     []byte
	encoding string // of the body as it is sent: "", gzip, zstd
	cutAt    int    // sends so many bytes of the body, then drops the connection; 0: all
	key      string // instead of the account's; "-": none
}

// answer is what came back. The checks ask it, so that a breach shows the
// exchange that proves it.
type answer struct {
	sent   request
	probe  *probe
	status int
	header http.Header
	body   []byte
	failed error // there was no whole answer
}

// send sends a request, and sends it again while the cabinet asks to come later.
func (p *probe) send(r request) *answer {
	if r.method == "" {
		r.method = http.MethodGet
		if r.body != nil {
			r.method = http.MethodPost
		}
	}
	until := time.Now().Add(patience)
	for {
		a := p.roundTrip(r)
		wait, later := a.retryAfter()
		if !later || time.Now().Add(wait).After(until) {
			return a
		}
		select {
		case <-time.After(wait):
		case <-p.kit.ctx.Done():
			return a
		}
	}
}

// retryAfter says whether an answer asks to send the same again, and when.
func (a *answer) retryAfter() (wait time.Duration, later bool) {
	if a.status != http.StatusTooManyRequests && a.status != http.StatusServiceUnavailable {
		return 0, false
	}
	seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0, false
	}
	return time.Duration(max(seconds, 1)) * time.Second, true
}

func (p *probe) roundTrip(r request) *answer {
	a := &answer{sent: r, probe: p}
	sent, err := p.newRequest(r)
	if err != nil {
		a.failed = err
		return a
	}
	response, err := p.kit.http.Do(sent)
	if err != nil {
		a.failed = err
		return a
	}
	defer func() { _ = response.Body.Close() }()
	a.status, a.header = response.StatusCode, response.Header
	if a.body, a.failed = io.ReadAll(io.LimitReader(response.Body, maxAnswer)); a.failed == nil {
		a.body, a.failed = decodeBody(a.body, a.header.Get("Content-Encoding"))
	}
	return a
}

func (p *probe) newRequest(r request) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	if r.cutAt > 0 {
		body = io.MultiReader(bytes.NewReader(r.body[:r.cutAt]), cut{})
	}
	sent, err := http.NewRequestWithContext(p.kit.ctx, r.method, p.kit.endpoint(r.path), body)
	if err != nil {
		return nil, err
	}
	if r.cutAt > 0 {
		sent.ContentLength = int64(len(r.body))
	}
	sent.Header.Set("User-Agent", "interpos-conformance")
	for name, value := range p.requestHeaders(r) {
		sent.Header.Set(name, value)
	}
	return sent, nil
}

func (k *kit) endpoint(path string) string {
	if absolute, ok := strings.CutPrefix(path, "//"); ok {
		return k.url + "/" + absolute
	}
	return k.url + "/api/v1/sync" + path
}

func (p *probe) requestHeaders(r request) map[string]string {
	headers := map[string]string{}
	switch r.key {
	case "":
		headers["Authorization"] = "Bearer " + p.account.key
	case "-":
	default:
		headers["Authorization"] = "Bearer " + r.key
	}
	if r.body != nil {
		headers["Content-Type"] = "application/json"
	}
	if r.encoding != "" {
		headers["Content-Encoding"] = r.encoding
	}
	for name, value := range r.header {
		headers[name] = value
	}
	return headers
}

// cut is the end of a body whose connection breaks.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// expect ends the clause as broken where the answer is not as the protocol says.
func (a *answer) expect(holds bool, format string, args ...any) {
	if !holds {
		panic(&breach{request: a.probe.curlCommand(a.sent), answer: a.rawText(), expected: fmt.Sprintf(format, args...)})
	}
}

// expectStatus demands a status, and an answer that is whole.
func (a *answer) expectStatus(status int) *answer {
	a.expect(a.failed == nil && a.status == status, "%d %s", status, http.StatusText(status))
	return a
}

// decodeJSON demands JSON and reads it.
func (a *answer) decodeJSON(into any) {
	a.expect(strings.HasPrefix(a.header.Get("Content-Type"), "application/json"), "Content-Type: application/json")
	err := json.Unmarshal(a.body, into)
	a.expect(err == nil, "JSON as the protocol describes it: %v", err)
}

// expectProblem demands an error answer as RFC 9457 has it, with one of the codes.
func (a *answer) expectProblem(status int, codes ...string) {
	a.expectStatus(status)
	a.expect(strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json"), "Content-Type: application/problem+json")
	var said struct {
		Status      int
		Code, Title string
	}
	err := json.Unmarshal(a.body, &said)
	a.expect(err == nil && said.Status == status && said.Title != "", "a problem with a title and the status %d", status)
	for _, code := range codes {
		if said.Code == code {
			return
		}
	}
	a.expect(false, "the code %s", strings.Join(codes, " or "))
}

// runConcurrently runs checks at once. The first breach of any of them ends the clause
// when all have ended.
func runConcurrently(checks ...func()) {
	var running sync.WaitGroup
	var first sync.Once
	var ended any
	for _, check := range checks {
		running.Go(func() {
			defer func() {
				if e := recover(); e != nil {
					first.Do(func() { ended = e })
				}
			}()
			check()
		})
	}
	running.Wait()
	if ended != nil {
		panic(ended)
	}
}
