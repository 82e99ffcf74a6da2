//go:build linux

package main_test

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
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/client"
)

// kills is how often a process is killed in the middle of its work.
const kills = 8

// programs builds the server, the agent and the kit once, as they are shipped.
var programs = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "interpos-programs-*"); err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-o", dir+"/", "github.com/interpos/cabinet/api/cmd/cabinet",
		"github.com/interpos/cabinet/api/cmd/agent", "github.com/interpos/cabinet/api/cmd/kit").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := programs(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// server is the real program, on its own private PostgreSQL or on another one.
type server struct {
	*testing.T
	dataDir, address string
	database         string // DATABASE_URL; "": its own
	log              io.Writer
	process          *exec.Cmd
}

func newServer(t *testing.T) *server {
	t.Helper()
	return newServerOn(t, "", os.Stderr)
}

func newServerOn(t *testing.T, database string, log io.Writer) *server {
	t.Helper()
	s := &server{T: t, dataDir: t.TempDir(), address: freeAddress(t), database: database, log: log}
	s.start()
	t.Cleanup(func() {
		require.NoError(t, s.process.Process.Signal(os.Interrupt))
		require.NoError(t, s.process.Wait(), "the server stops cleanly")
	})
	return s
}

func freeAddress(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", fmt.Sprintf("127.%d.%d.%d:0", 1+rand.IntN(250), rand.IntN(250), 1+rand.IntN(250))) // nobody else's
	require.NoError(t, err)
	defer free.Close()
	return free.Addr().String()
}

// start runs the server, and returns when it says that it is ready.
func (s *server) start() {
	s.Helper()
	dir, err := programs()
	require.NoError(s, err)
	s.process = exec.Command(filepath.Join(dir, "cabinet"), "serve")
	s.process.Env = append(os.Environ(), "ADDR="+s.address, "DATA_DIR="+s.dataDir, "DATABASE_URL="+s.database,
		"SECRET_KEY=one for all servers of a database", "SMTP_URL=", "LOG_LEVEL=error")
	s.process.Stderr = s.log
	out, err := s.process.StdoutPipe()
	require.NoError(s, err)
	require.NoError(s, s.process.Start())
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(out)
		ready <- lines.Scan() && strings.Contains(lines.Text(), "http://"+s.address)
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case ok := <-ready:
		require.True(s, ok, "the server ended before it was ready")
	case <-time.After(2 * time.Minute):
		require.Fail(s, "the server is not ready after two minutes")
	}
}

func (s *server) kill() {
	s.Helper()
	require.NoError(s, s.process.Process.Kill())
	_ = s.process.Wait()
}

const ownerEmail, ownerPassword = "owner@example.com", "correct horse battery"

// organization registers an owner and gives the sync key of a new organization.
func (s *server) organization() (key string) {
	s.Helper()
	ctx := s.Context()
	c, err := client.New("http://" + s.address)
	require.NoError(s, err)
	require.NoError(s, c.Register(ctx, client.Registration{Email: ownerEmail, Password: ownerPassword, FullName: "Owner"}))
	require.NoError(s, c.VerifyEmail(ctx, s.mailedToken()))
	user, err := c.Login(ctx, ownerEmail, ownerPassword)
	require.NoError(s, err)
	organization, err := user.CreateOrganization(ctx, client.NewOrganization{
		Name: "Venue", TimeZone: "Europe/Moscow", Currency: "RUB", DefaultDeliveryMinutes: 60,
	})
	require.NoError(s, err)
	return organization.SyncKey
}

func (s *server) mailedToken() (token string) {
	s.Helper()
	require.Eventually(s, func() bool {
		response, err := http.Get("http://" + s.address + "/dev/mail.json")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		var letters []struct{ Links []string }
		if json.NewDecoder(response.Body).Decode(&letters) != nil || len(letters) == 0 {
			return false
		}
		link, err := url.Parse(letters[0].Links[0])
		token = link.Query().Get("token")
		return err == nil && token != ""
	}, time.Minute, 50*time.Millisecond)
	return token
}

