package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a running private PostgreSQL.
type Cluster struct {
	socketDir string
	password  string
	log       *logWriter
	server    *os.File // the lock of the data directory
	process   *os.Process
	exited    chan struct{} // closed when PostgreSQL has ended
	exit      error         // why; valid once exited is closed
}

// Start runs PostgreSQL in o.DataDir, which it makes at the first time, and
// returns when it accepts connections. The context bounds the start alone;
// afterwards PostgreSQL runs until Stop, or until this process ends in
// whatever way. Errors wrap ErrNotFound or ErrInUse where these are the cause.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	return startCluster(ctx, o, serverIdentities())
}

func startCluster(ctx context.Context, o Options, candidates []identity) (*Cluster, error) {
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	held, err := lockDirectory(ctx, dir)
	if err != nil {
		return nil, err
	}
	cluster, err := startLocked(ctx, o, dir, held, candidates)
	if err != nil {
		held.releaseAll()
		return nil, fmt.Errorf("private PostgreSQL in %s: %w", dir, err)
	}
	// From here on PostgreSQL's processes hold their lock by themselves.
	_ = held.postgres.Close()
	return cluster, nil
}

func startLocked(ctx context.Context, o Options, dir string, held locks, candidates []identity) (*Cluster, error) {
	programs, err := programsFor(dir)
	if err != nil {
		return nil, err
	}
	who, programs, err := chooseIdentity(ctx, programs, dir, candidates)
	if err != nil {
		return nil, err
	}
	if err := (maker{o, who, programs, held.postgres}).ensureCluster(ctx, dir); err != nil {
		return nil, err
	}
	password, err := os.ReadFile(passwordFile(dir))
	if err != nil {
		return nil, err
	}
	sockets, err := socketDir(dir, who)
	if err != nil {
		return nil, err
	}
	cluster := &Cluster{
		socketDir: sockets, password: string(password), server: held.server,
		log: &logWriter{logger: o.logger()}, exited: make(chan struct{}),
	}
	return cluster, cluster.runServer(ctx, dir, who.command(context.WithoutCancel(ctx), deathSignal(o),
		programs.programPath("postgres"), serverSettings(o, dataDir(dir), sockets)...), held.postgres)
}

// programsFor finds the installation that made the data in dir: PostgreSQL
// reads no other major version's files.
func programsFor(dir string) (Binaries, error) {
	content, err := os.ReadFile(filepath.Join(dataDir(dir), "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return FindBinaries()
	}
	if err != nil {
		return Binaries{}, err
	}
	version := strings.TrimSpace(string(content))
	programs, err := findBinaries(func(b Binaries) bool { return strconv.Itoa(b.Version) == version })
	if err != nil {
		return Binaries{}, fmt.Errorf("the data was made by PostgreSQL %s, which is needed to read it: %w", version, err)
	}
	return programs, nil
}

// deathSignal is what PostgreSQL gets when this process ends: an orderly
// shutdown, or the quickest one where nobody needs the data.
func deathSignal(o Options) syscall.Signal {
	if o.Volatile {
		return syscall.SIGQUIT
	}
	return syscall.SIGINT
}

func (c *Cluster) runServer(ctx context.Context, dir string, command *exec.Cmd, inherited *os.File) error {
	command.Stdout, command.Stderr = c.log, c.log
	command.ExtraFiles = []*os.File{inherited}
	command.WaitDelay = 5 * time.Second
	started := make(chan error)
	go c.watchServer(command, started)
	if err := <-started; err != nil {
		return err
	}
	c.process = command.Process
	if err := c.awaitReady(ctx, dir); err != nil {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return errors.Join(err, c.Stop(stopping))
	}
	return nil
}

// watchServer starts PostgreSQL and waits for its end, both on one thread that ends
// no sooner: the kernel takes the end of the starting thread, not of the
// process, for the parent's death.
func (c *Cluster) watchServer(command *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := command.Start()
	started <- err
	if err != nil {
		return
	}
	c.exit = command.Wait()
	close(c.exited)
}

// awaitReady returns when PostgreSQL accepts connections, which after a crash
// takes as long as its recovery.
func (c *Cluster) awaitReady(ctx context.Context, dir string) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		pid, status, err := readPidFile(pidFile(dir))
		if err == nil && pid == c.process.Pid && status == "ready" {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.exited:
			return fmt.Errorf("it ended at once: %w: %s", c.exit, c.log.lastLines())
		case <-tick.C:
		}
	}
}

// DSN is the address of a database of this cluster for a role that may do
// everything. The database need not exist; `postgres` always does.
func (c *Cluster) DSN(database string) string { return dsn(c.socketDir, c.password, database) }

// EnsureDatabase creates the database where it is missing.
func (c *Cluster) EnsureDatabase(ctx context.Context, name string) error {
	connection, err := pgx.Connect(ctx, c.DSN("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close(context.WithoutCancel(ctx)) }()
	var exists bool
	err = connection.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = connection.Exec(ctx, `CREATE DATABASE `+pgx.Identifier{name}.Sanitize())
	return err
}

// Exited gives a channel that is closed when PostgreSQL has ended, by Stop or
// by itself.
func (c *Cluster) Exited() <-chan struct{} { return c.exited }

// Stop ends PostgreSQL: it drops the open connections and writes everything
// down. When the context ends before that is done, PostgreSQL is stopped the
// hard way, after which the next start recovers from its log. Stop may be
// called more than once.
func (c *Cluster) Stop(ctx context.Context) error {
	defer c.releaseLocks()
	if c.signalServer(ctx, syscall.SIGINT) {
		return nil
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	// SIGQUIT makes the postmaster end its children, which SIGKILL would not.
	if !c.signalServer(hard, syscall.SIGQUIT) {
		_ = syscall.Kill(-c.process.Pid, syscall.SIGKILL)
		<-c.exited
	}
	return fmt.Errorf("PostgreSQL was stopped the hard way: %w", ctx.Err())
}

// releaseLocks gives the directories back. The socket's may be the data's own, which
// is not empty and stays.
func (c *Cluster) releaseLocks() {
	_ = os.Remove(c.socketDir)
	releaseServer(c.server)
}

// signalServer says whether PostgreSQL has ended before the context does.
func (c *Cluster) signalServer(ctx context.Context, signal syscall.Signal) bool {
	_ = c.process.Signal(signal) // fails only where it has ended already
	select {
	case <-c.exited:
		return true
	case <-ctx.Done():
		return false
	}
}
