package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/uuid"
)

const (
	venueDays   = 520 // of three outlets: a little more than 200,000 receipts
	agentFactor = 2.5
)

// venue is a local database with an agent.
type venue struct {
	*cabinet
	*organization
	bin    string // the folder of the built programs
	source string
	config string
}

// newVenue makes a source with so many days of sales, and connects it.
func (b *bench) newVenue(ctx context.Context, name string, days int) (*venue, error) {
	to, err := b.cabinet.newOrganization(ctx)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(b.dir, name)
	v := &venue{b.cabinet, to, b.Bin, dir + ".db", dir + ".yaml"}
	mapping := dir + "-mapping.yaml"
	if err := v.runProgram(ctx, "kit", "demo-source", "--out", v.source, "--mapping", mapping, "--days", strconv.Itoa(days)); err != nil {
		return nil, err
	}
	return v, v.run(ctx, "init", "--url", b.cabinet.url, "--key", to.SyncKey, "--config", v.config, "--mapping", mapping)
}

// run runs the agent to its end.
func (v *venue) run(ctx context.Context, args ...string) error {
	return v.runProgram(ctx, "agent", args...)
}

// runProgram runs a program to its end.
func (v *venue) runProgram(ctx context.Context, name string, args ...string) error {
	said, err := exec.CommandContext(ctx, filepath.Join(v.bin, name), args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, args[0], err, said)
	}
	return nil
}

// measureAgent times the first sync of a venue against the pushes of the same
// receipts by a client that has them ready. Afterwards both sides must be equal.
func measureAgent(ctx context.Context, b *bench) error {
	v, err := b.newVenue(ctx, "venue", venueDays)
	if err != nil {
		return err
	}
	synced, err := b.cabinet.timeWork(ctx, func() error { return v.run(ctx, "sync", "--config", v.config, "--fail-on-rejected") })
	if err != nil {
		return err
	}
	if err := v.run(ctx, "verify", "--config", v.config); err != nil {
		return err
	}
	batches, receipts, err := v.pulledReceipts(ctx)
	if err != nil {
		return err
	}
	if receipts < pulled {
		return fmt.Errorf("the venue has only %d receipts", receipts)
	}
	other, err := b.cabinet.newOrganization(ctx)
	if err != nil {
		return err
	}
	pushed, err := b.cabinet.timeWork(ctx, func() error {
		for _, one := range batches {
			if err := b.cabinet.pushNew(ctx, other, one); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	ratio := synced.Seconds() / pushed.Seconds()
	b.addResult(result{fmt.Sprintf("first sync of %s receipts by the agent, verified equal", groupThousands(int64(receipts))),
		formatSeconds(synced), formatSeconds(pushed) + " to push them", formatTimes(ratio), "≤ 2.5×", ratio <= agentFactor})
	return nil
}

// pulledReceipts are those that the agent has sent, as pushes of 1,000.
func (v *venue) pulledReceipts(ctx context.Context) (batches []*batch, count int, err error) {
	found, err := v.db.Query(ctx, `SELECT data FROM records WHERE organization_id = $1 AND kind = 'receipt' ORDER BY seq`, v.ID)
	if err != nil {
		return nil, 0, err
	}
	defer found.Close()
	device := uuid.New()
	var some []string
	pack := func() {
		if len(some) > 0 {
			batches, count = append(batches, newBatch(device, some)), count+len(some)
		}
		some = nil
	}
	for found.Next() {
		var data string
		if err := found.Scan(&data); err != nil {
			return nil, 0, err
		}
		if some = append(some, data); len(some) == perBatch {
			pack()
		}
	}
	pack()
	if count == 0 && found.Err() == nil {
		err = errors.New("the agent has sent no receipts")
	}
	return batches, count, errors.Join(err, found.Err())
}

func formatSeconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
