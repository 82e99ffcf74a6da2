package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/sync/errgroup"
)

// line is what all clients of this program share. It asks for no compression
// unless a row does.
var line = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32, DisableCompression: true}}

// pushBody sends one body, and holds the answer against what every change of it
// must have come to.
func (c *cabinet) pushBody(ctx context.Context, to *organization, body []byte, encoding, status string, changes int) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/api/v1/sync/push", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+to.SyncKey)
	request.Header.Set("Content-Type", "application/json")
	if encoding != "" {
		request.Header.Set("Content-Encoding", encoding)
	}
	answer, err := line.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if found := bytes.Count(content, []byte(`"`+status+`"`)); answer.StatusCode != http.StatusOK || found != changes {
		return fmt.Errorf("%d of %d changes are %s: %d %.300s", found, changes, status, answer.StatusCode, content)
	}
	return nil
}

// pushNew pushes a batch that the cabinet does not know.
func (c *cabinet) pushNew(ctx context.Context, to *organization, b *batch) error {
	return c.pushBody(ctx, to, b.body, "", "applied", len(b.ids))
}

// perTurn is how many batches one client pushes in a turn: long enough for the
// projections to be at work beside most of them.
const perTurn = 20

// pushing is the measurement of one client.
type pushing struct {
	*cabinet
	generator
	to      *organization
	raw     *raw
	batches []*batch
	bodies  [][]byte
	columns []columns
}

// freshBatches prepares batches that nobody has sent.
func (p *pushing) freshBatches() error {
	p.batches = p.generator.makeBatches(p.to.device, perTurn)
	p.bodies = nil
	for _, b := range p.batches {
		p.bodies = append(p.bodies, b.body)
	}
	return nil
}

// compressBatches prepares them compressed.
func (p *pushing) compressBatches(with func([]byte) ([]byte, error)) func() error {
	return func() (err error) {
		if err := p.freshBatches(); err != nil {
			return err
		}
		for i, body := range p.bodies {
			if p.bodies[i], err = with(body); err != nil {
				return err
			}
		}
		return nil
	}
}

// laidOut prepares them for the raw limit.
func (p *pushing) laidOut() error {
	err := p.freshBatches()
	p.columns = nil
	for _, b := range p.batches {
		p.columns = append(p.columns, p.raw.columnsOf(b))
	}
	return err
}

func (p *pushing) pushAll(ctx context.Context, encoding, status string) func() error {
	return func() error {
		for _, body := range p.bodies {
			if err := p.pushBody(ctx, p.to, body, encoding, status, perBatch); err != nil {
				return err
			}
		}
		return nil
	}
}

func (p *pushing) writeAll(ctx context.Context) func() error {
	return func() error {
		for _, rows := range p.columns {
			if err := p.raw.copyRows(ctx, rows); err != nil {
				return err
			}
		}
		return nil
	}
}

func measurePush(ctx context.Context, b *bench) (err error) {
	p := &pushing{cabinet: b.cabinet, generator: newGenerator(1)}
	if p.to, err = b.cabinet.newOrganization(ctx); err != nil {
		return err
	}
	if p.raw, err = b.cabinet.newRaw(ctx); err != nil {
		return err
	}
	defer func() { _ = p.raw.conn.Close(ctx) }()
	first := &side{prepare: p.freshBatches, work: p.pushAll(ctx, "", "applied")}
	again := &side{prepare: func() error { return nil }, work: p.pushAll(ctx, "", "unchanged")}
	zipped := &side{prepare: p.compressBatches(gzipBody), work: p.pushAll(ctx, "gzip", "applied")}
	packed := &side{prepare: p.compressBatches(zstdBody), work: p.pushAll(ctx, "zstd", "applied")}
	limit := &side{prepare: p.laidOut, work: p.writeAll(ctx)}
	if err := p.alternateSides(ctx, first, again, limit, packed, zipped); err != nil {
		return err
	}
	const units = perTurn * perBatch
	against := limit.medianRate(units)
	ratio := func(s *side) float64 { return float64(s.medianRate(units) / against) }
	b.addResult(result{"push, one client", first.medianRate(units).String(), against.String(), formatPercent(ratio(first)), "≥ 70 %", ratio(first) >= 0.7})
	b.addResult(result{what: "– zstd", measured: packed.medianRate(units).String(), against: against.String(), ratio: formatPercent(ratio(packed))})
	b.addResult(result{what: "– gzip", measured: zipped.medianRate(units).String(), against: against.String(), ratio: formatPercent(ratio(zipped))})
	repeated := first.medianTime().Seconds() / again.medianTime().Seconds()
	b.addResult(result{"repeat of a known push", again.medianRate(units).String(), first.medianRate(units).String(), formatTimes(repeated), "≥ 3×", repeated >= 3})
	return p.measureQuiet(ctx, b, against)
}

