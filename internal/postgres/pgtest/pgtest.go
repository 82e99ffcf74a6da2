//go:build linux

// Package pgtest gives a test binary its own private PostgreSQL, in memory
// where the machine has room. It is started with the first test that asks,
// and is gone, files and all, when the binary ends in whatever way.
package pgtest

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/interpos/cabinet/internal/postgres"
)

// Cluster gives the PostgreSQL that all tests of this binary share. Data in
// it is not safe from a crash of the machine. It fails the test where
// PostgreSQL cannot run.
func Cluster(tb testing.TB) *postgres.Cluster {
	tb.Helper()
	running, err := shared()
	if err != nil {
		tb.Fatalf("test PostgreSQL: %v", err)
	}
	return running.cluster
}

type instance struct {
	cluster *postgres.Cluster
	// lifeline is the open end of the remover's input. The kernel closes it
	// when this process ends; kept here, the garbage collector does not.
	lifeline io.Closer
}

var shared = sync.OnceValues(func() (*instance, error) {
	base := memory()
	dir, err := os.MkdirTemp(base, "interpos-test-*")
	if err != nil {
		return nil, err
	}
	lifeline, err := removeAtExit(dir)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cluster, err := postgres.Start(ctx, postgres.Options{
		DataDir:     dir,
		Volatile:    true,
		TemplateDir: filepath.Join(base, fmt.Sprintf("interpos-template-1-%d", os.Geteuid())),
	})
	return &instance{cluster, lifeline}, err
})

// memory is a file system in memory, where there is one with room for the
// clusters of a few test binaries.
func memory() string {
	const room = 2 << 30
	var stat syscall.Statfs_t
	err := syscall.Statfs("/dev/shm", &stat)
	if err == nil && stat.Bavail*uint64(stat.Bsize) >= room {
		return "/dev/shm"
	}
	return os.TempDir()
}

// removeAtExit leaves a small process behind that waits for this one's end,
// which closes its input, and for PostgreSQL's, and then removes dir. A test
// binary has no hook of its own that outlives a panic or a kill.
func removeAtExit(dir string) (lifeline io.Closer, err error) {
	const script = `cat; while read -r pid < "$1/data/postmaster.pid" && [ -e "/proc/$pid/cwd" ]; do
		sleep 0.05; done; rm -rf "$1"`
	command := exec.Command("sh", "-c", script, "sh", dir)
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	command.Dir = "/"
	lifeline, err = command.StdinPipe()
	if err != nil {
		return nil, err
	}
	return lifeline, command.Start()
}
