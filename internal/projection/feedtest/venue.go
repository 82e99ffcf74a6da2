//go:build linux

// Package feedtest is a venue for the tests of what reads the feed: it pushes
// records into an organization's feed as a local database does.
package feedtest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/sync"
)

// Venue is an organization with a device that pushes.
type Venue struct {
	DB           *db.DB
	Organization uuid.UUID
	Device       uuid.UUID
	Projector    *projection.Projector
	Feed         *sync.Feed
	Receiver     *push.Receiver
	Now          time.Time // of the server's clock

	tb       testing.TB
	modified time.Time
}

// New makes a database with one organization: Moscow time, roubles, a business
// day from midnight.
func New(tb testing.TB) *Venue {
	tb.Helper()
	return In(tb, dbtest.New(tb))
}

// In makes another organization in a database.
func In(tb testing.TB, database *db.DB) *Venue {
	tb.Helper()
	v := &Venue{
		DB: database, Organization: dbtest.Organization(tb, database), Device: uuid.New(), tb: tb,
		Projector: projection.New(database, slog.New(slog.DiscardHandler)),
		Now:       time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC),
		modified:  time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	v.Feed = sync.New(database, func() time.Time { return v.Now }, v.Projector.Wake)
	v.Receiver = push.New(database, v.Feed, func() time.Time { return v.Now })
	return v
}

// Change is one change of a record; without data, its deletion.
type Change struct {
	Kind string
	ID   uuid.UUID
	Data map[string]any
}

// Push sends changes, each newer than all before. It fails the test where one of
// them is not applied.
func (v *Venue) Push(changes ...Change) {
	v.tb.Helper()
	for len(changes) > 0 {
		count := min(len(changes), sync.MaxChanges)
		v.push(changes[:count])
		changes = changes[count:]
	}
}

func (v *Venue) push(changes []Change) {
	v.tb.Helper()
	changed := make([]map[string]any, len(changes))
	for i, c := range changes {
		v.modified = v.modified.Add(time.Millisecond)
		changed[i] = map[string]any{"kind": c.Kind, "id": c.ID, "modified_at": v.modified, "data": c.Data}
		if c.Data == nil {
			changed[i]["deleted"] = true
			delete(changed[i], "data")
		}
	}
	body, err := json.Marshal(map[string]any{"device_id": v.Device, "changes": changed})
	if err != nil {
		v.tb.Fatal(err)
	}
	sent, err := push.Decode(body)
	if err != nil {
		v.tb.Fatal(err)
	}
	results, _, err := v.Receiver.Push(context.Background(), v.Organization, sent)
	if err != nil {
		v.tb.Fatal(err)
	}
	for i, result := range results {
		if result.Status != push.Applied {
			v.tb.Fatalf("push of %v: %s %v", changed[i], result.Status, result.Errors)
		}
	}
}

// Set changes settings of the organization.
func (v *Venue) Set(timeZone string, dayStartsAt int) {
	v.tb.Helper()
	err := v.DB.ForOrganization(context.Background(), v.Organization, func(tx db.Tx) error {
		_, err := tx.Exec(context.Background(),
			`UPDATE organizations SET time_zone = $2, day_starts_at = $3 WHERE id = $1`, v.Organization, timeZone, dayStartsAt)
		return err
	})
	if err != nil {
		v.tb.Fatal(err)
	}
}

// License lets the organization use a module for an hour.
func (v *Venue) License(module string) {
	v.tb.Helper()
	err := v.DB.ForOrganization(context.Background(), v.Organization, func(tx db.Tx) error {
		_, err := tx.Exec(context.Background(), `INSERT INTO licenses (organization_id, id, module, valid_until) VALUES ($1, $2, $3, $4)`,
			v.Organization, uuid.New(), module, v.Now.Add(time.Hour))
		return err
	})
	if err != nil {
		v.tb.Fatal(err)
	}
}

// SeeLive makes a transaction see the rows of the live generation, as Projector.Read does.
func SeeLive(tx db.Tx, organization uuid.UUID) error {
	var generation int
	const live = `SELECT coalesce(max(generation), 0) FROM projection_cursors WHERE organization_id = $1 AND state = 'live'`
	if err := tx.QueryRow(context.Background(), live, organization).Scan(&generation); err != nil {
		return err
	}
	_, err := tx.Exec(context.Background(), fmt.Sprintf("SET LOCAL app.generation = '%d'", generation))
	return err
}

// Value is the first column of the first row of a query in the organization, for
// which $1 stands.
func Value[T any](v *Venue, query string, args ...any) (value T) {
	v.tb.Helper()
	err := v.DB.ForOrganization(context.Background(), v.Organization, func(tx db.Tx) error {
		if err := SeeLive(tx, v.Organization); err != nil {
			return err
		}
		return tx.QueryRow(context.Background(), query, append([]any{v.Organization}, args...)...).Scan(&value)
	})
	if err != nil {
		v.tb.Fatalf("%s: %v", query, err)
	}
	return value
}
