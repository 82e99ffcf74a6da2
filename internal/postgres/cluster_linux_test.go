package postgres

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const parentDir = "POSTGRES_TEST_PARENT_DIR"

// TestMain turns this binary into a parent to be killed where it is told so.
func TestMain(m *testing.M) {
	if dir := os.Getenv(parentDir); dir != "" {
		beParent(dir)
	}
	os.Exit(withTemplate(m))
}

// template is where the volatile clusters of these tests come from.
var template string

func withTemplate(m *testing.M) int {
	dir, err := os.MkdirTemp("", "interpos-postgres-*")
	if err == nil {
		err = os.Chmod(dir, 0o711)
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	template = filepath.Join(dir, "template")
	return m.Run()
}

// beParent starts a cluster, says so and writes rows until it is killed.
func beParent(dir string) {
	ctx := context.Background()
	cluster, err := Start(ctx, Options{DataDir: dir})
	giveUp(err)
	connection, err := pgx.Connect(ctx, cluster.DSN("postgres"))
	giveUp(err)
	_, err = connection.Exec(ctx, `CREATE TABLE IF NOT EXISTS kept (n int GENERATED ALWAYS AS IDENTITY)`)
	giveUp(err)
	fmt.Println("postmaster", cluster.process.Pid)
	for {
		var n int
		giveUp(connection.QueryRow(ctx, `INSERT INTO kept DEFAULT VALUES RETURNING n`).Scan(&n))
		fmt.Println("row", n)
	}
}

func giveUp(err error) {
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

// reachable is a directory that the user nobody can reach, as t.TempDir's is not.
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "interpos-postgres-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func run(t *testing.T, o Options, who ...identity) *Cluster {
	t.Helper()
	if len(who) == 0 {
		who = serverIdentities()
	}
	if o.Volatile && o.TemplateDir == "" {
		o.TemplateDir = template
	}
	o.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	cluster, err := startCluster(t.Context(), o, who)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, cluster) })
	return cluster
}

func stop(t *testing.T, cluster *Cluster) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := cluster.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func query[T any](t *testing.T, cluster *Cluster, sql string) (value T) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), cluster.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(t.Context()) }()
	if err := connection.QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func execute(t *testing.T, cluster *Cluster, sql string) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), cluster.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(t.Context()) }()
	if _, err := connection.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func TestSecondStartFindsTheData(t *testing.T) {
	t.Parallel()
	for _, who := range serverIdentities() {
		t.Run(who.name, func(t *testing.T) {
			dir := filepath.Join(reachable(t), "data dir")
			first := run(t, Options{DataDir: dir}, who)
			execute(t, first, `CREATE TABLE kept AS SELECT 1`)
			stop(t, first)
			second := run(t, Options{DataDir: dir}, who)
			if rows := query[int](t, second, `SELECT count(*) FROM kept`); rows != 1 {
				t.Fatalf("the second start found %d rows, want 1", rows)
			}
		})
	}
}

// A machine that began to refuse user namespaces still finds its data, and
// so does one that allows them again.
func TestDataOutlivesAChangeOfIdentity(t *testing.T) {
	t.Parallel()
	dir := reachable(t)
	for _, who := range append(serverIdentities(), serverIdentities()...) {
		stop(t, run(t, Options{DataDir: dir}, who))
	}
}

func TestProgramsAreCopiedWhereNobodyCanReadThem(t *testing.T) {
	if os.Geteuid() != 0 {
		return // only root can become somebody else
	}
	installed, err := FindBinaries()
	if err != nil {
		t.Fatal(err)
	}
	hidden := filepath.Join(t.TempDir(), "hidden")
	if err := copyTree(filepath.Dir(installed.Dir), hidden); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(hidden, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PG_BIN", filepath.Join(hidden, filepath.Base(installed.Dir)))
	cluster := run(t, Options{DataDir: reachable(t), Volatile: true}, asNobody)
	if one := query[int](t, cluster, `SELECT 1`); one != 1 {
		t.Fatal(one)
	}
}

func TestASecondServerIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	run(t, Options{DataDir: dir, Volatile: true})
	_, err := Start(t.Context(), Options{DataDir: dir})
	if !errors.Is(err, ErrInUse) {
		t.Fatalf("a second server got %v, want ErrInUse", err)
	}
}

func TestDatabaseKnowsCyrillicCase(t *testing.T) {
	t.Parallel()
	cluster := run(t, Options{DataDir: t.TempDir(), Volatile: true})
	if lower := query[string](t, cluster, `SELECT lower('ЖЁ')`); lower != "жё" {
		t.Fatalf("lower('ЖЁ') is %q", lower)
	}
	if encoding := query[string](t, cluster, `SHOW server_encoding`); encoding != "UTF8" {
		t.Fatalf("encoding is %s", encoding)
	}
}

func TestLongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	cluster := run(t, Options{DataDir: dir, Volatile: true})
	if cluster.socketDir == dir {
		t.Fatal("the socket stands in a directory that is too long for it")
	}
	query[int](t, cluster, `SELECT 1`)
}

