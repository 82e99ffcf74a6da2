package app_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/mail/mailtest"
)

var quiet = slog.New(slog.DiscardHandler)

func config(t *testing.T) app.Config {
	t.Helper()
	return app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), DatabaseMaxConns: 8, MailFrom: "no-reply@cabinet.example",
		DevInbox: "on", OpsAddr: "127.0.0.1:0"}
}

func start(t *testing.T, config app.Config) *app.App {
	t.Helper()
	server := app.New(config, quiet)
	require.NoError(t, server.Start(t.Context()))
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *app.App) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	require.NoError(t, server.Stop(ctx))
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	response, err := http.Get(url) //nolint:noctx // a test
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(content)
}

func post(t *testing.T, url string, body any) int {
	t.Helper()
	content, err := json.Marshal(body)
	require.NoError(t, err)
	response, err := http.Post(url, "application/json", strings.NewReader(string(content))) //nolint:noctx // a test
	require.NoError(t, err)
	defer response.Body.Close()
	return response.StatusCode
}

var anna = map[string]string{"email": "anna@example.com", "password": "correct horse battery", "full_name": "Anna", "locale": "en"}

// letterLink waits for the newest letter in the development inbox.
func letterLink(t *testing.T, url string) string {
	t.Helper()
	var letters []struct{ Links []string }
	require.Eventually(t, func() bool {
		_, body := get(t, url+"/dev/mail.json")
		return json.Unmarshal([]byte(body), &letters) == nil && len(letters) > 0
	}, time.Minute, 20*time.Millisecond)
	return letters[0].Links[0]
}

func TestTheServerKeepsItsDataInAPrivatePostgreSQL(t *testing.T) {
	c := config(t)
	first := start(t, c)
	require.Eventually(t, func() bool {
		status, body := get(t, first.URL()+"/readyz")
		return status == http.StatusOK && body == "ready\n"
	}, time.Minute, 50*time.Millisecond)
	require.Equal(t, http.StatusAccepted, post(t, first.URL()+"/api/v1/auth/register", anna))
	link := letterLink(t, first.URL())
	require.True(t, strings.HasPrefix(link, first.URL()+"/verify-email#token="), "links name the port that was free")

	require.NoError(t, app.SetOrganizationLimit(t.Context(), c, quiet, "anna@example.com", 3), "also beside the running server")
	stop(t, first)
	require.NoFileExists(t, filepath.Join(c.DataDir, "database.url"))
	require.NoError(t, app.SetOrganizationLimit(t.Context(), c, quiet, "anna@example.com", 4))

	second := start(t, c)
	_, token, _ := strings.Cut(link, "#token=")
	require.Equal(t, http.StatusOK, post(t, second.URL()+"/api/v1/auth/verify-email", map[string]string{"token": token, "password": anna["password"]}))
	require.Equal(t, http.StatusOK, post(t, second.URL()+"/api/v1/auth/login", anna))
}

func TestASecondServerOnTheSameDataIsRefused(t *testing.T) {
	c := config(t)
	start(t, c)
	err := app.New(c, quiet).Start(t.Context())
	require.ErrorContains(t, err, "another cabinet runs on the same data")
}

