package sync

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

// Hello is what a device says of itself.
type Hello struct {
	DeviceID     uuid.UUID
	DeviceName   string
	Agent        string
	AgentVersion string
	LocalTime    time.Time // zero: not said
	Cursor       string    // the place up to which the device knows the feed; "": it does not say
}

// Greeting is what the cabinet answers to a device.
type Greeting struct {
	ServerTime time.Time
	ClockSkew  time.Duration // how far the device's clock is ahead; negative: behind
	Feed       Position
	Continues  bool // the feed goes on from the cursor that the device sent, if it sent one
}

// Greet registers a device by its first hello, and notes every later one. No
// feed continues from a cursor that cannot be read.
func (f *Feed) Greet(ctx context.Context, organization uuid.UUID, hello Hello) (greeting Greeting, err error) {
	greeting.ServerTime = f.now()
	var skew *int64 // not known
	if !hello.LocalTime.IsZero() {
		greeting.ClockSkew = hello.LocalTime.Sub(greeting.ServerTime).Round(time.Second)
		seconds := int64(greeting.ClockSkew.Seconds())
		skew = &seconds
	}
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) (err error) {
		from, unreadable := ParseCursor(hello.Cursor)
		batch := &pgx.Batch{}
		feed := QueuePosition(batch, organization, from)
		batch.Queue(`
			INSERT INTO devices (organization_id, id, name, agent, agent_version, clock_skew_seconds, first_seen_at, last_seen_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
			ON CONFLICT (organization_id, id) DO UPDATE SET
				name = excluded.name, agent = excluded.agent, agent_version = excluded.agent_version,
				clock_skew_seconds = excluded.clock_skew_seconds, last_seen_at = excluded.last_seen_at`,
			organization, hello.DeviceID, hello.DeviceName, hello.Agent, hello.AgentVersion,
			skew, greeting.ServerTime)
		QueueDeviceBound(batch, organization, hello.DeviceID)
		err = tx.SendBatch(ctx, batch).Close()
		greeting.Feed, greeting.Continues = feed.Position, unreadable == nil && feed.Err() == nil
		return err
	})
	return greeting, err
}

// MaxDevices is how many devices of an organization are known.
const MaxDevices = 1000

// QueueDeviceBound lets devices be forgotten that are more than may be known, after one of them was noted: those that
// synchronize no source first, and those that were heard longest ago. The organization's first one
// stays: it says since when the organization is connected. What another transaction is
// noting is let be.
func QueueDeviceBound(batch *pgx.Batch, organization, noted uuid.UUID) {
	batch.Queue(`
		DELETE FROM devices WHERE organization_id = $1 AND id IN (
			SELECT id FROM devices WHERE organization_id = $1 AND id IN (
				SELECT id FROM devices
				WHERE organization_id = $1 AND id <> $2
				ORDER BY first_seen_at > (SELECT min(first_seen_at) FROM devices WHERE organization_id = $1),
					source_id IS NULL, last_seen_at DESC, id OFFSET $3)
			FOR UPDATE SKIP LOCKED)`, organization, noted, MaxDevices-1)
}

// Pulled notes that a device has pulled. A device that never said hello is not
// registered by it.
func (f *Feed) Pulled(ctx context.Context, organization, device uuid.UUID) error {
	return f.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE devices SET last_pull_at = $3, last_seen_at = $3 WHERE organization_id = $1 AND id = $2`,
			organization, device, f.now())
		return err
	})
}
