//go:build linux

package agent_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/agent/cli"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/demo/venue"
)

var ctx = context.Background()

const beAgent = "INTERPOS_TEST_BE_AGENT"

// TestMain is the agent itself where a test asks for one to kill.
func TestMain(m *testing.M) {
	if os.Getenv(beAgent) == "" {
		flag.Parse()
		_ = flag.Set("test.parallel", "6") // they wait for each other's programs more than they compute
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	code := cli.Run(ctx, os.Args[1:], cli.Console{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}

// cabinet is a running server with an account in it.
type cabinet struct {
	*testing.T
	url  string
	data string // directory
	stop func()
	dsn  string
	user *client.Client
	key  string
	org  client.Organization
}

func newCabinet(t *testing.T) *cabinet {
	t.Helper()
	c := &cabinet{T: t, dsn: dbtest.DSN(t), data: t.TempDir()}
	c.start(fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(250), rand.IntN(250), 1+rand.IntN(250))) // nobody else's: its port stays free while it is stopped
	t.Cleanup(func() { c.stop() })
	c.register("owner@example.org")
	return c
}

// start runs the server; stop ends it.
func (c *cabinet) start(address string) {
	c.Helper()
	log := slog.New(slog.NewTextHandler(c.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	server := app.New(app.Config{Addr: address, DataDir: c.data, DatabaseURL: c.dsn, DevInbox: "on", OpsAddr: "127.0.0.1:0"}, log)
	require.NoError(c, server.Start(ctx))
	c.url = server.URL()
	c.stop = func() {
		stopping, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		require.NoError(c, server.Stop(stopping))
	}
}

// register makes an account with an organization, by the letter's link.
func (c *cabinet) register(email string) {
	c.Helper()
	const password = "correct horse battery staple"
	anyone, err := client.New(c.url)
	require.NoError(c, err)
	require.NoError(c, anyone.Register(ctx, client.Registration{Email: email, Password: password, FullName: "Owner"}))
	c.user, err = anyone.VerifyEmail(ctx, c.mailed(email), password)
	require.NoError(c, err)
	created, err := c.user.CreateOrganization(ctx, client.NewOrganization{
		Name: "Булочная", TimeZone: "Europe/Moscow", Currency: "RUB", DefaultDeliveryMinutes: 60,
	})
	require.NoError(c, err)
	c.org, err = c.user.Organization(ctx, created.ID)
	require.NoError(c, err)
	c.key = c.org.SyncKey
}

// mailed waits for the letter to an address and gives its token.
func (c *cabinet) mailed(email string) (token string) {
	c.Helper()
	require.Eventually(c, func() bool {
		answer, err := http.Get(c.url + "/dev/mail.json")
		require.NoError(c, err)
		defer func() { _ = answer.Body.Close() }()
		var letters []struct {
			To    string
			Links []string
		}
		require.NoError(c, json.NewDecoder(answer.Body).Decode(&letters))
		for _, letter := range letters {
			if letter.To != email {
				continue
			}
			for _, link := range letter.Links {
				parsed, err := url.Parse(link)
				require.NoError(c, err)
				token = max(token, strings.TrimPrefix(parsed.Fragment, "token="))
			}
		}
		return token != ""
	}, time.Minute, 20*time.Millisecond)
	return token
}

// sales are the totals of a report over everything.
func (c *cabinet) sales() (totals struct {
	NetSales json.Number `json:"net_sales"`
	Taxes    json.Number
	Receipts int
}) {
	c.Helper()
	var report struct{ Totals any }
	report.Totals = &totals
	require.NoError(c, c.user.Get(ctx, c.org.ID, "reports/sales-by-day?from=2026-05-01&to=2026-06-01", &report))
	return totals
}

// feed reads the whole feed: the records that are there, by kind and id.
func (c *cabinet) feed() (records map[string]client.FeedChange, head int64) {
	c.Helper()
	device, err := client.New(c.url, client.Token(c.key))
	require.NoError(c, err)
	records = map[string]client.FeedChange{}
	page := client.Page{Limit: 2000}
	for {
		changes, err := device.Changes(ctx, page)
		require.NoError(c, err)
		for _, change := range changes.Changes {
			records[change.Kind+" "+change.ID.String()] = change
			head = change.Seq
		}
		if page.Cursor = changes.Cursor; !changes.More {
			return records, head
		}
	}
}

// outlet is a demo venue with an agent that is connected to a cabinet.
type outlet struct {
	*testing.T
	db     *sql.DB
	dir    string
	config string
}

func newOutlet(t *testing.T, c *cabinet, days int) *outlet {
	t.Helper()
	v := &outlet{T: t, dir: t.TempDir()}
	v.take(venue.Options{Days: days, Outlets: 1}, "pos.yaml")
	v.config = filepath.Join(v.dir, "agent.yaml")
	done, err := agent.Init(ctx, v.config, agent.Config{URL: c.url, Key: c.key, Mapping: filepath.Join(v.dir, "pos.yaml")}, nobody{})
	require.NoError(t, err)
	require.Equal(t, "Булочная", done.Welcome.Organization.Name)
	return v
}

// venues are the files of the demo venues that were made, by options: the same options make the
// same content.
var venues = struct {
	sync.Mutex
	made map[venue.Options]venueFiles
}{made: map[venue.Options]venueFiles{}}

type venueFiles struct{ database, mapping []byte }

// take puts a demo venue's database into the outlet's directory, and the mapping beside it, under this name.
func (v *outlet) take(options venue.Options, mapping string) {
	v.Helper()
	files, file := v.made(options), filepath.Join(v.dir, "pos.db")
	require.NoError(v, os.WriteFile(file, files.database, 0o600))
	require.NoError(v, os.WriteFile(filepath.Join(v.dir, mapping), files.mapping, 0o600))
	var err error
	v.db, err = sql.Open("sqlite", file+"?_pragma=busy_timeout(20000)")
	require.NoError(v, err)
	v.Cleanup(func() { _ = v.db.Close() })
}

// made are the files of a venue that the first test to ask has made.
func (v *outlet) made(options venue.Options) venueFiles {
	v.Helper()
	venues.Lock()
	defer venues.Unlock()
	if known, ok := venues.made[options]; ok {
		return known
	}
	file := filepath.Join(v.TempDir(), "pos.db")
	all := options
	all.Path, all.Seed, all.Now = file, 1, time.Date(2026, 5, 25, 17, 0, 0, 0, time.FixedZone("", 3*3600))
	made, err := venue.Make(ctx, all)
	require.NoError(v, err)
	var files venueFiles
	files.database, err = os.ReadFile(file)
	require.NoError(v, err)
	files.mapping, err = os.ReadFile(made.Mapping)
	require.NoError(v, err)
	venues.made[options] = files
	return files
}

// nobody is there to answer the questions of an Init.
type nobody struct{}

func (nobody) Which([]string) (int, error)          { return 0, errors.New("nobody knows which") }
func (nobody) Name(fallback string) (string, error) { return fallback, nil }
func (nobody) Sure(found string) (bool, error)      { return false, errors.New(found) }

func (v *outlet) exec(statement string, args ...any) {
	v.Helper()
	_, err := v.db.Exec(statement, args...)
	require.NoError(v, err)
}

func (v *outlet) number(query string) (n int) {
	v.Helper()
	require.NoError(v, v.db.QueryRow(query).Scan(&n))
	return n
}

func (v *outlet) try(options agent.Options) (send.Totals, error) {
	v.Helper()
	config, err := agent.LoadConfig(v.config)
	require.NoError(v, err)
	options.Progress = &notes{}
	if options.RetryFor == 0 {
		options.RetryFor = time.Minute
	}
	summary, err := agent.Sync(ctx, config, options)
	return summary.Total(), err
}

// sync synchronizes and gives the totals, without the counts of what was read and remarked.
func (v *outlet) sync(options agent.Options) send.Totals {
	v.Helper()
	totals, err := v.try(options)
	require.NoError(v, err)
	totals.Read, totals.Remarked = 0, 0
	return totals
}

// keepState copies what the agent remembers; the function that is returned
// brings that back, as after a power cut at that moment.
func (v *outlet) keepState() (restore func()) {
	v.Helper()
	file := filepath.Join(v.dir, "agent.state")
	before, err := os.ReadFile(file)
	require.NoError(v, err)
	return func() { require.NoError(v, os.WriteFile(file, before, 0o600)) }
}

type notes struct{ lines []string }

func (n *notes) Kind(string, int)                   {}
func (n *notes) Advance(int, int)                   {}
func (n *notes) Waiting(err error, _ time.Duration) { n.lines = append(n.lines, err.Error()) }
func (n *notes) Note(text string)                   { n.lines = append(n.lines, text) }
func (n *notes) End()                               {}
func sum(applied int) send.Totals                   { return send.Totals{Sent: applied, Applied: applied} }
