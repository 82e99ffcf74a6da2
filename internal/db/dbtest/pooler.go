//go:build linux

package dbtest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/postgres/pgtest"
)

// Pooled is the address of a database that DSN has made, by way of a PgBouncer that shares its
// connections between transactions: for the server's login, with the setting that the manual
// asks for.
func Pooled(tb testing.TB, dsn string) string {
	tb.Helper()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		tb.Fatalf("read the DSN: %v", err)
	}
	running, err := pooler()
	if err != nil {
		tb.Fatalf("start PgBouncer: %v", err)
	}
	pooled := url.URL{
		Scheme: "postgres", User: url.UserPassword(Login.Role, Login.Password), Host: running.address, Path: "/" + config.Database,
		RawQuery: "sslmode=disable&default_query_exec_mode=cache_describe",
	}
	return pooled.String()
}

type runningPooler struct {
	address string
	// lifeline is the open end of its input. The kernel closes it when this process ends; kept
	// here, the garbage collector does not.
	lifeline io.Closer
}

// pooler starts the PgBouncer that all tests of this binary share. It ends with it.
var pooler = sync.OnceValues(startPooler)

func startPooler() (running runningPooler, err error) {
	sockets, err := pgx.ParseConfig(pgtestDSN())
	if err != nil {
		return running, err
	}
	dir, err := os.MkdirTemp("", "interpos-pooler-*")
	if err != nil {
		return running, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return running, err
	}
	running.address = listener.Addr().String()
	_, port, _ := net.SplitHostPort(running.address)
	if err := listener.Close(); err != nil {
		return running, err
	}
	owner, err := ownerOf(sockets.Host)
	if err != nil {
		return running, err
	}
	for name, content := range map[string]string{
		"users": fmt.Sprintf("%q %q\n", Login.Role, Login.Password),
		"ini": fmt.Sprintf(`[databases]
* = host=%s port=%d
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = scram-sha-256
auth_file = %s/users
pool_mode = transaction
default_pool_size = 4
max_client_conn = 500
`, sockets.Host, sockets.Port, port, dir),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			return running, err
		}
		if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil {
			return running, err
		}
	}
	if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
		return running, err
	}
	command := exec.Command("sh", "-c", `pgbouncer -q "$1/ini" & cat; kill $!; wait; rm -rf "$1"`, "sh", dir)
	command.Dir, command.SysProcAttr = dir, asOwner(owner)
	command.Stderr = os.Stderr
	if running.lifeline, err = command.StdinPipe(); err != nil {
		return running, err
	}
	if err := command.Start(); err != nil {
		return running, err
	}
	return running, awaitListener(running.address)
}

func pgtestDSN() string {
	var tb testing.TB = &testing.T{}
	return pgtest.Cluster(tb).DSN("postgres")
}

// ownerOf is whom a directory belongs to: PostgreSQL lets nobody else at its socket.
func ownerOf(dir string) (*syscall.Credential, error) {
	var stat syscall.Stat_t
	if err := syscall.Stat(dir, &stat); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: stat.Uid, Gid: stat.Gid}, nil
}

// asOwner runs a program as the owner of PostgreSQL's socket. PgBouncer refuses to be root:
// where PostgreSQL is root under another name, it is too.
func asOwner(owner *syscall.Credential) *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true}
	const nobody = 65534
	switch {
	case owner.Uid == 0:
		mapping := []syscall.SysProcIDMap{{ContainerID: nobody, HostID: 0, Size: 1}}
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings, attributes.GidMappings = mapping, mapping
	case os.Geteuid() == 0:
		attributes.Credential = owner
	}
	return attributes
}

func awaitListener(address string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var dialer net.Dialer
	for {
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return conn.Close()
		}
		if ctx.Err() != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}
