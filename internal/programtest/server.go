//go:build linux

package programtest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/client"
)

// Server is the real program, on its own private PostgreSQL or on another one.
type Server struct {
	*testing.T
	DataDir, Address string
	Database         string   // DATABASE_URL; "": its own
	Settings         []string // NAME=value; they go before those of Start
	Log              io.Writer
	Process          *exec.Cmd
}

// NewServer starts a server on its own PostgreSQL. It ends, cleanly, with the test.
func NewServer(t *testing.T) *Server {
	t.Helper()
	return NewServerOn(t, "", os.Stderr)
}

// NewServerOn starts a server on a database. It ends, cleanly, with the test.
func NewServerOn(t *testing.T, database string, log io.Writer) *Server {
	t.Helper()
	s := &Server{T: t, DataDir: t.TempDir(), Address: FreeAddress(t), Database: database, Log: log}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// FreeAddress is one of this machine that nobody else listens on.
func FreeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(250), rand.IntN(250), 1+rand.IntN(250)))
	require.NoError(t, err)
	defer free.Close()
	return free.Addr().String()
}

// Start runs the server, and returns when it says that it is ready.
func (s *Server) Start() {
	s.Helper()
	s.Process = Command(s.T, "cabinet", "serve")
	s.Process.Env = append(os.Environ(), "ADDR="+s.Address, "DATA_DIR="+s.DataDir, "DATABASE_URL="+s.Database,
		"SECRET_KEY=one for all servers of a database", "SMTP_URL=", "DEV_INBOX=on", "OPS_ADDR=127.0.0.1:0", "LOG_LEVEL=error")
	s.Process.Env = append(s.Process.Env, s.Settings...)
	s.Process.Stderr = s.Log
	out, err := s.Process.StdoutPipe()
	require.NoError(s, err)
	require.NoError(s, s.Process.Start())
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(out)
		ready <- lines.Scan() && strings.Contains(lines.Text(), "http://"+s.Address)
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case ok := <-ready:
		require.True(s, ok, "the server ended before it was ready")
	case <-time.After(2 * time.Minute):
		require.Fail(s, "the server is not ready after two minutes")
	}
}

// Stop ends the process as systemd does.
func (s *Server) Stop() {
	s.Helper()
	require.NoError(s, s.Process.Process.Signal(os.Interrupt))
	require.NoError(s, s.Process.Wait(), "the server stops cleanly")
}

// Kill ends the process as a power cut does.
func (s *Server) Kill() {
	s.Helper()
	require.NoError(s, s.Process.Process.Kill())
	_ = s.Process.Wait()
}

// What the owner of organizations signs in with.
const (
	OwnerEmail    = "owner@example.com"
	OwnerPassword = "correct horse battery"
)

// Organization registers an owner and gives the sync key of a new organization.
func (s *Server) Organization() (key string) {
	s.Helper()
	ctx := s.Context()
	c, err := client.New("http://" + s.Address)
	require.NoError(s, err)
	require.NoError(s, c.Register(ctx, client.Registration{Email: OwnerEmail, Password: OwnerPassword, FullName: "Owner"}))
	user, err := c.VerifyEmail(ctx, s.mailedToken(), OwnerPassword)
	require.NoError(s, err)
	organization, err := user.CreateOrganization(ctx, client.NewOrganization{
		Name: "Venue", TimeZone: "Europe/Moscow", Currency: "RUB", DefaultDeliveryMinutes: 60,
	})
	require.NoError(s, err)
	return organization.SyncKey
}

// mailedToken is the token of the link in the newest letter.
func (s *Server) mailedToken() (token string) {
	s.Helper()
	require.Eventually(s, func() bool {
		response, err := http.Get("http://" + s.Address + "/dev/mail.json")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		var letters []struct{ Links []string }
		if json.NewDecoder(response.Body).Decode(&letters) != nil || len(letters) == 0 {
			return false
		}
		link, err := url.Parse(letters[0].Links[0])
		token = strings.TrimPrefix(link.Fragment, "token=")
		return err == nil && token != ""
	}, time.Minute, 50*time.Millisecond)
	return token
}

// Feed reads all records of a sync key's organization, by kind and id.
func (s *Server) Feed(key string) map[string]client.FeedChange {
	s.Helper()
	c, err := client.New("http://"+s.Address, client.Token(key))
	require.NoError(s, err)
	records := map[string]client.FeedChange{}
	for page, more := (client.Page{Limit: 5000}), true; more; {
		var answer client.Changes
		require.NoError(s, client.RetryPolicy{GiveUp: 2 * time.Minute}.Do(s.Context(), func(ctx context.Context) (err error) {
			answer, err = c.Changes(ctx, page)
			return err
		}))
		for _, change := range answer.Changes {
			name := change.Kind + " " + change.ID.String()
			if _, twice := records[name]; twice {
				require.Fail(s, "a record stands in the feed twice", name)
			}
			records[name] = change
		}
		page.Cursor, more = answer.Cursor, answer.More
	}
	return records
}