func TestATakenPortIsSaidBeforeAnythingElse(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	c := config(t)
	c.Addr = listener.Addr().String()
	err = app.New(c, quiet).Start(t.Context())
	require.ErrorContains(t, err, "is taken by another program")
	left, err := os.ReadDir(c.DataDir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// freeAddress is one that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

func TestADatabaseThatStaysAwayIsSaidAndThePortGivenBack(t *testing.T) {
	c := config(t)
	c.Addr = freeAddress(t)
	c.DatabaseURL = "postgres://nobody@127.0.0.1:1/nothing?connect_timeout=2"
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	err := app.New(c, quiet).Start(ctx)
	require.ErrorContains(t, err, "reach the database")
	again, err := net.Listen("tcp", c.Addr)
	require.NoError(t, err)
	require.NoError(t, again.Close())
}

func TestTheServerWaitsForADatabaseThatIsStillStarting(t *testing.T) {
	waiting := make(chan struct{}, 100)
	log := slog.New(sayOnWarning{slog.DiscardHandler, waiting})
	address := freeAddress(t) // nobody answers there yet
	c := config(t)
	dsn := dbtest.DSN(t)
	parsed, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	c.DatabaseURL = "postgres://" + url.UserPassword(parsed.User, parsed.Password).String() + "@" + address + "/" + parsed.Database + "?sslmode=disable"
	server := app.New(c, log)
	started := make(chan error, 1)
	go func() { started <- server.Start(t.Context()) }()
	<-waiting
	front, err := net.Listen("tcp", address)
	require.NoError(t, err)
	defer front.Close()
	network, behind := pgconn.NetworkAddress(parsed.Host, parsed.Port)
	go passOn(front, network, behind)
	require.NoError(t, <-started)
	stop(t, server)
}

// sayOnWarning tells a channel of each warning.
type sayOnWarning struct {
	slog.Handler
	said chan<- struct{}
}

func (sayOnWarning) Enabled(context.Context, slog.Level) bool { return true }

func (s sayOnWarning) Handle(_ context.Context, r slog.Record) error {
	if r.Level == slog.LevelWarn {
		s.said <- struct{}{}
	}
	return nil
}

func (s sayOnWarning) WithAttrs([]slog.Attr) slog.Handler { return s }

// passOn connects whoever comes with an address, until the listener closes.
func passOn(front net.Listener, network, address string) {
	for {
		near, err := front.Accept()
		if err != nil {
			return
		}
		go func() {
			defer near.Close()
			far, err := net.Dial(network, address)
			if err != nil {
				return
			}
			defer far.Close()
			go func() { _, _ = io.Copy(far, near) }()
			_, _ = io.Copy(near, far)
		}()
	}
}

func TestWithSMTPLettersAreSentAndThereIsNoInbox(t *testing.T) {
	smtp := mailtest.New(t)
	c := config(t)
	c.DatabaseURL, c.SMTPURL, c.PublicURL = dbtest.DSN(t), smtp.URL(), "https://cabinet.example"
	server := start(t, c)
	require.Equal(t, http.StatusAccepted, post(t, server.URL()+"/api/v1/auth/register", anna))
	received := smtp.Next(t)
	require.Equal(t, []string{"anna@example.com"}, received.To)
	require.Contains(t, strings.ReplaceAll(received.Data, "=\r\n", ""), "https://cabinet.example/verify-email#token=")
	for _, path := range []string{"/dev/mail", "/dev/mail.json"} {
		status, _ := get(t, server.URL()+path)
		require.Equal(t, http.StatusNotFound, status, path)
	}
}

func TestTheDevelopmentInboxIsAPageToo(t *testing.T) {
	c := config(t)
	c.DatabaseURL = dbtest.DSN(t)
	server := start(t, c)
	_, body := get(t, server.URL()+"/dev/mail.json")
	require.Equal(t, "[]\n", body)
	require.Equal(t, http.StatusAccepted, post(t, server.URL()+"/api/v1/auth/register", anna))
	link := letterLink(t, server.URL())
	status, page := get(t, server.URL()+"/dev/mail")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, `<a href="`+link+`">`)
	require.NotContains(t, page, "<script")
}

func TestTheDevelopmentInboxIsForThisMachineAlone(t *testing.T) {
	c := config(t)
	c.DatabaseURL = dbtest.DSN(t)
	server := start(t, c)
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL()+"/dev/mail.json", nil)
		require.NoError(t, err)
		request.Header.Set(header, "127.0.0.1")
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusNotFound, response.StatusCode, "a proxy asks for somebody: %s", header)
	}
	for _, test := range []struct {
		peer, host string
		want       int
	}{
		{"127.0.0.1:4711", "127.0.0.1:8080", http.StatusOK},
		{"[::1]:4711", "[::1]:8080", http.StatusOK},
		{"127.0.0.1:4711", "localhost", http.StatusOK},
		{"192.0.2.7:4711", "127.0.0.1:8080", http.StatusNotFound},
		{"127.0.0.1:4711", "attacker.example:8080", http.StatusNotFound}, // whose name leads to 127.0.0.1
		{"127.0.0.1:4711", "localhost.attacker.example", http.StatusNotFound},
		{"127.0.0.1:4711", "", http.StatusNotFound},
	} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/dev/mail.json", nil)
		request.RemoteAddr, request.Host = test.peer, test.host
		answer := httptest.NewRecorder()
		server.API().ServeHTTP(answer, request)
		require.Equal(t, test.want, answer.Code, "%+v", test)
	}
}

