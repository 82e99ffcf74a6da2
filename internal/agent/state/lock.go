package state

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/flock"
)

// ErrBusy is the error of Open while another agent works with the same state.
var ErrBusy = errors.New("another agent is at work with this configuration")

// Whoever only looks whether the lock is held has it for a moment.
const (
	lockWithin = 500 * time.Millisecond
	lockEvery  = 20 * time.Millisecond
)

func lockFile(path string) *flock.Flock { return flock.New(path + ".lock") }

// lockState holds a lock that the operating system takes back when this process ends, in
// whatever way.
func lockState(ctx context.Context, path string) (*flock.Flock, error) {
	file := lockFile(path)
	waiting, cancel := context.WithTimeout(ctx, lockWithin)
	defer cancel()
	locked, err := file.TryLockContext(waiting, lockEvery)
	switch {
	case locked:
		return file, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil || errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("%w (it holds %s): wait for its end, or end `agent run` first; `agent status` and `agent verify` work beside it", ErrBusy, file.Path())
	}
	return nil, fmt.Errorf("open the state's lock %s: %w", file.Path(), err)
}

// InUse says whether an agent is at work with the state file at path.
func InUse(path string) bool {
	file := lockFile(path)
	locked, err := file.TryLock()
	if locked {
		_ = file.Unlock()
	}
	return err == nil && !locked
}
