package delivery_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/delivery"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/record"
)

var ctx = context.Background()

// orders is a ledger of delivery orders, of which one has come in its first version.
func orders(t *testing.T) (ledger *delivery.Ledger, memory *state.State, order *record.Kind, list []state.Received) {
	t.Helper()
	memory, err := state.Open(ctx, filepath.Join(t.TempDir(), "agent.state"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, memory.Close()) })
	order, ok := record.Find("delivery_order")
	require.True(t, ok)
	arrive(t, memory, uuid.New(), 1)
	list, err = memory.Undelivered(ctx, order.Name, 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	return delivery.NewLedger(memory, []mapping.Receive{{Record: order}}), memory, order, list
}

func arrive(t *testing.T, memory *state.State, id uuid.UUID, version int64) {
	t.Helper()
	at, err := memory.Inbox(ctx, []string{"delivery_order"})
	require.NoError(t, err)
	_, err = memory.Receive(ctx, at, client.Changes{Cursor: uuid.NewString(), Changes: []client.FeedChange{{
		Kind: "delivery_order", ID: id, Version: version, ModifiedAt: time.UnixMicro(version), Data: json.RawMessage(`{}`),
	}}}, uuid.New())
	require.NoError(t, err)
}

func TestWhatIsBeingDeliveredIsNotRead(t *testing.T) {
	ledger, _, order, list := orders(t)
	id, other := list[0].ID, uuid.New()
	require.NoError(t, ledger.Deliver(ctx, list, func(context.Context) error {
		reading, err := ledger.Read(ctx, order, []uuid.UUID{id, other})
		require.NoError(t, err)
		defer reading.End()
		require.True(t, reading.Refused(id), "nobody can tell which version its row is made from")
		require.False(t, reading.Refused(other))
		return nil
	}))
	reading, err := ledger.Read(ctx, order, []uuid.UUID{id})
	require.NoError(t, err)
	defer reading.End()
	require.False(t, reading.Refused(id))
	require.EqualValues(t, 1, reading.Version(id))
}

func TestADeliveryWaitsForWhatIsBeingRead(t *testing.T) {
	ledger, _, order, list := orders(t)
	reading, err := ledger.Read(ctx, order, []uuid.UUID{list[0].ID})
	require.NoError(t, err)
	impatient, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	err = ledger.Deliver(impatient, list, func(context.Context) error { panic("it is read") })
	require.ErrorIs(t, err, context.DeadlineExceeded)

	var ended atomic.Bool
	var delivered sync.WaitGroup
	delivered.Go(func() {
		require.NoError(t, ledger.Deliver(ctx, list, func(context.Context) error {
			require.True(t, ended.Load())
			return nil
		}))
	})
	require.Zero(t, reading.Version(list[0].ID), "what is read now is made from none")
	ended.Store(true)
	reading.End()
	delivered.Wait()
}

func TestADeliveryThatFailsIsNone(t *testing.T) {
	ledger, memory, order, list := orders(t)
	shut := errors.New("the box is shut")
	require.ErrorIs(t, ledger.Deliver(ctx, list, func(context.Context) error { return shut }), shut)
	again, err := memory.Undelivered(ctx, order.Name, 10)
	require.NoError(t, err)
	require.Equal(t, list, again)
	reading, err := ledger.Read(ctx, order, []uuid.UUID{list[0].ID})
	require.NoError(t, err)
	defer reading.End()
	require.False(t, reading.Refused(list[0].ID))
	require.Zero(t, reading.Version(list[0].ID))
}

// However readings and deliveries fall together, a row is never made from another version than the
// one that its reading tells.
func TestARowIsMadeFromTheVersionThatItsReadingTells(t *testing.T) {
	ledger, memory, order, list := orders(t)
	id := list[0].ID
	var row atomic.Int64 // the version that the source's row is made from
	var working sync.WaitGroup
	const versions = 20
	working.Go(func() {
		for version := int64(1); version <= versions; version++ {
			arrive(t, memory, id, version)
			next, err := memory.Undelivered(ctx, order.Name, 10)
			require.NoError(t, err)
			require.NoError(t, ledger.Deliver(ctx, next, func(context.Context) error {
				row.Store(next[0].Version)
				return nil
			}))
		}
	})
	readings := 0
	for row.Load() < versions {
		reading, err := ledger.Read(ctx, order, []uuid.UUID{id})
		require.NoError(t, err)
		if !reading.Refused(id) {
			require.Equal(t, row.Load(), reading.Version(id))
			readings++
		}
		reading.End()
	}
	working.Wait()
	t.Logf("%d readings", readings)
}
