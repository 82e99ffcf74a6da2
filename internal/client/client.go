// Package client speaks the cabinet's HTTP API from Go: the synchronization
// protocol, for agents, and the few calls that set an account up, for tests
// and scripts.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxAnswer bounds, in bytes, what is read of one answer.
const maxAnswer = 256 << 20

// Client calls one cabinet. It is safe for concurrent use.
type Client struct {
	base  string
	token string
	agent string
	http  *http.Client
}

// Option changes a new client.
type Option func(*Client)

// Token is the bearer token of every call: a sync key or an access token.
func Token(token string) Option { return func(c *Client) { c.token = token } }

// UserAgent names the calling program.
func UserAgent(name string) Option { return func(c *Client) { c.agent = name } }

// HTTP replaces the HTTP client; its time limit then is the caller's matter.
func HTTP(h *http.Client) Option { return func(c *Client) { c.http = h } }

// New makes a client of the cabinet at address, such as
// https://cabinet.example.org. The error says what is wrong with the address.
func New(address string, options ...Option) (*Client, error) {
	base, err := url.Parse(strings.TrimSpace(address))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("the cabinet's address %q must be like https://cabinet.example.org", address)
	}
	if before, page, found := cutPage(base.EscapedPath()); found {
		return nil, fmt.Errorf("the cabinet's address %q is that of a page or of the API: write it without %s, as %s://%s%s",
			address, page, base.Scheme, base.Host, before)
	}
	c := &Client{
		base:  strings.TrimSuffix(base.Scheme+"://"+base.Host+base.EscapedPath(), "/") + "/api/v1",
		agent: "interpos-client",
		http:  newHTTP(),
	}
	for _, option := range options {
		option(c)
	}
	return c, nil
}

// pages begin what the cabinet itself adds to its address.
var pages = []string{"api", "o", "docs", "sign-in", "register"}

// cutPage cuts the API, or a page such as /o/…, off the path of an address.
func cutPage(path string) (before, page string, found bool) {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if slices.Contains(pages, part) {
			return strings.Join(parts[:i], "/"), "/" + strings.Join(parts[i:], "/"), true
		}
	}
	return path, "", false
}

// With gives a copy of the client with other options.
func (c *Client) With(options ...Option) *Client {
	other := *c
	for _, option := range options {
		option(&other)
	}
	return &other
}

// newHTTP notices a dead line within seconds, but leaves a slow one the time
// for a batch of 16 MiB.
func newHTTP() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext
	transport.ResponseHeaderTimeout = 90 * time.Second
	return &http.Client{Transport: transport, Timeout: 5 * time.Minute}
}

// callJSON sends body, when there is one, as JSON and reads the answer into out.
func (c *Client) callJSON(ctx context.Context, method, path string, body, out any) error {
	header := http.Header{}
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return fmt.Errorf("encode the request: %w", err)
		}
		header.Set("Content-Type", "application/json")
	}
	return c.exchange(ctx, method, path, header, content, out)
}

// exchange sends a request and reads its answer into out. Errors: *Problem,
// *Interrupted, or ctx's own.
func (c *Client) exchange(ctx context.Context, method, path string, header http.Header, content []byte, out any) error {
	return c.receive(ctx, method, path, header, content, func(answer *http.Response, body io.Reader) error {
		if out == nil || answer.StatusCode == http.StatusNoContent {
			return nil
		}
		data, err := io.ReadAll(body)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(data, out); err != nil {
			return foreign{err}
		}
		return nil
	})
}

// receive sends a request and has the body of its answer read, unless that is a problem. read
// says by foreign that the body makes no sense.
func (c *Client) receive(ctx context.Context, method, path string, header http.Header, content []byte, read func(*http.Response, io.Reader) error) error {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	request.Header = header
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Accept-Encoding", accepted)
	request.Header.Set("User-Agent", c.agent)
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return interruption(ctx, err)
	}
	defer func() { _ = answer.Body.Close() }()
	reader, done, err := answerReader(answer)
	if err != nil {
		return interruption(ctx, err)
	}
	defer done()
	body := &boundedBody{reader: reader, left: maxAnswer}
	if answer.StatusCode >= 300 {
		data, err := io.ReadAll(body)
		if err != nil {
			return interruption(ctx, err)
		}
		return problemOf(answer, data)
	}
	err = read(answer, body)
	var strange foreign
	switch {
	case err != nil && body.failure != nil:
		return interruption(ctx, body.failure)
	case errors.As(err, &strange):
		return fmt.Errorf("%s does not answer like a cabinet (%s): %w", answer.Request.URL.Host, answer.Header.Get("Content-Type"), strange.error)
	}
	return err
}

// foreign is the error of a body that is no answer of a cabinet.
type foreign struct{ error }

func interruption(ctx context.Context, err error) error {
	if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	return &Interrupted{err}
}
