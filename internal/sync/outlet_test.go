package sync_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/pull"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/sync"
)

// outlet is one organization with its feed, and devices that push into it.
type outlet struct {
	*testing.T
	cabinet
	db           *db.DB
	organization uuid.UUID
}

var clock = time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)

func atClock() time.Time { return clock }

// cabinet is the side of a server process that feeds, pushes and pulls meet.
type cabinet struct {
	feed     *sync.Feed
	receiver *push.Receiver
	sender   *pull.Sender
}

func newCabinet(database *db.DB, now func() time.Time) cabinet {
	feed := sync.New(database, now, func(uuid.UUID) {})
	return cabinet{feed, push.New(database, feed, now), pull.New(database, feed, nil)}
}

func newOutlet(t *testing.T) outlet {
	t.Helper()
	database := dbtest.New(t)
	return outlet{t, newCabinet(database, atClock), database, dbtest.Organization(t, database)}
}

// newOutletIn makes another organization in the outlet's database.
func newOutletIn(v outlet) outlet {
	v.Helper()
	v.organization = dbtest.Organization(v, v.db)
	return v
}

type sent map[string]any

// unit is a change of a unit of measurement, the smallest kind there is.
func unit(id uuid.UUID, name string, at time.Time) sent {
	return sent{"kind": "unit", "id": id, "modified_at": at.Format(time.RFC3339Nano), "data": sent{"name": name}}
}

// badUnit is a change that is rejected: its name is no text.
func badUnit(id uuid.UUID, at time.Time) sent {
	return sent{"kind": "unit", "id": id, "modified_at": at.Format(time.RFC3339Nano), "data": sent{"name": 17}}
}

func (s sent) with(key string, value any) sent {
	s[key] = value
	return s
}

func (v outlet) push(device uuid.UUID, changes ...sent) []push.Result {
	v.Helper()
	results, _, err := v.tryPush(device, changes...)
	require.NoError(v, err)
	return results
}

func (v outlet) tryPush(device uuid.UUID, changes ...sent) ([]push.Result, sync.Position, error) {
	return v.pushFrom("", device, changes...)
}

// pushFrom pushes with the cursor up to which the device knows the feed.
func (v outlet) pushFrom(cursor string, device uuid.UUID, changes ...sent) ([]push.Result, sync.Position, error) {
	body, err := json.Marshal(map[string]any{"device_id": device, "changes": changes, "cursor": cursor})
	if err != nil {
		return nil, sync.Position{}, err
	}
	read, err := push.Decode(body)
	if err != nil {
		return nil, sync.Position{}, err
	}
	return v.receiver.Push(context.Background(), v.organization, read)
}

// page is what a pull answers.
type page struct {
	changes []sync.Record
	cursor  string
	more    bool
}

// pull reads a page of the feed, as lines.
func (v outlet) pull(request pull.Request) (read page, err error) {
	var body bytes.Buffer
	request.Lines = true
	count, err := v.sender.Send(context.Background(), v.organization, request, func(chunk []byte) error {
		body.Write(chunk)
		return nil
	})
	if err != nil {
		return page{}, err
	}
	for line := range bytes.Lines(body.Bytes()) {
		var l struct {
			sync.Record
			ModifiedAt time.Time       `json:"modified_at"`
			DeviceID   uuid.UUID       `json:"device_id"`
			Data       json.RawMessage `json:"data"`
			Cursor     *string
			More       bool
		}
		require.NoError(v, json.Unmarshal(line, &l), "%s", line)
		if l.Cursor != nil {
			read.cursor, read.more = *l.Cursor, l.More
			continue
		}
		l.Record.ModifiedAt, l.Record.DeviceID, l.Record.Data = l.ModifiedAt, l.DeviceID, l.Data
		read.changes = append(read.changes, l.Record)
	}
	require.Len(v, read.changes, count)
	return read, nil
}

// read pulls from a cursor to the end.
func (v outlet) read(cursor string) (changes []sync.Record, next string) {
	v.Helper()
	for {
		page, err := v.pull(pull.Request{Cursor: cursor, Limit: 7})
		require.NoError(v, err)
		changes, cursor = append(changes, page.changes...), page.cursor
		if !page.more {
			return changes, cursor
		}
	}
}

func statuses(results []push.Result) []push.Status {
	list := make([]push.Status, len(results))
	for i, r := range results {
		list[i] = r.Status
	}
	return list
}
