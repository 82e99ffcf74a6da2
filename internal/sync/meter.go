package sync

import (
	"bytes"
	"context"
	"slices"
	stdsync "sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

const (
	// meterWindow is the time that usage is counted over.
	meterWindow = time.Minute
	// meterExchange is how often server processes tell each other what they have
	// counted: by so much may a limit be overrun.
	meterExchange = time.Second
)

// Usage is what a sync key takes of the server: requests, bytes of their bodies
// and answers as they go over the wire, records pushed and pulled.
type Usage struct {
	Requests, Bytes, Records int64
}

func (u Usage) plus(other Usage) Usage {
	return Usage{u.Requests + other.Requests, u.Bytes + other.Bytes, u.Records + other.Records}
}

// DefaultLimits are what one sync key may use in a minute where nothing else is
// set: more than a single device at full speed takes, and a bound for a program
// that has gone wild.
var DefaultLimits = Usage{Requests: 6_000, Bytes: 4 << 30, Records: 5_000_000}

// Meter counts what sync keys use, and refuses the requests of those that have
// used up what they may in a minute. It holds a request up to the limit only
// before it begins: what has begun is never cut off.
type Meter struct {
	db  *db.DB
	now func() time.Time
	// Limits are what one organization may use in a minute.
	Limits Usage

	mu      stdsync.Mutex
	windows map[uuid.UUID]*usageWindow
}

type usageWindow struct {
	minute time.Time
	used   Usage // by all processes, as far as this one knows
	unsent Usage // of it, what the others do not know yet
}

// NewMeter makes a meter; Run lets processes count together.
func NewMeter(database *db.DB, limits Usage, now func() time.Time) *Meter {
	return &Meter{db: database, now: now, Limits: limits, windows: map[uuid.UUID]*usageWindow{}}
}

// Standing is what is left to a sync key, and when it may use everything again.
type Standing struct {
	Left  Usage
	Reset time.Duration
}

// Admit counts a request. Error: RateLimited, with the time after which to come
// again; Standing is valid all the same.
func (m *Meter) Admit(organization uuid.UUID) (Standing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	window := m.currentWindow(organization, now)
	reset := window.minute.Add(meterWindow).Sub(now)
	exhausted := window.used.Requests >= m.Limits.Requests || window.used.Bytes >= m.Limits.Bytes || window.used.Records >= m.Limits.Records
	if !exhausted {
		window.countUsage(Usage{Requests: 1})
	}
	standing := Standing{Reset: reset, Left: Usage{
		Requests: max(0, m.Limits.Requests-window.used.Requests),
		Bytes:    max(0, m.Limits.Bytes-window.used.Bytes),
		Records:  max(0, m.Limits.Records-window.used.Records),
	}}
	if exhausted {
		return standing, fault.Retry(fault.RateLimited, "The sync key has used up what it may in a minute. Send the same again later.", reset)
	}
	return standing, nil
}

// Count adds what a request has used.
func (m *Meter) Count(organization uuid.UUID, used Usage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.currentWindow(organization, m.now()).countUsage(used)
}

func (w *usageWindow) countUsage(used Usage) {
	w.used, w.unsent = w.used.plus(used), w.unsent.plus(used)
}

// currentWindow is the organization's window of this minute; one of the minute before
// is forgotten.
func (m *Meter) currentWindow(organization uuid.UUID, now time.Time) *usageWindow {
	minute := now.Truncate(meterWindow)
	window := m.windows[organization]
	if window == nil || window.minute.Before(minute) {
		window = &usageWindow{minute: minute}
		m.windows[organization] = window
	}
	return window
}

// Run exchanges what was counted with the other processes until ctx ends. While
// the database is away, this process counts by itself.
func (m *Meter) Run(ctx context.Context) {
	ticker := time.NewTicker(meterExchange)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			deltas := m.takeUnsent()
			if len(deltas) == 0 {
				continue
			}
			totals, err := m.exchangeUsage(ctx, deltas)
			if err != nil {
				totals = nil // they stay counted here; the others never learn of them
			}
			m.learnTotals(totals)
		}
	}
}

type usageRow struct {
	Organization uuid.UUID
	Minute       time.Time
	Usage
}

// takeUnsent collects what the others do not know, by organization, so that two
// processes lock rows in one order. Windows that have ended are dropped.
func (m *Meter) takeUnsent() (deltas []usageRow) {
	m.mu.Lock()
	defer m.mu.Unlock()
	minute := m.now().Truncate(meterWindow)
	for organization, window := range m.windows {
		if window.minute.Before(minute) {
			delete(m.windows, organization)
			continue
		}
		deltas = append(deltas, usageRow{organization, window.minute, window.unsent})
		window.unsent = Usage{}
	}
	slices.SortFunc(deltas, func(a, b usageRow) int { return bytes.Compare(a.Organization[:], b.Organization[:]) })
	return deltas
}

const addUsage = `
INSERT INTO sync_usage AS u (organization_id, minute, requests, bytes, records)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (organization_id) DO UPDATE SET
    requests = excluded.requests + CASE WHEN u.minute = excluded.minute THEN u.requests ELSE 0 END,
    bytes = excluded.bytes + CASE WHEN u.minute = excluded.minute THEN u.bytes ELSE 0 END,
    records = excluded.records + CASE WHEN u.minute = excluded.minute THEN u.records ELSE 0 END,
    minute = excluded.minute
    WHERE u.minute <= excluded.minute
RETURNING organization_id, minute, requests, bytes, records`

func (m *Meter) exchangeUsage(ctx context.Context, deltas []usageRow) (totals []usageRow, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	batch := &pgx.Batch{}
	for _, d := range deltas {
		batch.Queue(addUsage, d.Organization, d.Minute, d.Requests, d.Bytes, d.Records).Query(func(rows pgx.Rows) error {
			var r usageRow // there is none where the others are in a later minute
			_, err := pgx.ForEachRow(rows, []any{&r.Organization, &r.Minute, &r.Requests, &r.Bytes, &r.Records}, func() error {
				totals = append(totals, r)
				return nil
			})
			return err
		})
	}
	err = m.db.System(ctx, func(tx db.Tx) error { return tx.SendBatch(ctx, batch).Close() })
	return totals, err
}

// learnTotals takes over what all processes have counted together.
func (m *Meter) learnTotals(totals []usageRow) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, total := range totals {
		if window := m.windows[total.Organization]; window != nil && window.minute.Equal(total.Minute) {
			window.used = total.plus(window.unsent)
		}
	}
}
