package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	memoryClients = 8
	memoryMost    = 200_000_000 // bytes
	// memoryGrowth is what still counts as flat: of the mean, over the whole time.
	memoryGrowth = 0.1
)

// measureMemory watches a server of its own, from its start, while eight clients
// push as fast as they can, each for an organization.
func measureMemory(ctx context.Context, b *bench) (err error) {
	c, err := b.startCabinet(ctx, "memory")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	eight, err := c.organizations(ctx, memoryClients)
	if err != nil {
		return err
	}
	stop := c.pushForever(ctx, memoryClients, eight...)
	held, most, err := c.watch(ctx, b)
	if pushed, failure := stop(); failure != nil {
		return failure
	} else if err == nil {
		b.say("memory: %s receipts pushed", grouped(int64(pushed)))
	}
	if err != nil {
		return err
	}
	b.add(result{fmt.Sprintf("server's memory, 8 clients at full push, %s", b.Memory),
		mebibytes(most) + " at most", "200 MB", percent(float64(most) / memoryMost), "< 100 %", most < memoryMost})
	growth := slope(held) * float64(len(held)) / mean(held)
	b.add(result{"– flat", everyMinute(held), mebibytes(int64(mean(held))) + " in the mean",
		fmt.Sprintf("%+.0f %% over the time", 100*growth), "≤ +10 %", growth <= memoryGrowth})
	return nil
}

// watch reads the server's memory every second.
func (c *cabinet) watch(ctx context.Context, b *bench) (held []float64, most int64, err error) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	const warmUp = 10 * time.Second
	for began := time.Now(); time.Since(began) < warmUp+b.Memory; {
		select {
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		case <-ticker.C:
		}
		var now int64
		if now, most, err = c.memory(); err != nil {
			return nil, 0, err
		}
		if time.Since(began) > warmUp {
			held = append(held, float64(now))
		}
		if len(held)%60 == 1 {
			b.say("memory: %s held", mebibytes(now))
		}
	}
	return held, most, nil
}

// pushForever lets so many clients push new receipts, the organizations by
// turns, until it is stopped; that gives how many were acknowledged.
func (c *cabinet) pushForever(ctx context.Context, clients int, to ...*organization) (stop func() (pushed int, err error)) {
	done := make(chan struct{})
	counts := make([]int, clients)
	var group errgroup.Group
	for i := range clients {
		whose := to[i%len(to)]
		one := newGenerator(uint64(100 + i)).batch(whose.device)
		group.Go(func() error {
			for {
				select {
				case <-done:
					return nil
				default:
				}
				one.renew()
				if err := c.pushNew(ctx, whose, one); err != nil {
					return err
				}
				counts[i] += perBatch
			}
		})
	}
	return func() (pushed int, err error) {
		close(done)
		err = group.Wait()
		for _, count := range counts {
			pushed += count
		}
		return pushed, err
	}
}

// slope is that of the straight line through the values, a step.
func slope(values []float64) float64 {
	middle, average := float64(len(values)-1)/2, mean(values)
	var both, square float64
	for i, value := range values {
		x := float64(i) - middle
		both += x * (value - average)
		square += x * x
	}
	if square == 0 {
		return 0
	}
	return both / square
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	return sum / float64(max(1, len(values)))
}

// everyMinute is what was held at the beginning, at each minute, and at the end.
func everyMinute(held []float64) string {
	var all []string
	for i := 0; i < len(held); i += 60 {
		all = append(all, fmt.Sprintf("%.0f", held[i]/(1<<20)))
	}
	return strings.Join(append(all, mebibytes(int64(held[len(held)-1]))), ", ")
}
