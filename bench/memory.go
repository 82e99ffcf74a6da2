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
	eight, err := c.createOrganizations(ctx, memoryClients)
	if err != nil {
		return err
	}
	stop := c.pushForever(ctx, memoryClients, eight...)
	held, most, err := c.watchMemory(ctx, b)
	if pushed, failure := stop(); failure != nil {
		return failure
	} else if err == nil {
		b.logf("memory: %s receipts pushed", groupThousands(int64(pushed)))
	}
	if err != nil {
		return err
	}
	b.addResult(result{fmt.Sprintf("server's memory, 8 clients at full push, %s", b.Memory),
		formatMebibytes(most) + " at most", "200 MB", formatPercent(float64(most) / memoryMost), "< 100 %", most < memoryMost})
	growth := slopeOf(held) * float64(len(held)) / meanOf(held)
	b.addResult(result{"– flat", everyMinute(held), formatMebibytes(int64(meanOf(held))) + " in the mean",
		fmt.Sprintf("%+.0f %% over the time", 100*growth), "≤ +10 %", growth <= memoryGrowth})
	return nil
}

// watchMemory reads the server's memory every second.
func (c *cabinet) watchMemory(ctx context.Context, b *bench) (held []float64, most int64, err error) {
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
		if now, most, err = c.residentMemory(); err != nil {
			return nil, 0, err
		}
		if time.Since(began) > warmUp {
			held = append(held, float64(now))
		}
		if len(held)%60 == 1 {
			b.logf("memory: %s held", formatMebibytes(now))
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
		one := newGenerator(uint64(100 + i)).makeBatch(whose.device)
		group.Go(func() error {
			for {
				select {
				case <-done:
					return nil
				default:
				}
				one.renewIDs()
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

// slopeOf is that of the straight line through the values, a step.
func slopeOf(values []float64) float64 {
	middle, average := float64(len(values)-1)/2, meanOf(values)
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

func meanOf(values []float64) float64 {
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
	return strings.Join(append(all, formatMebibytes(int64(held[len(held)-1]))), ", ")
}