// feed reads all records, by kind and id.
func (s *server) feed(key string) map[string]client.FeedChange {
	s.Helper()
	c, err := client.New("http://"+s.address, client.Token(key))
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

func TestAKilledServerLosesAndDoublesNothing(t *testing.T) {
	s := newServer(t)
	key := s.organization()
	stop, done := make(chan struct{}), make(chan struct{})
	var wanted []uuid.UUID
	var failure error
	go func() {
		defer close(done)
		wanted, failure = pushUntil(t.Context(), s.address, key, stop)
	}()
	for range kills {
		time.Sleep(time.Duration(100+rand.IntN(900)) * time.Millisecond)
		s.kill()
		s.start()
	}
	close(stop)
	<-done
	require.NoError(t, failure)
	records := s.feed(key)
	require.Len(t, records, len(wanted))
	for _, id := range wanted {
		require.EqualValues(t, 1, records["unit "+id.String()].Version, "%s is lost or was applied twice", id)
	}
	t.Logf("%d records", len(wanted))
}

// pushUntil pushes new records until it is stopped, each push again until it is
// acknowledged, and gives the ids of all of them.
func pushUntil(ctx context.Context, address, key string, stop <-chan struct{}) (ids []uuid.UUID, err error) {
	c, err := client.New("http://"+address, client.Token(key))
	if err != nil {
		return nil, err
	}
	device := uuid.New()
	patience := client.RetryPolicy{First: 20 * time.Millisecond, Most: 200 * time.Millisecond, GiveUp: 2 * time.Minute}
	for {
		select {
		case <-stop:
			return ids, nil
		default:
		}
		changes := make([]client.Change, 100)
		for i := range changes {
			changes[i] = client.Change{Kind: "unit", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"kg"}`)}
			ids = append(ids, changes[i].ID)
		}
		err := patience.Do(ctx, func(ctx context.Context) error {
			pushed, err := c.Push(ctx, device, changes, client.Compact)
			for _, result := range pushed.Results {
				if result.Status != client.Applied && result.Status != client.Unchanged {
					return fmt.Errorf("%s is %s", result.ID, result.Status)
				}
			}
			return err
		})
		if err != nil {
			return ids, err
		}
	}
}

func TestAKilledAgentLosesAndDoublesNothing(t *testing.T) {
	s := newServer(t)
	key := s.organization()
	dir := t.TempDir()
	source, config := filepath.Join(dir, "venue.db"), filepath.Join(dir, "agent.yaml")
	makeSource(t, source, filepath.Join(dir, "mapping.yaml"), 20)
	agent(t, "init", "--url", "http://"+s.address, "--key", key, "--config", config, "--mapping", filepath.Join(dir, "mapping.yaml"))
	killed := 0
	for range kills {
		process := agentCommand(t, "sync", "--config", config)
		require.NoError(t, process.Start())
		time.Sleep(time.Duration(100+rand.IntN(700)) * time.Millisecond)
		if process.Process.Kill() == nil && process.Wait() != nil {
			killed++
		}
	}
	require.Positive(t, killed, "the agent was never caught at work")
	agent(t, "sync", "--config", config)
	records := s.feed(key)
	require.Greater(t, len(records), 1000)
	for name, record := range records {
		require.EqualValues(t, 1, record.Version, "%s was changed by a repeat", name)
	}

	unkilled := newServer(t)
	calm, calmKey := filepath.Join(dir, "calm.yaml"), unkilled.organization()
	agent(t, "init", "--url", "http://"+unkilled.address, "--key", calmKey, "--config", calm, "--mapping", filepath.Join(dir, "mapping.yaml"))
	agent(t, "sync", "--config", calm)
	require.Equal(t, kindCounts(unkilled.feed(calmKey)), kindCounts(records), "as many records of each kind as without a kill")
	t.Logf("%d kills, %d records", killed, len(records))
}

func command(t *testing.T, program string, args ...string) *exec.Cmd {
	t.Helper()
	dir, err := programs()
	require.NoError(t, err)
	return exec.Command(filepath.Join(dir, program), args...)
}

// makeSource makes the local database of a venue with so many days of sales.
func makeSource(t *testing.T, source, mapping string, days int) {
	t.Helper()
	out, err := command(t, "kit", "demo-source", "--out", source, "--mapping", mapping, "--days", strconv.Itoa(days)).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

func agentCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	return command(t, "agent", args...)
}

func agent(t *testing.T, args ...string) {
	t.Helper()
	out, err := agentCommand(t, args...).CombinedOutput()
	require.NoError(t, err, "agent %s\n%s", strings.Join(args, " "), out)
}

func kindCounts(records map[string]client.FeedChange) map[string]int {
	counts := map[string]int{}
	for _, record := range records {
		counts[record.Kind]++
	}
	return counts
}
