//go:build linux

package chaos_test

import (
	"context"
	"sync"
	"syscall"
	"time"

	"github.com/stretchr/testify/require"
)

func (c *chaos) killServer() bool {
	if c.server.Process.ProcessState != nil {
		return false
	}
	_ = c.server.Process.Process.Kill()
	_ = c.server.Process.Wait()
	return true
}

// meeting is how long a fault looks for what it is meant for.
const meeting = 30 * time.Second

// killAgent catches an agent at work.
func (c *chaos) killAgent() bool {
	v := c.anyVenue()
	for deadline := time.Now().Add(meeting); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if v.running() {
			c.pass(200 * time.Millisecond)
			if v.kill() {
				return true
			}
		}
	}
	return false
}

func (c *chaos) anyVenue() *venue { return c.venues[c.rng.IntN(len(c.venues))] }

func (c *chaos) killDatabase() bool { return c.database.kill() }

// pauseServer stops the server's process for a while; what reaches it meanwhile
// waits in the kernel.
func (c *chaos) pauseServer() bool {
	if c.server.Process.ProcessState != nil {
		return false
	}
	require.NoError(c, c.server.Process.Process.Signal(syscall.SIGSTOP))
	c.pass(1500 * time.Millisecond)
	require.NoError(c, c.server.Process.Process.Signal(syscall.SIGCONT))
	return true
}

// jump sets a venue's clock until the round is over.
func (c *chaos) jump(by time.Duration) bool {
	v := c.anyVenue()
	v.skew.Store(int64(by))
	if by < 0 {
		v.behind.Store(true)
	}
	before := v.sales.Load()
	for deadline := time.Now().Add(meeting); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if v.sales.Load() > before+1 { // one that began after the jump has ended
			return true
		}
	}
	return false
}

// fillDisk leaves an agent only some kilobytes for each of its files, until the
// round is over.
func (c *chaos) fillDisk() bool {
	v := c.anyVenue()
	v.failed.Store(0)
	v.room.Store(int64(1 + c.rng.IntN(60)))
	for deadline := time.Now().Add(meeting); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if v.failed.Load() > 0 {
			return true
		}
	}
	return false
}

func (c *chaos) restore() bool {
	c.database.ensure()
	c.database.restore()
	return true
}

// work lets the venues sell and synchronize and the reader read, until rest is
// called.
func (c *chaos) work() (rest func()) {
	ctx, stop := context.WithCancel(c.Context())
	var working sync.WaitGroup
	for _, v := range c.venues {
		rng := c.newRandom()
		working.Go(func() {
			for ctx.Err() == nil {
				v.sell(rng)
				v.try("--patience", "1s")
			}
		})
	}
	working.Go(func() {
		for ctx.Err() == nil {
			_, _ = c.reader.read(ctx, time.Second)
		}
	})
	return func() {
		stop()
		for _, v := range c.venues {
			v.hurry()
		}
		working.Wait()
	}
}

// heal ends all trouble: lines, disks, clocks, and what does not run.
func (c *chaos) heal() {
	c.Helper()
	c.toServer.heal()
	c.toDatabase.heal()
	c.database.ensure()
	if c.server.Process.ProcessState != nil {
		c.server.Start()
	}
	c.ready()
	for _, v := range c.venues {
		v.heal()
	}
}
