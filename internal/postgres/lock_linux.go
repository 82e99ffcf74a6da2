package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// formerPatience is how long a start waits for a PostgreSQL that a killed
// server left behind, which is then writing its last checkpoint.
const formerPatience = 30 * time.Second

// locks guard a data directory. Both are advisory locks on files, which the
// kernel drops when the last process that holds them is gone.
type locks struct {
	server   *os.File // held by the process that started PostgreSQL
	postgres *os.File // held by PostgreSQL's own processes, which inherit it
}

// lockDirectory takes the directory for this process. Where another server runs in it,
// the error is ErrInUse at once; where only that server's PostgreSQL is left,
// it waits for its end.
func lockDirectory(ctx context.Context, dir string) (held locks, err error) {
	held.server, err = tryLock(filepath.Join(dir, "server.lock"))
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return held, fmt.Errorf("%s: %w", dir, ErrInUse)
	}
	if err != nil {
		return held, err
	}
	held.postgres, err = waitFor(ctx, dir)
	if err != nil {
		held.releaseAll()
	}
	return held, err
}

func waitFor(ctx context.Context, dir string) (*os.File, error) {
	ctx, cancel := context.WithTimeout(ctx, formerPatience)
	defer cancel()
	for {
		file, err := tryLock(filepath.Join(dir, "postgres.lock"))
		if err == nil {
			return file, clearPidFile(dir)
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%s: the former PostgreSQL has not ended yet: %w", dir, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func tryLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// releaseAll gives the directory back, both locks after an unsuccessful start.
func (l locks) releaseAll() {
	if l.postgres != nil {
		_ = l.postgres.Close()
	}
	if l.server != nil {
		releaseServer(l.server)
	}
}

// releaseServer unlocks before it closes: flock(2) is held by the open file,
// and a child that this process forks at this moment shares that file until
// its exec. Closed alone, the lock would outlive us by that child's start.
func releaseServer(lock *os.File) {
	_ = syscall.Flock(int(lock.Fd()), syscall.LOCK_UN)
	_ = lock.Close()
}

// clearPidFile removes the postmaster.pid of a PostgreSQL that is gone. Left
// alone, PostgreSQL would refuse to start when its number has meanwhile passed
// to another process, as it does after a restart of a container. A PostgreSQL
// that somebody started by hand holds no lock of ours; it gives ErrInUse.
func clearPidFile(dir string) error {
	path := pidFile(dir)
	pid, _, err := readPidFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	here, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
	if err == nil && here == filepath.Dir(path) {
		return fmt.Errorf("process %d: %w", pid, ErrInUse)
	}
	return os.Remove(path)
}

func dataDir(dir string) string { return filepath.Join(dir, "data") }
func pidFile(dir string) string { return filepath.Join(dataDir(dir), "postmaster.pid") }

// readPidFile gives the postmaster's process id (0: not readable) and status,
// which is "ready" once it accepts connections.
func readPidFile(path string) (pid int, status string, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, "", err
	}
	lines := strings.Split(string(content), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		pid = 0 // torn by a crash: as good as stale
	}
	if len(lines) > 7 {
		status = strings.TrimSpace(lines[7])
	}
	return pid, status, nil
}
