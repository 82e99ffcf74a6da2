package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

const (
	pocketModule  = "bench/pocketbase"
	pocketPerTurn = 4 // batches of a client in a turn
	pocketCost    = 1.0 / 3
)

// pocketBase is a running one, with a collection of receipts.
type pocketBase struct {
	*child
	url, token string
	receipts   int // that it holds
	pages      [clients][][]byte
}

// startPocketBase builds it, for which its module must be at hand, and runs it.
func (b *bench) startPocketBase(ctx context.Context) (*pocketBase, error) {
	program := filepath.Join(b.dir, "pocketbase")
	build := exec.CommandContext(ctx, "go", "build", "-C", pocketModule, "-o", program, ".")
	if said, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("PocketBase cannot be built (is the Go proxy reachable?): %w\n%s", err, said)
	}
	process, err := startProcess(ctx, b.log, nil, program, filepath.Join(b.dir, "pb_data"))
	if err != nil {
		return nil, err
	}
	p := &pocketBase{child: process}
	p.url, p.token, _ = strings.Cut(process.ready, " ")
	return p, nil
}

func (p *pocketBase) sendRequest(ctx context.Context, method, path string, body []byte) (answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, method, p.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", p.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := line.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err = io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("PocketBase answers %d %.300s", response.StatusCode, answer)
	}
	return answer, err
}

// prepareBatches makes what each client sends in a turn.
func (p *pocketBase) prepareBatches(g generator, clients int) func() error {
	return func() error {
		for i := range clients {
			p.pages[i] = nil
			for range pocketPerTurn {
				p.pages[i] = append(p.pages[i], pocketBatch(g.makeBatch(uuid.Nil)))
			}
		}
		return nil
	}
}

// pocketBatch is the same receipts as requests of the batch API: the document
// whole, and beside it the columns that a list would sort and filter by.
func pocketBatch(b *batch) []byte {
	requests := make([]object, len(b.data))
	for i, text := range b.data {
		var fields struct {
			Number     string  `json:"number"`
			OccurredAt string  `json:"occurred_at"`
			OutletID   string  `json:"outlet_id"`
			Total      float64 `json:"total"`
		}
		_ = json.Unmarshal([]byte(text), &fields) // it was made by json.Marshal
		requests[i] = object{"method": "POST", "url": "/api/collections/receipts/records", "body": object{
			"number": fields.Number, "occurred_at": fields.OccurredAt, "outlet_id": fields.OutletID, "total": fields.Total,
			"data": json.RawMessage(text),
		}}
	}
	body, _ := json.Marshal(object{"requests": requests}) // plain values: it cannot fail
	return body
}

// pushBatches sends what was prepared, one client beside the other.
func (p *pocketBase) pushBatches(ctx context.Context, clients int) func() error {
	return func() error {
		var group errgroup.Group
		for i := range clients {
			group.Go(func() error {
				for _, body := range p.pages[i] {
					answer, err := p.sendRequest(ctx, http.MethodPost, "/api/batch", body)
					if err != nil {
						return err
					}
					if made := bytes.Count(answer, []byte(`"status":200`)); made != perBatch {
						return fmt.Errorf("PocketBase took %d of %d receipts: %.300s", made, perBatch, answer)
					}
				}
				return nil
			})
		}
		p.receipts += clients * pocketPerTurn * perBatch
		return group.Wait()
	}
}

// pullRecords reads all receipts page by page, as PocketBase's own clients do for a full list.
func (p *pocketBase) pullRecords(ctx context.Context) error {
	found := 0
	for page := 1; found < p.receipts; page++ {
		answer, err := p.sendRequest(ctx, http.MethodGet, fmt.Sprintf("/api/collections/receipts/records?perPage=%d&page=%d&skipTotal=1", perBatch, page), nil)
		if err != nil {
			return err
		}
		on := bytes.Count(answer, []byte(`"collectionName"`))
		if on == 0 {
			return fmt.Errorf("PocketBase gives %d of %d receipts", found, p.receipts)
		}
		found += on
	}
	return nil
}

// measurePocketBase pushes the same receipts to PocketBase and to the cabinet,
// by turns, and compares what a pulled receipt costs either server.
func measurePocketBase(ctx context.Context, b *bench) (err error) {
	p, err := b.startPocketBase(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	if err := p.comparePushes(ctx, b, 1, 5); err != nil {
		return err
	}
	if err := p.comparePushes(ctx, b, clients, 8); err != nil {
		return err
	}
	return p.comparePulls(ctx, b)
}

// comparePushes lets so many clients push to either, each of the cabinet's for
// an organization of its own.
func (p *pocketBase) comparePushes(ctx context.Context, b *bench, clients int, factor float64) error {
	var ours []*pushing
	for i := range clients {
		to, err := b.cabinet.newOrganization(ctx)
		if err != nil {
			return err
		}
		ours = append(ours, &pushing{cabinet: b.cabinet, generator: newGenerator(uint64(50 + i)), to: to})
	}
	push := &side{prepare: inTurns(ours, (*pushing).freshBatches), work: atOnce(ours, func(p *pushing) error { return p.pushAll(ctx, "", "applied")() })}
	theirs := &side{prepare: p.prepareBatches(newGenerator(60), clients), work: p.pushBatches(ctx, clients)}
	if err := b.cabinet.alternateSides(ctx, push, theirs); err != nil {
		return err
	}
	rate, other := push.medianRate(clients*perTurn*perBatch), theirs.medianRate(clients*pocketPerTurn*perBatch)
	ratio := float64(rate / other)
	b.addResult(result{fmt.Sprintf("push beside PocketBase's batch API, clients: %d", clients), rate.String(), other.String(), formatTimes(ratio),
		fmt.Sprintf("≥ %.0f×", factor), ratio >= factor})
	return nil
}

// comparePulls holds processor times against each other, not the clock.
func (p *pocketBase) comparePulls(ctx context.Context, b *bench) error {
	from, err := b.filledOrganization(ctx)
	if err != nil {
		return err
	}
	before, err := p.cpuTime()
	if err != nil {
		return err
	}
	if err := p.pullRecords(ctx); err != nil {
		return err
	}
	after, err := p.cpuTime()
	if err != nil {
		return err
	}
	theirs := (after - before) / time.Duration(p.receipts)
	alone, both, err := b.cabinet.pullCost(ctx, from)
	if err != nil {
		return err
	}
	ratio := float64(alone) / float64(theirs)
	b.addResult(result{"server's processor time of a pulled receipt, beside PocketBase", formatMicroseconds(alone), formatMicroseconds(theirs), formatPercent(ratio),
		"≤ 33 %", ratio <= pocketCost})
	b.addResult(result{what: "– PostgreSQL's with it", measured: formatMicroseconds(both), against: formatMicroseconds(theirs), ratio: formatPercent(float64(both) / float64(theirs))})
	return nil
}

func formatMicroseconds(d time.Duration) string { return fmt.Sprintf("%.1f µs", d.Seconds()*1e6) }
