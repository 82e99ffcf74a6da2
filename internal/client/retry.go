package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// RetryPolicy says how a temporary failure is repeated.
type RetryPolicy struct {
	First  time.Duration // wait before the second try, doubled for each further one; default 500 ms
	Most   time.Duration // longest wait that the client chooses; default 30 s
	GiveUp time.Duration // no further try later than this after the first; 0: one try only
	// Waiting, when set, is told of every failure that will be repeated.
	Waiting func(err error, wait time.Duration)
}

// Do calls attempt until it succeeds, fails for good, or GiveUp is over; then
// it returns the last error. Retry-After of the cabinet is obeyed; without it
// waits are jittered, so that venues do not come back all at once.
func (p RetryPolicy) Do(ctx context.Context, attempt func(ctx context.Context) error) error {
	started := time.Now()
	for tries := 0; ; tries++ {
		err := attempt(ctx)
		if err == nil || !Temporary(err) || ctx.Err() != nil {
			return err
		}
		wait := p.Wait(tries, err)
		if time.Since(started)+wait > p.GiveUp {
			return err
		}
		if p.Waiting != nil {
			p.Waiting(err, wait)
		}
		if err := waitFor(ctx, wait); err != nil {
			return err
		}
	}
}

// Wait is how long to wait after so many tries, from 0, of which the last has failed
// with err.
func (p RetryPolicy) Wait(tries int, err error) time.Duration {
	first, most := p.First, p.Most
	if first == 0 {
		first = 500 * time.Millisecond
	}
	if most == 0 {
		most = 30 * time.Second
	}
	wait := min(first<<min(tries, 20), most)
	wait = wait/2 + rand.N(wait/2+1)
	var problem *Problem
	if errors.As(err, &problem) && problem.RetryAfter > 0 {
		return problem.RetryAfter + rand.N(first)
	}
	return wait
}

func waitFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
