package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/klauspost/compress/zstd"
)

// pulled is how many receipts a filled organization has at first.
const pulled = 200_000

// filledOrganization has as many receipts as a pull is to read. Several rows share
// it; who pushes more to it counts them.
func (b *bench) filledOrganization(ctx context.Context) (*organization, error) {
	if b.filled != nil {
		return b.filled, nil
	}
	to, err := b.cabinet.newOrganization(ctx)
	if err != nil {
		return nil, err
	}
	templates := newGenerator(2).makeBatches(to.device, perTurn)
	for i := range pulled / perBatch {
		one := templates[i%perTurn]
		one.renewIDs()
		if err := b.cabinet.pushNew(ctx, to, one); err != nil {
			return nil, err
		}
	}
	to.receipts = pulled
	b.filled = to
	return to, nil
}

// pullChanges reads the whole feed as lines, discarding them as they come, and gives
// how many changes it held.
func (c *cabinet) pullChanges(ctx context.Context, from *organization, encoding string) (changes int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/api/v1/sync/changes", nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+from.SyncKey)
	request.Header.Set("Accept", "application/x-ndjson")
	if encoding != "" {
		request.Header.Set("Accept-Encoding", encoding)
	}
	answer, err := line.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Encoding") != encoding {
		return 0, fmt.Errorf("a pull answers %d, packed with %q", answer.StatusCode, answer.Header.Get("Content-Encoding"))
	}
	body := io.Reader(answer.Body)
	if encoding == "zstd" {
		unzipped, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return 0, err
		}
		defer unzipped.Close()
		body = unzipped
	}
	var lines counter
	if _, err := io.CopyBuffer(struct{ io.Writer }{&lines}, body, make([]byte, 256<<10)); err != nil {
		return 0, err
	}
	return int(lines) - 1, nil // the last one is the cursor
}

// counter is a discarded stream that counts its lines.
type counter int

func (c *counter) Write(data []byte) (int, error) {
	*c += counter(bytes.Count(data, []byte{'\n'}))
	return len(data), nil
}

// expectAll is work that must give all the receipts of an organization.
func (o *organization) expectAll(read func() (int, error)) func() error {
	return func() error {
		found, err := read()
		if err == nil && found != o.receipts {
			err = fmt.Errorf("%d of %d receipts were read", found, o.receipts)
		}
		return err
	}
}

func measurePull(ctx context.Context, b *bench) error {
	from, err := b.filledOrganization(ctx)
	if err != nil {
		return err
	}
	limit, err := b.cabinet.newRaw(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = limit.conn.Close(ctx) }()
	if err := b.cabinet.settlePostgreSQL(ctx); err != nil {
		return err
	}
	nothing := func() error { return nil }
	plain := &side{prepare: nothing, work: from.expectAll(func() (int, error) { return b.cabinet.pullChanges(ctx, from, "") })}
	packed := &side{prepare: nothing, work: from.expectAll(func() (int, error) { return b.cabinet.pullChanges(ctx, from, "zstd") })}
	read := &side{prepare: nothing, work: from.expectAll(func() (int, error) { return limit.countDocuments(ctx, from.ID) })}
	if err := b.cabinet.alternateSides(ctx, plain, read, packed); err != nil {
		return err
	}
	whole, small, against := plain.medianRate(from.receipts), packed.medianRate(from.receipts), read.medianRate(from.receipts)
	ratio := float64(whole / against)
	b.addResult(result{fmt.Sprintf("pull, NDJSON, %s receipts", groupThousands(int64(from.receipts))), whole.String(), against.String(), formatPercent(ratio),
		"≥ 70 %", ratio >= 0.7})
	b.addResult(result{what: "– zstd", measured: small.String(), against: against.String(), ratio: formatPercent(float64(small / against))})
	return nil
}

// pullCost is the processor time of one pulled receipt: of the server alone, and
// with its PostgreSQL.
func (c *cabinet) pullCost(ctx context.Context, from *organization) (alone, both time.Duration, err error) {
	server, database, err := c.cpuSpent(ctx, from.expectAll(func() (int, error) { return c.pullChanges(ctx, from, "") }))
	each := time.Duration(from.receipts)
	return server / each, (server + database) / each, err
}

// cpuSpent is the processor time that the server and its PostgreSQL take for work.
func (c *cabinet) cpuSpent(ctx context.Context, work func() error) (server, database time.Duration, err error) {
	if err := c.awaitIdle(ctx); err != nil {
		return 0, 0, err
	}
	read := func(sign time.Duration) (err error) {
		own, err := c.cpuTime()
		if err != nil {
			return err
		}
		below, err := c.cpuBelow()
		server, database = server+sign*own, database+sign*below
		return err
	}
	if err = read(-1); err == nil {
		if err = work(); err == nil {
			err = read(1)
		}
	}
	return server, database, err
}
