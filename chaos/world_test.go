//go:build linux

package chaos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/postgres"
	"github.com/interpos/cabinet/internal/programtest"
)

// chaos is a cabinet with two venues and a reader: real programs, and all that is
// between them in the test's hand.
type chaos struct {
	*testing.T
	rng                  *rand.Rand
	database             *database
	toDatabase, toServer *line
	server               *programtest.Server
	log                  *os.File // the server's
	key                  string
	organization         uuid.UUID
	venues               []*venue
	reader               *reader
	met                  map[string]int // how often each fault met what it was meant for
	syncs, failures      atomic.Int64
	story                string // of the round
}

func newChaos(t *testing.T, seed uint64) *chaos {
	t.Helper()
	c := &chaos{T: t, rng: rand.New(rand.NewPCG(seed, 1)), met: map[string]int{}}
	c.database = newDatabase(t)
	proxies := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	c.toDatabase = newLine(t, proxies, c.database.door())
	var err error
	c.log, err = os.Create(filepath.Join(t.TempDir(), "server.log"))
	require.NoError(t, err)
	c.server = &programtest.Server{T: t, DataDir: t.TempDir(), Address: programtest.FreeAddress(t), Database: c.database.through(c.toDatabase), Log: c.log}
	c.server.Start()
	t.Cleanup(func() {
		_ = c.server.Process.Process.Kill()
		_ = c.server.Process.Wait()
		if t.Failed() {
			t.Logf("it failed in %s\nthe server's log ends with\n%s", c.story, c.logged(4000))
		}
	})
	c.toServer = newLine(t, proxies, c.server.Address)
	c.key = c.server.Organization()
	c.organization = organizationOf(t, c.server.Address, c.key)
	c.reader = newReader(t, c.toServer.address(), c.key)
	for _, name := range []string{"a", "b"} {
		c.venues = append(c.venues, newVenue(c, name))
	}
	return c
}

func organizationOf(t *testing.T, address, key string) uuid.UUID {
	t.Helper()
	device, err := client.New("http://"+address, client.Token(key))
	require.NoError(t, err)
	welcome, err := device.Hello(t.Context(), client.Hello{DeviceID: uuid.New(), DeviceName: "Reader", LocalTime: time.Now()})
	require.NoError(t, err)
	return welcome.Organization.ID
}

// logged is the end of what the server has logged.
func (c *chaos) logged(most int) string {
	content, _ := os.ReadFile(c.log.Name())
	return string(content[max(0, len(content)-most):])
}

// line is a connection that can be spoiled.
type line struct {
	*testing.T
	proxies *toxiproxy.ApiServer
	to      string
	proxy   *toxiproxy.Proxy
}

func newLine(t *testing.T, proxies *toxiproxy.ApiServer, to string) *line {
	t.Helper()
	l := &line{T: t, proxies: proxies, to: to, proxy: toxiproxy.NewProxy(proxies, to, "127.0.0.1:0", to)}
	require.NoError(t, l.proxy.Start())
	t.Cleanup(func() { within(l.proxy.Stop) })
	return l
}

func (l *line) address() string { return l.proxy.Listen }

// within runs what toxiproxy does not always end: where a connection goes while a toxic is added to
// it or taken away, it waits for ever for somebody to read there.
func within(do func()) (ended bool) {
	done := make(chan struct{})
	go func() {
		do()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(5 * time.Second):
		return false
	}
}

// renew puts a proxy without toxics in the place of one that waits for ever.
func (l *line) renew() {
	l.Helper()
	l.Log("toxiproxy waits for itself; another one takes its place")
	old := l.proxy
	within(old.Stop)
	require.Eventually(l, func() bool {
		l.proxy = toxiproxy.NewProxy(l.proxies, l.to, old.Listen, l.to)
		return l.proxy.Start() == nil
	}, time.Minute, 50*time.Millisecond)
}

// toxic is what toxiproxy does to a line.
type toxic struct {
	Type       string         `json:"type"`
	Name       string         `json:"name"`
	Stream     string         `json:"stream"`
	Toxicity   float32        `json:"toxicity"` // the share of connections that it befalls
	Attributes map[string]int `json:"attributes"`
}

func (l *line) spoil(t toxic) bool {
	t.Name = strconv.FormatInt(time.Now().UnixNano(), 36)
	text, _ := json.Marshal(t)
	toxics, err := l.proxy.Toxics, error(nil)
	if !within(func() { _, err = toxics.AddToxicJson(bytes.NewReader(text)) }) {
		l.renew()
		return false
	}
	return err == nil
}

func (l *line) heal() {
	toxics := l.proxy.Toxics
	if !within(func() { toxics.ResetToxics(context.Background()) }) {
		l.renew()
	}
}

// toxic draws how many connections are befallen, and in which direction.
func (c *chaos) toxic(kind string, attributes map[string]int) toxic {
	return toxic{
		Type: kind, Stream: []string{"upstream", "downstream"}[c.rng.IntN(2)],
		Toxicity: 0.3 + 0.7*c.rng.Float32(), Attributes: attributes,
	}
}