func TestWherePeopleComeFromElsewhereThereIsNoInbox(t *testing.T) {
	for _, public := range []string{"https://cabinet.example", "http://192.0.2.7:8080", "http://localhost.example"} {
		c := config(t)
		c.DatabaseURL, c.PublicURL = dbtest.DSN(t), public
		server := start(t, c)
		for _, path := range []string{"/dev/mail", "/dev/mail.json"} {
			status, _ := get(t, server.URL()+path)
			require.Equal(t, http.StatusNotFound, status, "%s at %s", path, public)
		}
	}
}

func TestWithoutAWayForLettersNothingStarts(t *testing.T) {
	c := config(t)
	c.DevInbox = "off"
	require.ErrorContains(t, app.New(c, quiet).Start(t.Context()), "SMTP_URL is not set")
	left, err := os.ReadDir(c.DataDir)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAWrongMailServerStopsTheStart(t *testing.T) {
	c := config(t)
	c.DatabaseURL, c.SMTPURL = dbtest.DSN(t), "mail.example.com"
	require.ErrorContains(t, app.New(c, quiet).Start(t.Context()), "SMTP_URL")
}

func TestMetricsAndProfilesAreTheHostsAlone(t *testing.T) {
	c := config(t)
	c.DatabaseURL = dbtest.DSN(t)
	server := start(t, c)
	status, _ := get(t, server.OpsURL()+"/debug/pprof/cmdline")
	require.Equal(t, http.StatusOK, status)
	_, metrics := get(t, server.OpsURL()+"/metrics")
	require.Contains(t, metrics, "database_connections ")
	require.Contains(t, metrics, "cabinet_build_info{")
	for _, path := range []string{"/metrics", "/debug/pprof/cmdline", "/debug/pprof/"} {
		_, body := get(t, server.URL()+path) // the web application answers unknown addresses
		require.NotContains(t, body, "database_connections", path)
		require.NotContains(t, body, "app.test", path)
	}
}

func TestReadinessEndsBeforeTheListenerDoes(t *testing.T) {
	c := config(t)
	c.Addr = freeAddress(t)
	c.DatabaseURL, c.DrainDelay = dbtest.DSN(t), time.Hour
	require.Error(t, app.CheckHealth(t.Context(), c), "nothing runs yet")
	server := app.New(c, quiet)
	require.NoError(t, server.Start(t.Context()))
	require.Eventually(t, func() bool {
		return app.CheckHealth(t.Context(), c) == nil
	}, time.Minute, 50*time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- server.Stop(ctx) }()
	require.Eventually(t, func() bool { // the listener still takes connections
		status, _ := get(t, server.URL()+"/readyz")
		return status == http.StatusServiceUnavailable
	}, time.Minute, 20*time.Millisecond)
	status, _ := get(t, server.URL()+"/livez")
	require.Equal(t, http.StatusOK, status)
	require.ErrorContains(t, app.CheckHealth(t.Context(), c), "about to stop")
	cancel()
	require.Error(t, <-stopped, "the hard way")
}

func TestMigratingTwiceIsNoError(t *testing.T) {
	c := config(t)
	c.DatabaseURL = dbtest.DSN(t)
	require.NoError(t, app.Migrate(t.Context(), c, quiet))
	require.NoError(t, app.Migrate(t.Context(), c, quiet))
}