func TestEnsureDatabaseMayRunTwice(t *testing.T) {
	t.Parallel()
	cluster := run(t, Options{DataDir: t.TempDir(), Volatile: true})
	for range 2 {
		if err := cluster.EnsureDatabase(t.Context(), `cabinet "1"`); err != nil {
			t.Fatal(err)
		}
	}
	connection, err := pgx.Connect(t.Context(), cluster.DSN(`cabinet "1"`))
	if err != nil {
		t.Fatal(err)
	}
	_ = connection.Close(t.Context())
}

func TestWrongPasswordIsRefused(t *testing.T) {
	t.Parallel()
	cluster := run(t, Options{DataDir: t.TempDir(), Volatile: true})
	_, err := pgx.Connect(t.Context(), dsn(cluster.socketDir, "guess", "postgres"))
	if err == nil {
		t.Fatal("a guessed password opened the database")
	}
}

// The number in a stale postmaster.pid may meanwhile be any other process's.
func TestStalePidFileOfALivingProcessIsCleared(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stop(t, run(t, Options{DataDir: dir}))
	stale := strconv.Itoa(os.Getpid()) + "\n" + dataDir(dir) + "\n1\n5432\n\n\n0 0\nready\n"
	if err := os.WriteFile(pidFile(dir), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, Options{DataDir: dir})
}

func TestRefusedIdentityGivesWayToTheNext(t *testing.T) {
	t.Parallel()
	refused := identity{name: "nobody's", owner: -1, apply: func(attributes *syscall.SysProcAttr) {
		attributes.Chroot = "/does/not/exist"
	}}
	dir := reachable(t)
	run(t, Options{DataDir: dir, Volatile: true}, append([]identity{refused}, serverIdentities()...)...)
	_, err := startCluster(t.Context(), Options{DataDir: reachable(t)}, []identity{refused})
	if err == nil || !strings.Contains(err.Error(), "run as another user") {
		t.Fatalf("nobody can run it, and the error is %v", err)
	}
}

func TestInterruptedInitializationIsRepeated(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "data.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	run(t, Options{DataDir: dir, Volatile: true})
}

func TestTemplateIsSharedByManyAtOnce(t *testing.T) {
	t.Parallel()
	template := filepath.Join(reachable(t), "template")
	for n := range 3 {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			cluster := run(t, Options{DataDir: t.TempDir(), Volatile: true, TemplateDir: template})
			query[int](t, cluster, `SELECT 1`)
		})
	}
}

// parent is a process that runs a cluster and writes rows.
type parent struct {
	command    *exec.Cmd
	output     *bufio.Scanner
	postmaster int
	lastRow    int // the last that it saw committed
}

func startParent(t *testing.T, dir string) *parent {
	t.Helper()
	p := &parent{command: exec.Command(os.Args[0])}
	p.command.Env = append(os.Environ(), parentDir+"="+dir)
	output, err := p.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	p.output = bufio.NewScanner(output)
	p.postmaster = p.read(t, "postmaster ")
	for p.lastRow == 0 || p.lastRow%50 != 0 {
		p.lastRow = p.read(t, "row ")
	}
	return p
}

func (p *parent) read(t *testing.T, prefix string) int {
	t.Helper()
	if !p.output.Scan() {
		t.Fatal("the parent said nothing")
	}
	number, err := strconv.Atoi(strings.TrimPrefix(p.output.Text(), prefix))
	if err != nil {
		t.Fatalf("the parent said %q", p.output.Text())
	}
	return number
}

func (p *parent) kill(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for p.output.Scan() {
		if row, err := strconv.Atoi(strings.TrimPrefix(p.output.Text(), "row ")); err == nil {
			p.lastRow = row
		}
	}
	_ = p.command.Wait()
}

func TestKilledParentLeavesNoOrphanAndNoDamage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 3 {
		killed := startParent(t, dir)
		killed.kill(t)
		// At once: the former PostgreSQL is still writing its checkpoint.
		again := run(t, Options{DataDir: dir})
		if last := query[int](t, again, `SELECT max(n) FROM kept`); last < killed.lastRow {
			t.Fatalf("row %d was committed and is lost; the last one is %d", killed.lastRow, last)
		}
		// One that ended and was not yet waited for has no directory any more.
		if at, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", killed.postmaster)); err == nil {
			t.Fatalf("PostgreSQL %d outlived its parent in %s", killed.postmaster, at)
		}
		stop(t, again)
	}
}

// A terminal's Ctrl-C goes to the whole group of the server.
func TestPostgresIsInAGroupOfItsOwn(t *testing.T) {
	t.Parallel()
	cluster := run(t, Options{DataDir: t.TempDir(), Volatile: true})
	group, err := syscall.Getpgid(cluster.process.Pid)
	if err != nil || group == syscall.Getpgrp() {
		t.Fatalf("PostgreSQL is in group %d (%v), as its parent", group, err)
	}
}

func TestExitedTellsOfACrash(t *testing.T) {
	t.Parallel()
	cluster := run(t, Options{DataDir: t.TempDir(), Volatile: true})
	if err := syscall.Kill(cluster.process.Pid, syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	select {
	case <-cluster.Exited():
	case <-time.After(time.Minute):
		t.Fatal("nobody heard of the crash")
	}
}