// measureQuiet times pushes one by one, each when the projections have caught up.
func (p *pushing) measureQuiet(ctx context.Context, b *bench, against rate) error {
	quiet, err := p.timeWithoutProjection(ctx)
	if err != nil {
		return err
	}
	alone := rateOver(perBatch, quiet)
	b.addResult(result{what: "– one push, nothing to project beside it", measured: alone.String(), against: against.String(), ratio: formatPercent(float64(alone / against))})
	return nil
}

// timeWithoutProjection is the median time of a push to a server that has nothing else to do.
func (p *pushing) timeWithoutProjection(ctx context.Context) (time.Duration, error) {
	if err := p.freshBatches(); err != nil {
		return 0, err
	}
	var took []time.Duration
	for _, one := range p.batches {
		time, err := p.timeWork(ctx, func() error { return p.pushNew(ctx, p.to, one) })
		if err != nil {
			return 0, err
		}
		took = append(took, time)
	}
	return percentile(took, 50), nil
}

func gzipBody(plain []byte) ([]byte, error) {
	var small bytes.Buffer
	writer, err := gzip.NewWriterLevel(&small, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Write(plain); err != nil {
		return nil, err
	}
	err = writer.Close()
	return small.Bytes(), err
}

func zstdBody(plain []byte) ([]byte, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return encoder.EncodeAll(plain, nil), encoder.Close()
}

// clients is how many organizations push at once.
const clients = 4

// measureFour lets four organizations push at once, against four connections.
func measureFour(ctx context.Context, b *bench) error {
	var four []*pushing
	for i := range clients {
		one := &pushing{cabinet: b.cabinet, generator: newGenerator(uint64(10 + i))}
		var err error
		if one.to, err = b.cabinet.newOrganization(ctx); err != nil {
			return err
		}
		if one.raw, err = b.cabinet.newRaw(ctx); err != nil {
			return err
		}
		defer func() { _ = one.raw.conn.Close(ctx) }()
		four = append(four, one)
	}
	push := &side{prepare: inTurns(four, (*pushing).freshBatches), work: atOnce(four, func(p *pushing) error { return p.pushAll(ctx, "", "applied")() })}
	limit := &side{prepare: inTurns(four, (*pushing).laidOut), work: atOnce(four, func(p *pushing) error { return p.writeAll(ctx)() })}
	if err := b.cabinet.alternateSides(ctx, push, limit); err != nil {
		return err
	}
	const units = clients * perTurn * perBatch
	ratio := float64(push.medianRate(units) / limit.medianRate(units))
	b.addResult(result{"push, four organizations at once", push.medianRate(units).String(), limit.medianRate(units).String(), formatPercent(ratio), "≥ 75 %", ratio >= 0.75})
	return nil
}

func inTurns(all []*pushing, do func(*pushing) error) func() error {
	return func() error {
		for _, one := range all {
			if err := do(one); err != nil {
				return err
			}
		}
		return nil
	}
}

func atOnce(all []*pushing, do func(*pushing) error) func() error {
	return func() error {
		var group errgroup.Group
		for _, one := range all {
			group.Go(func() error { return do(one) })
		}
		return group.Wait()
	}
}
