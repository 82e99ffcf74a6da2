package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/organization"
	"github.com/interpos/cabinet/internal/postgres"
)

const perPush = 1000

// BenchmarkPush measures the push of 1,000 new receipts over HTTP, and beside it
// the raw limit: pgx writing the same rows into the same table on the same
// durable PostgreSQL. Both take turns, so that a noisy machine is noisy for both,
// and the medians are compared. The first turns warm up and do not count.
func BenchmarkPush(b *testing.B) {
	bench := newPushBench(b)
	var pushing, writing []time.Duration
	for b.Loop() {
		body, rows := bench.batch()
		pushing = append(pushing, timed(func() { bench.push(body) }))
		writing = append(writing, timed(func() { bench.write(rows) }))
	}
	push, raw := median(pushing), median(writing)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(perPush/push.Seconds(), "pushed/s")
	b.ReportMetric(perPush/raw.Seconds(), "raw/s")
	b.ReportMetric(100*raw.Seconds()/push.Seconds(), "%_of_raw")
}

// timed collects the garbage of the bench itself first: it makes the receipts in
// the server's process, and neither side shall pay for that.
func timed(work func()) time.Duration {
	runtime.GC()
	start := time.Now()
	work()
	return time.Since(start)
}

// median leaves out the first turns, if there are enough others.
func median(durations []time.Duration) time.Duration {
	const warmUp = 5
	if len(durations) > 2*warmUp {
		durations = durations[warmUp:]
	}
	slices.Sort(durations)
	return durations[len(durations)/2]
}

type pushBench struct {
	*testing.B
	app    *app.App
	key    string
	conn   *pgx.Conn
	rawOrg uuid.UUID
	device uuid.UUID
	seq    int64
	random *rand.Rand
}

func newPushBench(b *testing.B) *pushBench {
	b.Helper()
	ctx := context.Background()
	cluster, err := postgres.Start(ctx, postgres.Options{DataDir: b.TempDir()})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, cluster.Stop(ctx)) })
	require.NoError(b, cluster.EnsureDatabase(ctx, "cabinet"))
	p := &pushBench{B: b, device: uuid.New(), rawOrg: uuid.New(), random: rand.New(rand.NewPCG(1, 2))}
	p.app = app.New(app.Config{Addr: "127.0.0.1:0", DataDir: b.TempDir(), DatabaseURL: cluster.DSN("cabinet"), LogLevel: "error"}, slog.New(slog.DiscardHandler))
	require.NoError(b, p.app.Start(ctx))
	b.Cleanup(func() { require.NoError(b, p.app.Stop(ctx)) })
	p.conn, err = pgx.Connect(ctx, cluster.DSN("cabinet"))
	require.NoError(b, err)
	b.Cleanup(func() { p.conn.Close(ctx) })
	owner := uuid.New()
	_, err = p.conn.Exec(ctx, `INSERT INTO users (id, email, password_hash, full_name) VALUES ($1, 'owner@example.com', '', 'Owner')`, owner)
	require.NoError(b, err)
	minutes := 60
	created, err := p.app.API().Organizations.Create(ctx, owner, organization.Fields{
		Name: "Venue", TimeZone: "Europe/Moscow", Currency: "RUB", DefaultDeliveryMinutes: &minutes,
	})
	require.NoError(b, err)
	p.key = created.SyncKey.Key
	return p
}

// rawRow is a record as the raw limit writes it.
type rawRow struct {
	id   uuid.UUID
	data string
}

// batch makes receipts that nobody has sent before.
func (p *pushBench) batch() (body []byte, rows []rawRow) {
	changes := make([]object, perPush)
	rows = make([]rawRow, perPush)
	for i := range changes {
		data := p.receipt()
		raw, err := json.Marshal(data)
		require.NoError(p, err)
		rows[i] = rawRow{uuid.New(), string(raw)}
		changes[i] = object{"kind": "receipt", "id": uuid.New(), "modified_at": "2026-05-25T20:03:14.123+03:00", "data": data}
	}
	body, err := json.Marshal(object{"device_id": p.device, "changes": changes})
	require.NoError(p, err)
	return body, rows
}

func (p *pushBench) receipt() object {
	at := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(p.random.IntN(30*24*3600)) * time.Second).Format(time.RFC3339)
	lines, total := make([]object, 1+p.random.IntN(4)), 0
	for i := range lines {
		count, price := 1+p.random.IntN(3), 50+p.random.IntN(400)
		total += count * price
		lines[i] = object{"id": uuid.New(), "product_id": uuid.New(), "name": "Капучино большой", "quantity": count, "price": price,
			"discount": 0, "total": count * price, "tax_rate": 20, "tax": 12.5, "cost": 31.25}
	}
	return object{
		"number": fmt.Sprint(p.random.IntN(1e6)), "occurred_at": at, "closed_at": at, "type": "sale", "status": "closed",
		"outlet_id": uuid.New(), "employee_id": uuid.New(), "shift_id": uuid.New(), "guests": 1, "source": "counter",
		"total": total, "discount_total": 0, "tax_total": 12.5, "tip": 0, "lines": lines,
		"payments": []object{{"payment_type_id": uuid.New(), "amount": total, "at": at}},
	}
}

func (p *pushBench) push(body []byte) {
	request, err := http.NewRequest(http.MethodPost, p.app.URL()+"/api/v1/sync/push", bytes.NewReader(body))
	require.NoError(p, err)
	request.Header.Set("Authorization", "Bearer "+p.key)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(p, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(p, err)
	if response.StatusCode != http.StatusOK || bytes.Count(answer, []byte(`"applied"`)) != perPush {
		p.Fatalf("%d: %.300s", response.StatusCode, answer)
	}
}

// write is the raw limit: one statement, one durable transaction.
func (p *pushBench) write(rows []rawRow) {
	kinds, ids, seqs := make([]string, len(rows)), make([][16]byte, len(rows)), make([]int64, len(rows))
	versions, times, deleted := make([]int64, len(rows)), make([]time.Time, len(rows)), make([]bool, len(rows))
	devices, buckets := make([][16]byte, len(rows)), make([]string, len(rows))
	hashes, data := make([][]byte, len(rows)), make([]string, len(rows))
	now := time.Now()
	for i, row := range rows {
		p.seq++
		kinds[i], ids[i], seqs[i], versions[i], times[i] = "receipt", row.id, p.seq, 1, now
		devices[i], buckets[i], hashes[i], data[i] = p.device, "2026-05-25", make([]byte, 32), row.data
	}
	_, err := p.conn.Exec(context.Background(), `
		INSERT INTO records (organization_id, kind, id, seq, version, modified_at, device_id, deleted, bucket, hash, data, received_at, chain)
		SELECT $1, r.*, $12, $13 FROM unnest($2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::timestamptz[],
			$7::uuid[], $8::boolean[], $9::text[], $10::bytea[], $11::text[]) AS r
		ON CONFLICT (organization_id, kind, id) DO UPDATE SET seq = excluded.seq, data = excluded.data`,
		p.rawOrg, kinds, ids, seqs, versions, times, devices, deleted, buckets, hashes, data, now, make([]byte, 32))
	require.NoError(p, err)
}
