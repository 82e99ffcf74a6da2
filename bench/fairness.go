package main

import (
	"context"
	"encoding/json"
	"time"
)

const (
	fairRounds   = 5                      // of quiet and of noise, by turns
	fairPushes   = 100                    // of the small organization, in one round
	fairReceipts = 100                    // in each of them
	fairInterval = 25 * time.Millisecond  // between them
	noisyClients = 4                      // of the organization at full speed
	noisyLead    = 500 * time.Millisecond // for the noise to begin
	fairMost     = 2                      // times the quiet 99th percentile
	fairSeed     = 4
)

// measureFairness is the 99th percentile of one organization's pushes, alone and
// while another pushes at full speed over several connections.
func measureFairness(ctx context.Context, b *bench) error {
	small, err := b.cabinet.newOrganization(ctx)
	if err != nil {
		return err
	}
	noisy, err := b.cabinet.newOrganization(ctx)
	if err != nil {
		return err
	}
	if err := b.cabinet.settlePostgreSQL(ctx); err != nil {
		return err
	}
	var alone, beside []time.Duration
	for round := range fairRounds {
		if err := b.cabinet.awaitIdle(ctx); err != nil {
			return err
		}
		quiet, err := b.cabinet.pushSeries(ctx, small)
		if err != nil {
			return err
		}
		stop := b.cabinet.pushForever(ctx, noisyClients, noisy)
		time.Sleep(noisyLead)
		loaded, err := b.cabinet.pushSeries(ctx, small)
		if _, failure := stop(); failure != nil {
			return failure
		}
		if err != nil {
			return err
		}
		if round > 0 { // the first one warms up
			alone, beside = append(alone, quiet...), append(beside, loaded...)
		}
	}
	quiet, loaded := percentile(alone, 99), percentile(beside, 99)
	ratio := float64(loaded) / float64(quiet)
	b.addResult(result{"push p99 beside another organization at full speed", formatMilliseconds(loaded), formatMilliseconds(quiet) + " alone",
		formatTimes(ratio), "≤ 2×", ratio <= fairMost})
	return nil
}

// pushSeries times small pushes one after another, with pauses between.
func (c *cabinet) pushSeries(ctx context.Context, to *organization) (durations []time.Duration, err error) {
	g := newGenerator(fairSeed)
	data := make([]string, fairReceipts)
	for i := range data {
		text, _ := json.Marshal(g.makeReceipt()) // plain values: it cannot fail
		data[i] = string(text)
	}
	one := newBatch(to.device, data)
	for range fairPushes {
		one.renewIDs()
		began := time.Now()
		if err := c.pushNew(ctx, to, one); err != nil {
			return nil, err
		}
		durations = append(durations, time.Since(began))
		time.Sleep(fairInterval)
	}
	return durations, nil
}
