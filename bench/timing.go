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

// alternateSides lets the sides take turns, each while the server has nothing else
// to do. Garbage of the preparation is collected before the clock starts.
func (c *cabinet) alternateSides(ctx context.Context, sides ...*side) error {
	for turn := range turns {
		for _, s := range sides {
			if err := s.prepare(); err != nil {
				return err
			}
			took, err := c.timeWork(ctx, s.work)
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

// timeWork runs work when the projections have caught up.
func (c *cabinet) timeWork(ctx context.Context, work func() error) (time.Duration, error) {
	runtime.GC()
	if err := c.awaitIdle(ctx); err != nil {
		return 0, err
	}
	began := time.Now()
	err := work()
	return time.Since(began), err
}

func (s *side) medianTime() time.Duration { return percentile(s.took, 50) }

// medianRate is the median rate of a side that does so many units a turn.
func (s *side) medianRate(units int) rate { return rateOver(units, s.medianTime()) }

func percentile(durations []time.Duration, n int) time.Duration {
	sorted := slices.Sorted(slices.Values(durations))
	return sorted[(len(sorted)*n-1)/100]
}
