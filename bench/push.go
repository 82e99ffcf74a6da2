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

// push sends one body, and holds the answer against what every change of it
// must have come to.
func (c *cabinet) push(ctx context.Context, to *organization, body []byte, encoding, status string, changes int) error {
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
	return c.push(ctx, to, b.body, "", "applied", len(b.ids))
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

// fresh prepares batches that nobody has sent.
func (p *pushing) fresh() error {
	p.batches = p.generator.batches(p.to.device, perTurn)
	p.bodies = nil
	for _, b := range p.batches {
		p.bodies = append(p.bodies, b.body)
	}
	return nil
}

// packed prepares them compressed.
func (p *pushing) packed(with func([]byte) ([]byte, error)) func() error {
	return func() (err error) {
		if err := p.fresh(); err != nil {
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
	err := p.fresh()
	p.columns = nil
	for _, b := range p.batches {
		p.columns = append(p.columns, p.raw.columns(b))
	}
	return err
}

func (p *pushing) pushAll(ctx context.Context, encoding, status string) func() error {
	return func() error {
		for _, body := range p.bodies {
			if err := p.push(ctx, p.to, body, encoding, status, perBatch); err != nil {
				return err
			}
		}
		return nil
	}
}

func (p *pushing) writeAll(ctx context.Context) func() error {
	return func() error {
		for _, rows := range p.columns {
			if err := p.raw.write(ctx, rows); err != nil {
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
	first := &side{prepare: p.fresh, work: p.pushAll(ctx, "", "applied")}
	again := &side{prepare: func() error { return nil }, work: p.pushAll(ctx, "", "unchanged")}
	zipped := &side{prepare: p.packed(gzipped), work: p.pushAll(ctx, "gzip", "applied")}
	packed := &side{prepare: p.packed(zstandard), work: p.pushAll(ctx, "zstd", "applied")}
	limit := &side{prepare: p.laidOut, work: p.writeAll(ctx)}
	if err := p.alternate(ctx, first, again, limit, packed, zipped); err != nil {
		return err
	}
	const units = perTurn * perBatch
	against := limit.rate(units)
	ratio := func(s *side) float64 { return float64(s.rate(units) / against) }
	b.add(result{"push, one client", first.rate(units).String(), against.String(), percent(ratio(first)), "≥ 70 %", ratio(first) >= 0.7})
	b.add(result{what: "– zstd", measured: packed.rate(units).String(), against: against.String(), ratio: percent(ratio(packed))})
	b.add(result{what: "– gzip", measured: zipped.rate(units).String(), against: against.String(), ratio: percent(ratio(zipped))})
	repeated := first.median().Seconds() / again.median().Seconds()
	b.add(result{"repeat of a known push", again.rate(units).String(), first.rate(units).String(), times(repeated), "≥ 3×", repeated >= 3})
	return p.measureQuiet(ctx, b, against)
}

// measureQuiet times pushes one by one, each when the projections have caught up.
func (p *pushing) measureQuiet(ctx context.Context, b *bench, against rate) error {
	quiet, err := p.quiet(ctx)
	if err != nil {
		return err
	}
	alone := over(perBatch, quiet)
	b.add(result{what: "– one push, nothing to project beside it", measured: alone.String(), against: against.String(), ratio: percent(float64(alone / against))})
	return nil
}

// quiet is the median time of a push to a server that has nothing else to do.
func (p *pushing) quiet(ctx context.Context) (time.Duration, error) {
	if err := p.fresh(); err != nil {
		return 0, err
	}
	var took []time.Duration
	for _, one := range p.batches {
		time, err := p.timed(ctx, func() error { return p.pushNew(ctx, p.to, one) })
		if err != nil {
			return 0, err
		}
		took = append(took, time)
	}
	return percentile(took, 50), nil
}

func gzipped(plain []byte) ([]byte, error) {
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

func zstandard(plain []byte) ([]byte, error) {
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
	push := &side{prepare: each(four, (*pushing).fresh), work: together(four, func(p *pushing) error { return p.pushAll(ctx, "", "applied")() })}
	limit := &side{prepare: each(four, (*pushing).laidOut), work: together(four, func(p *pushing) error { return p.writeAll(ctx)() })}
	if err := b.cabinet.alternate(ctx, push, limit); err != nil {
		return err
	}
	const units = clients * perTurn * perBatch
	ratio := float64(push.rate(units) / limit.rate(units))
	b.add(result{"push, four organizations at once", push.rate(units).String(), limit.rate(units).String(), percent(ratio), "≥ 75 %", ratio >= 0.75})
	return nil
}

func each(all []*pushing, do func(*pushing) error) func() error {
	return func() error {
		for _, one := range all {
			if err := do(one); err != nil {
				return err
			}
		}
		return nil
	}
}

func together(all []*pushing, do func(*pushing) error) func() error {
	return func() error {
		var group errgroup.Group
		for _, one := range all {
			group.Go(func() error { return do(one) })
		}
		return group.Wait()
	}
}