func (c *chaos) latency() toxic {
	return c.toxic("latency", map[string]int{"latency": c.rng.IntN(150), "jitter": c.rng.IntN(100)})
}

func (c *chaos) cut(most int) toxic {
	return c.toxic("limit_data", map[string]int{"bytes": c.rng.IntN(most)})
}

func (c *chaos) reset() toxic {
	return c.toxic("reset_peer", map[string]int{"timeout": c.rng.IntN(300)})
}

func (c *chaos) slowClose() toxic {
	return c.toxic("slow_close", map[string]int{"delay": c.rng.IntN(1000)})
}

func (c *chaos) silence() toxic {
	return c.toxic("timeout", map[string]int{"timeout": 1 + c.rng.IntN(500)})
}

// database is a PostgreSQL that stores as durably as an operator's.
type database struct {
	*testing.T
	options postgres.Options
	cluster *postgres.Cluster
}

const (
	cabinetName = "cabinet"
	backupName  = "backup"
)

func newDatabase(t *testing.T) *database {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "interpos-chaos-*") // what is written outlives a kill there too
	if err != nil {
		dir = t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &database{T: t, options: postgres.Options{DataDir: dir}}
	d.cluster, err = postgres.Start(t.Context(), d.options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.cluster.Stop(context.Background()) })
	require.NoError(t, d.cluster.EnsureDatabase(t.Context(), cabinetName))
	return d
}

// door gives PostgreSQL's socket an address, since toxiproxy speaks TCP only.
func (d *database) door() (address string) {
	d.Helper()
	config, err := pgx.ParseConfig(d.cluster.DSN(cabinetName))
	require.NoError(d, err)
	socket := filepath.Join(config.Host, ".s.PGSQL.5432")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(d, err)
	d.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			outside, err := listener.Accept()
			if err != nil {
				return
			}
			go join(outside, socket)
		}
	}()
	return listener.Addr().String()
}

func join(outside net.Conn, socket string) {
	defer outside.Close()
	inside, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer inside.Close()
	var once sync.WaitGroup
	once.Add(1)
	end := sync.OnceFunc(once.Done)
	go func() { _, _ = io.Copy(inside, outside); end() }()
	go func() { _, _ = io.Copy(outside, inside); end() }()
	once.Wait()
}

// through is the database's address behind a line.
func (d *database) through(l *line) string {
	d.Helper()
	config, err := pgx.ParseConfig(d.cluster.DSN(cabinetName))
	require.NoError(d, err)
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Host: l.address(),
		Path: "/" + cabinetName, RawQuery: "sslmode=disable",
	}
	return address.String()
}

func (d *database) kill() bool {
	content, err := os.ReadFile(filepath.Join(d.options.DataDir, "data", "postmaster.pid"))
	if err != nil {
		return false
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || syscall.Kill(pid, syscall.SIGKILL) != nil {
		return false
	}
	<-d.cluster.Exited()
	return true
}

// ensure starts PostgreSQL again if it has ended.
func (d *database) ensure() {
	d.Helper()
	select {
	case <-d.cluster.Exited():
	default:
		return
	}
	_ = d.cluster.Stop(d.Context()) // gives its directories back
	require.Eventually(d, func() bool {
		cluster, err := postgres.Start(d.Context(), d.options)
		if err != nil {
			d.Logf("PostgreSQL does not start: %v", err)
			return false
		}
		d.cluster = cluster
		return true
	}, 2*time.Minute, 200*time.Millisecond)
}

// backup copies the cabinet's database, in the place of an earlier copy.
func (d *database) backup() {
	d.Helper()
	d.alone("DROP DATABASE IF EXISTS "+backupName, "CREATE DATABASE "+backupName+" TEMPLATE "+cabinetName)
}

// restore puts the copy in the place of the cabinet's database.
func (d *database) restore() {
	d.Helper()
	d.alone("DROP DATABASE "+cabinetName+" WITH (FORCE)", "CREATE DATABASE "+cabinetName+" TEMPLATE "+backupName)
}

// alone runs statements while nobody is connected with the cabinet's database.
func (d *database) alone(statements ...string) {
	d.Helper()
	conn, err := pgx.Connect(d.Context(), d.cluster.DSN("postgres"))
	require.NoError(d, err)
	defer conn.Close(context.Background())
	const terminate = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '" + cabinetName + "'"
	statements = append([]string{
		"ALTER DATABASE " + cabinetName + " ALLOW_CONNECTIONS false", terminate, terminate, // the second: of what got in before the first statement
	}, append(statements, "ALTER DATABASE "+cabinetName+" ALLOW_CONNECTIONS true")...)
	for _, statement := range statements {
		_, err := conn.Exec(d.Context(), statement)
		require.NoError(d, err, statement)
	}
}

// ready waits until the server says that it is.
func (c *chaos) ready() {
	c.Helper()
	require.Eventually(c, func() bool {
		response, err := http.Get("http://" + c.server.Address + "/readyz")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, time.Minute, 20*time.Millisecond, "the server does not recover")
}
