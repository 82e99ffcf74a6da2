// Package conformance drives a cabinet through the synchronization protocol, as
// docs/protocol.md has it, and says which of its promises hold. It shares nothing
// with the server: it makes its own requests, canonical forms and hashes.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Outcome of one clause.
type Outcome string

// Outcomes.
const (
	Held      Outcome = "held"
	Broken    Outcome = "broken"
	NotTested Outcome = "not_tested"
)

// Finding is what came of one clause of the protocol.
type Finding struct {
	Clause  string  `json:"clause"`            // stable word
	Promise int     `json:"promise,omitempty"` // 1 to 6; 0: a clause beside them
	Title   string  `json:"title"`
	Outcome Outcome `json:"outcome"`
	Seconds float64 `json:"seconds"`
	// Of a broken clause: the request that shows it as a command line of curl,
	// what was answered, and what the protocol demands. Of one that was not
	// tested, Expected says why.
	Request  string `json:"request,omitempty"`
	Answer   string `json:"answer,omitempty"`
	Expected string `json:"expected,omitempty"`
}

// Report is what came of all clauses.
type Report struct {
	URL          string    `json:"url"`
	Organization string    `json:"organization"`
	Findings     []Finding `json:"findings"`
	Held         int       `json:"held"`
	Broken       int       `json:"broken"`
	NotTested    int       `json:"not_tested"`
	LeftBehind   string    `json:"left_behind,omitempty"` // what could not be tidied up
}

// Options of a run.
type Options struct {
	URL      string
	Key      string        // sync key of an organization that nobody works with
	OtherKey string        // of another such organization; "": promise 6 is not tested
	Yes      bool          // go on though an organization has records
	Clauses  []string      // which to try; none: all
	Host     Host          // what only the host can do
	Told     func(Finding) // told of each clause when it is done; may be nil
}

// Host is what only the host of a cabinet can do to it, as if time had passed. Clauses that
// need what is nil are not tested.
type Host struct {
	Backup  HostAction // makes a backup of the database
	Restore HostAction // restores that backup
	Purge   HostAction // purges the tombstones that there are, as if their 400 days were over
}

// ErrInUse is the error of a run on an organization that has records, without Yes.
var ErrInUse = errors.New("has records already. The kit writes records of its own into it and deletes them in the end; " +
	"use an organization that nobody works with, or say --yes")

// clause is one thing that the protocol says, and how it is tried.
type clause struct {
	name    string
	promise int
	title   string
	check   func(p *probe)
}

func allClauses() []clause {
	return slices.Concat(promises, greetings, pushRules, contents, envelopes, feedRules, lookups, sourceRules, continuations, wireRules, proofs, licenses)
}

// Names lists the clauses in the order in which they are tried.
func Names() (names []string) {
	for _, c := range allClauses() {
		names = append(names, c.name)
	}
	return names
}

// kit is one run.
type kit struct {
	ctx   context.Context
	http  *http.Client
	url   string
	main  *account
	other *account // nil: not given
	host  Host
}

// account is an organization that the kit may use.
type account struct {
	key          string
	organization string
	name         string
	unmendable   bool // it has a rejection that no later change can heal
	sources      bool // it has sources of the kit, which nothing deletes

	mu     sync.Mutex
	latest map[recordKey]time.Time // of each record that was sent: its greatest modified_at, to delete it
}

type recordKey struct{ kind, id string }

// Run tries the clauses one after another, tidies up, and reports. An error
// means that nothing could be tried: a wrong key, nobody answers, ErrInUse.
func Run(ctx context.Context, options Options) (Report, error) {
	k := &kit{ctx: ctx, url: strings.TrimRight(options.URL, "/"), http: newHTTPClient(), host: options.Host}
	defer k.http.CloseIdleConnections()
	if err := k.openAccounts(options); err != nil {
		return Report{}, err
	}
	report := Report{URL: k.url, Organization: k.main.name}
	for _, c := range allClauses() {
		if len(options.Clauses) > 0 && !slices.Contains(options.Clauses, c.name) {
			continue
		}
		finding := k.checkClause(c)
		if err := ctx.Err(); err != nil {
			return report, err
		}
		report.addFinding(finding)
		if options.Told != nil {
			options.Told(finding)
		}
	}
	report.LeftBehind = k.deleteLeftovers()
	return report, nil
}

