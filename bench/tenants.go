package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	tenantRounds   = 60 // of an innocent organization: a look at /me, and a push, each
	tenantExports  = 50
	tenantPushes   = 60  // that are never finished
	tenantSignIns  = 600 // that are never finished
	tenantGuests   = 200 // strangers who sign in at once
	tenantMostMe   = 3   // times idle
	tenantMostPush = 2
	tenantSignIn   = 2 * time.Second
	tenantMemory   = 512 << 20 // bytes
)

// innocent is what an organization feels that does nothing unusual.
type innocent struct{ me, push, signIn []time.Duration }

// measureTenants is what one organization feels beside others, and strangers, that take all they can.
func measureTenants(ctx context.Context, b *bench) (err error) {
	c, err := b.startCabinet(ctx, "tenants")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	both, err := c.createOrganizations(ctx, 2)
	if err != nil {
		return err
	}
	greedy, quiet := both[0], both[1]
	generator := newGenerator(5)
	for range 100 {
		if err := c.pushNew(ctx, greedy, generator.makeBatch(greedy.device)); err != nil {
			return err
		}
	}
	if err := c.settlePostgreSQL(ctx); err != nil {
		return err
	}
	token, err := c.signIn(ctx)
	if err != nil {
		return err
	}
	if _, err = c.watchInnocent(ctx, token, quiet); err != nil { // warms up
		return err
	}
	idle, err := c.watchInnocent(ctx, token, quiet)
	if err != nil {
		return err
	}
	for _, noise := range []struct {
		what  string
		begin func(context.Context) error
	}{
		{fmt.Sprintf("%d files of another organization", tenantExports), func(ctx context.Context) error { return c.exportAtOnce(ctx, token, greedy) }},
		{fmt.Sprintf("%d unfinished gzip pushes", tenantPushes), func(ctx context.Context) error { return c.leavePushes(ctx, greedy) }},
		{fmt.Sprintf("%d unfinished sign-ins", tenantSignIns), c.leaveSignIns},
		{fmt.Sprintf("%d strangers who sign in", tenantGuests), c.guessAtOnce},
	} {
		beside, err := c.besideNoise(ctx, token, quiet, noise.begin)
		if err != nil {
			return fmt.Errorf("%s: %w", noise.what, err)
		}
		b.addBeside(noise.what, beside, idle)
	}
	_, most, err := c.residentMemory()
	b.addResult(result{"server's memory in all of it", formatMebibytes(most) + " at most", formatMebibytes(tenantMemory),
		formatPercent(float64(most) / tenantMemory), "< 100 %", most < tenantMemory})
	return err
}

func (b *bench) addBeside(what string, beside, idle innocent) {
	add := func(name string, measured, against []time.Duration, most float64) {
		ratio := float64(percentile(measured, 95)) / float64(percentile(against, 95))
		b.addResult(result{name, formatMilliseconds(percentile(measured, 95)), formatMilliseconds(percentile(against, 95)) + " idle",
			formatTimes(ratio), fmt.Sprintf("≤ %.0f×", most), ratio <= most})
	}
	add("beside "+what+": /me p95", beside.me, idle.me, tenantMostMe)
	add("– push p95", beside.push, idle.push, tenantMostPush)
	slowest := percentile(beside.signIn, 100)
	b.addResult(result{"– an honest sign-in, the slowest", formatMilliseconds(slowest), formatMilliseconds(percentile(idle.signIn, 100)) + " idle",
		"", "< 2 s", slowest < tenantSignIn})
}

// besideNoise watches the innocent one from when the noise has begun, and ends the noise.
func (c *cabinet) besideNoise(ctx context.Context, token string, quiet *organization, begin func(context.Context) error) (innocent, error) {
	noisy, stop := context.WithCancel(ctx)
	defer stop()
	if err := begin(noisy); err != nil {
		return innocent{}, err
	}
	time.Sleep(noisyLead)
	return c.watchInnocent(ctx, token, quiet)
}

