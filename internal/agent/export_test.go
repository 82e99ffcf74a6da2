package agent

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/interpos/cabinet/internal/agent/link"
)

// Clock is a computer's that a test sets.
type Clock struct{ set atomic.Int64 }

func NewClock() *Clock { return &Clock{} }

// Set moves the clock on the wall; the running one runs on.
func (c *Clock) Set(by time.Duration) { c.set.Store(int64(by)) }

func (c *Clock) present() link.Moment {
	now := link.Present()
	now.Wall = now.Wall.Add(time.Duration(c.set.Load()))
	return now
}

// RunWithClock is Run on a computer with this clock.
func RunWithClock(ctx context.Context, path string, clock *Clock, options RunOptions) error {
	options.clock = clock.present
	return Run(ctx, path, options)
}
