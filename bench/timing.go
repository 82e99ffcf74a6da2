package main

import (
	"context"
	"runtime"
	"slices"
	"time"
)

// turns is how often each side is measured, by turns with the others: what makes
// the machine slow for a while hits all of them. The first turn warms up.
const turns = 6

// side is one of several things that are measured by turns.
type side struct {
	prepare func() error // not measured
	work    func() error
	took    []time.Duration
}

// alternate lets the sides take turns, each while the server has nothing else
// to do. Garbage of the preparation is collected before the clock starts.
func (c *cabinet) alternate(ctx context.Context, sides ...*side) error {
	for turn := range turns {
		for _, s := range sides {
			if err := s.prepare(); err != nil {
				return err
			}
			took, err := c.timed(ctx, s.work)
			if err != nil {
				return err
			}
			if turn > 0 {
				s.took = append(s.took, took)
			}
		}
	}
	return nil
}

// timed runs work when the projections have caught up.
func (c *cabinet) timed(ctx context.Context, work func() error) (time.Duration, error) {
	runtime.GC()
	if err := c.rest(ctx); err != nil {
		return 0, err
	}
	began := time.Now()
	err := work()
	return time.Since(began), err
}

func (s *side) median() time.Duration { return percentile(s.took, 50) }

// rate is the median rate of a side that does so many units a turn.
func (s *side) rate(units int) rate { return over(units, s.median()) }

func percentile(durations []time.Duration, n int) time.Duration {
	sorted := slices.Sorted(slices.Values(durations))
	return sorted[(len(sorted)*n-1)/100]
}