// watchInnocent looks at /me and pushes, by turns; three times it signs in.
func (c *cabinet) watchInnocent(ctx context.Context, token string, quiet *organization) (felt innocent, err error) {
	one := newGenerator(fairSeed).makeBatch(quiet.device)
	timed := func(into *[]time.Duration, do func() error) {
		if err != nil {
			return
		}
		began := time.Now()
		err = do()
		*into = append(*into, time.Since(began))
	}
	for round := range tenantRounds {
		timed(&felt.me, func() error { return c.ask(ctx, http.MethodGet, "/api/v1/me", bearer(token), nil, nil) })
		one.renewIDs()
		timed(&felt.push, func() error { return c.pushNew(ctx, quiet, one) })
		if round%(tenantRounds/3) == 0 {
			timed(&felt.signIn, func() error { _, err := c.signIn(ctx); return err })
		}
		time.Sleep(fairInterval)
	}
	return felt, err
}

// signIn gives an access token.
func (c *cabinet) signIn(ctx context.Context) (token string, err error) {
	var session struct {
		AccessToken string `json:"access_token"`
	}
	body := fmt.Sprintf(`{"email":%q,"password":%q}`, email, password)
	err = c.ask(ctx, http.MethodPost, "/api/v1/auth/login", nil, []byte(body), &session)
	return session.AccessToken, err
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// ask sends a request of a person, and reads the answer into out, where there is one.
func (c *cabinet) ask(ctx context.Context, method, path string, header http.Header, body []byte, out any) error {
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	maps.Copy(request.Header, header)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", method, path, answer.Status)
	}
	if out == nil {
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	}
	return json.NewDecoder(answer.Body).Decode(out)
}

// exportAtOnce keeps so many files of all receipts being asked for.
func (c *cabinet) exportAtOnce(ctx context.Context, token string, of *organization) error {
	path := fmt.Sprintf("/api/v1/organizations/%s/documents/receipt?format=csv&from=2020-01-01&to=2030-01-01", of.ID)
	if err := c.ask(ctx, http.MethodGet, path, bearer(token), nil, nil); err != nil {
		return err
	}
	repeatAtOnce(ctx, tenantExports, func() { _ = c.ask(ctx, http.MethodGet, path, bearer(token), nil, nil) })
	return nil
}

// guessAtOnce keeps so many strangers signing in, each from its own network to an account of its own.
func (c *cabinet) guessAtOnce(ctx context.Context) error {
	var mu sync.Mutex
	guests := 0
	repeatAtOnce(ctx, tenantGuests, func() {
		mu.Lock()
		guests++
		guest := guests
		mu.Unlock()
		body := fmt.Sprintf(`{"email":"guest%d@example.com","password":"not known to anybody"}`, guest)
		header := http.Header{"X-Forwarded-For": {fmt.Sprintf("198.51.100.%d", guest%tenantGuests)}}
		_ = c.ask(ctx, http.MethodPost, "/api/v1/auth/login", header, []byte(body), nil)
	})
	return nil
}

// repeatAtOnce does the same in so many goroutines, again and again, until the context ends.
func repeatAtOnce(ctx context.Context, many int, do func()) {
	for range many {
		go func() {
			for ctx.Err() == nil {
				do()
			}
		}()
	}
}

// leavePushes begins pushes that decompress to nearly 16 MiB, and leaves each without its last byte.
func (c *cabinet) leavePushes(ctx context.Context, to *organization) error {
	packed, err := gzipBody(bytes.Repeat([]byte(" "), 16<<20-1))
	if err != nil {
		return err
	}
	head := "POST /api/v1/sync/push HTTP/1.1\r\nHost: cabinet\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nAuthorization: Bearer " + to.SyncKey
	return c.leaveRequests(ctx, tenantPushes, head, packed)
}

// leaveSignIns begins sign-ins of the size that one may have, and leaves each without its last byte.
func (c *cabinet) leaveSignIns(ctx context.Context) error {
	body := bytes.Repeat([]byte(" "), 16<<10-1)
	return c.leaveRequests(ctx, tenantSignIns, "POST /api/v1/auth/login HTTP/1.1\r\nHost: cabinet\r\nContent-Type: application/json", body)
}

func (c *cabinet) leaveRequests(ctx context.Context, many int, head string, body []byte) error {
	address, err := url.Parse(c.url)
	if err != nil {
		return err
	}
	for range many {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}} // of another network than the innocent
		conn, err := dialer.DialContext(ctx, "tcp", address.Host)
		if err != nil {
			return err
		}
		context.AfterFunc(ctx, func() { _ = conn.Close() })
		request := strings.Join([]string{head, fmt.Sprintf("Content-Length: %d", len(body)+1), "", ""}, "\r\n")
		if _, err := conn.Write(append([]byte(request), body...)); err != nil {
			return err
		}
	}
	return nil
}
