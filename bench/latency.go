package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the venue's database

	"github.com/interpos/cabinet/internal/client"
)

const (
	latencySamples = 50
	latencyMost    = 1500 * time.Millisecond // 95th percentile, beyond the interval
	sourceInterval = time.Second             // between two looks at the source
	latencyWait    = 30 * time.Second        // of a long poll
)

// measureLatency changes one receipt after another in a venue's database, while
// `agent run` watches it, and waits for each at another device by a long poll.
func measureLatency(ctx context.Context, b *bench) (err error) {
	v, err := b.newVenue(ctx, "watched", 3)
	if err != nil {
		return err
	}
	if err := v.run(ctx, "sync", "--config", v.config); err != nil {
		return err
	}
	agent, err := startProcess(ctx, b.log, nil, filepath.Join(b.Bin, "agent"), "run", "--config", v.config, "--every", sourceInterval.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, agent.stop()) }()
	took, err := v.timeChanges(ctx)
	if err != nil {
		return err
	}
	p95 := percentile(took, 95)
	b.addResult(result{"a changed receipt at the venue → seen by long poll elsewhere, p95 beyond the source's interval",
		formatMilliseconds(p95 - sourceInterval), fmt.Sprintf("interval %s, p50 %s in all", sourceInterval, formatMilliseconds(percentile(took, 50))),
		formatPercent(float64(p95-sourceInterval) / float64(latencyMost)), "< 1.5 s", p95-sourceInterval < latencyMost})
	return nil
}

// timeChanges times so many, at any moment of the source's interval.
func (v *venue) timeChanges(ctx context.Context) (took []time.Duration, err error) {
	source, err := sql.Open("sqlite", v.source+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	defer func() { _ = source.Close() }()
	zone, err := time.LoadLocation("Europe/Moscow") // of the venue's clock, as its change marks have it
	if err != nil {
		return nil, err
	}
	other, err := client.New(v.url, client.Token(v.SyncKey))
	if err != nil {
		return nil, err
	}
	welcome, err := other.Hello(ctx, client.Hello{DeviceID: uuid.New(), DeviceName: "Other", Agent: "bench", LocalTime: time.Now()})
	if err != nil {
		return nil, err
	}
	cursor, random := welcome.Feed.Cursor, newGenerator(5)
	for sample := range latencySamples {
		time.Sleep(time.Duration(random.Int64N(int64(sourceInterval))))
		mark := fmt.Sprintf("bench-%d", sample)
		began := time.Now()
		_, err := source.ExecContext(ctx, `UPDATE checks SET fiscal_no = ?, changed_at = ? WHERE id = ?`,
			mark, began.In(zone).Format(time.RFC3339), 1+sample)
		if err != nil {
			return nil, err
		}
		if cursor, err = awaitChange(ctx, other, cursor, mark); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

// awaitChange polls until a receipt with the mark comes.
func awaitChange(ctx context.Context, from *client.Client, cursor, mark string) (next string, err error) {
	for until := time.Now().Add(2 * latencyWait); time.Now().Before(until); {
		page, err := from.Changes(ctx, client.Page{Cursor: cursor, Wait: latencyWait})
		if err != nil {
			return "", err
		}
		cursor = page.Cursor
		for _, change := range page.Changes {
			if change.Kind == "receipt" && fiscalNumber(change.Data) == mark {
				return cursor, nil
			}
		}
	}
	return "", fmt.Errorf("the change %q did not come within %s", mark, 2*latencyWait)
}

func fiscalNumber(data []byte) string {
	var receipt struct {
		FiscalNumber string `json:"fiscal_number"`
	}
	_ = json.Unmarshal(data, &receipt) // what is no receipt has none
	return receipt.FiscalNumber
}