func (r *Report) addFinding(f Finding) {
	r.Findings = append(r.Findings, f)
	switch f.Outcome {
	case Held:
		r.Held++
	case Broken:
		r.Broken++
	case NotTested:
		r.NotTested++
	}
}

// openAccounts says hello with each key, and looks whether the organizations are free.
func (k *kit) openAccounts(options Options) (err error) {
	if k.main, err = k.openAccount(options.Key, options.Yes); err != nil || options.OtherKey == "" {
		return err
	}
	if k.other, err = k.openAccount(options.OtherKey, options.Yes); err != nil {
		return fmt.Errorf("the other key: %w", err)
	}
	if k.other.organization == k.main.organization {
		return errors.New("both keys belong to one organization: promise 6 needs another one")
	}
	return nil
}

func (k *kit) openAccount(key string, yes bool) (*account, error) {
	a := &account{key: key, latest: map[recordKey]time.Time{}}
	used := false
	finding := k.runCheck(func(p *probe) {
		hello := p.hello(uuid.NewString())
		a.organization, a.name = hello.Organization.ID, hello.Organization.Name
		if !yes {
			used = p.hasRecords()
		}
	}, a)
	switch {
	case finding.Outcome == Broken:
		return nil, fmt.Errorf("the cabinet does not take the key.\n%s", finding.Evidence("  "))
	case used:
		return nil, fmt.Errorf("the organization «%s» %w", a.name, ErrInUse)
	}
	return a, nil
}

// checkClause runs one clause.
func (k *kit) checkClause(c clause) Finding {
	started := time.Now()
	finding := k.runCheck(c.check, k.main)
	finding.Clause, finding.Promise, finding.Title = c.name, c.promise, c.title
	finding.Seconds = time.Since(started).Seconds()
	return finding
}

// runCheck runs a check as an account and turns the way it ended into a finding.
func (k *kit) runCheck(check func(p *probe), a *account) (finding Finding) {
	defer func() {
		switch ended := recover().(type) {
		case nil:
			finding.Outcome = Held
		case *breach:
			finding = Finding{Outcome: Broken, Request: ended.request, Answer: ended.answer, Expected: ended.expected}
		case untested:
			finding = Finding{Outcome: NotTested, Expected: string(ended)}
		default:
			panic(ended)
		}
	}()
	check(&probe{kit: k, account: a})
	return finding
}

// deleteLeftovers deletes what the kit has made, and says what it could not delete.
func (k *kit) deleteLeftovers() string {
	var left []string
	for _, a := range []*account{k.main, k.other} {
		if a == nil {
			continue
		}
		if finding := k.runCheck(func(p *probe) { p.deleteAll() }, a); finding.Outcome == Broken {
			left = append(left, fmt.Sprintf("in «%s», records: %s", a.name, finding.Answer))
		}
		if a.unmendable {
			left = append(left, fmt.Sprintf("in «%s», a rejection of an unknown kind, which its people may dismiss", a.name))
		}
		if a.sources {
			left = append(left, fmt.Sprintf("in «%s», sources that every run of the kit uses again", a.name))
		}
	}
	return strings.Join(left, "; ")
}

// Evidence is the request, the answer and the expectation as indented text.
func (f Finding) Evidence(indent string) string {
	var text strings.Builder
	for _, part := range []struct{ title, body string }{{"sent", f.Request}, {"answered", f.Answer}, {"expected", f.Expected}} {
		if part.body != "" {
			body := strings.ReplaceAll(part.body, "\n", "\n"+indent+"  ")
			_, _ = fmt.Fprintf(&text, "%s%s:\n%s  %s\n", indent, part.title, indent, body)
		}
	}
	return text.String()
}
