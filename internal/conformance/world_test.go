//go:build linux

package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/programtest"
)

var ctx = context.Background()

// cabinet is a running server, and the account that makes organizations in it.
type cabinet struct {
	url  string
	dsn  string
	user *client.Client
}

// newCabinet starts a server on a real PostgreSQL.
func newCabinet(t *testing.T) *cabinet {
	t.Helper()
	dsn := dbtest.DSN(t)
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
	server := app.New(app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), DatabaseURL: dsn, DevInbox: "on", OpsAddr: "127.0.0.1:0"}, log)
	require.NoError(t, server.Start(ctx))
	t.Cleanup(func() {
		stopping, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		require.NoError(t, server.Stop(stopping))
	})
	c := &cabinet{url: server.URL(), dsn: dsn}
	const email, password = "owner@example.org", "correct horse battery staple"
	anyone, err := client.New(c.url)
	require.NoError(t, err)
	require.NoError(t, anyone.Register(ctx, client.Registration{Email: email, Password: password, FullName: "Owner"}))
	c.user, err = anyone.VerifyEmail(ctx, c.mailed(t), password)
	require.NoError(t, err)
	dbtest.Exec(t, dsn, "UPDATE users SET organization_limit = 1000")
	return c
}

// mailed waits for the letter of the registration and gives its token.
func (c *cabinet) mailed(t *testing.T) (token string) {
	t.Helper()
	require.Eventually(t, func() bool {
		answer, err := http.Get(c.url + "/dev/mail.json")
		require.NoError(t, err)
		defer func() { _ = answer.Body.Close() }()
		var letters []struct{ Links []string }
		require.NoError(t, json.NewDecoder(answer.Body).Decode(&letters))
		for _, letter := range letters {
			for _, link := range letter.Links {
				parsed, err := url.Parse(link)
				require.NoError(t, err)
				token = max(token, strings.TrimPrefix(parsed.Fragment, "token="))
			}
		}
		return token != ""
	}, time.Minute, 20*time.Millisecond)
	return token
}

// licensed makes an organization with the license for deliveries, and gives its sync key.
func (c *cabinet) licensed(t *testing.T, name string) (key string) {
	t.Helper()
	key = c.organization(t, name)
	dbtest.Exec(t, c.dsn, "UPDATE licenses SET valid_until = now() + interval '1 year' WHERE organization_id = $1", c.organizationOf(t, key))
	return key
}

// organization makes an organization without licenses and gives its sync key.
func (c *cabinet) organization(t *testing.T, name string) (key string) {
	t.Helper()
	created, err := c.user.CreateOrganization(ctx, client.NewOrganization{
		Name: name, TimeZone: "Europe/Moscow", Currency: "RUB", DefaultDeliveryMinutes: 60,
	})
	require.NoError(t, err)
	full, err := c.user.Organization(ctx, created.ID)
	require.NoError(t, err)
	return full.SyncKey
}

// run executes a command line of the kit.
func run(t *testing.T, args ...string) (code int, printed, said string) {
	t.Helper()
	var out, errs bytes.Buffer
	command := programtest.Command(t, "kit", args...)
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); err != nil {
		require.IsType(t, &exec.ExitError{}, err)
	}
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestMain(m *testing.M) {
	_ = os.Unsetenv("INTERPOS_SYNC_KEY")
	_ = os.Unsetenv("INTERPOS_OTHER_SYNC_KEY")
	programtest.Main(m)
}
