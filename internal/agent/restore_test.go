//go:build linux

package agent_test

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// backup copies the database; restore puts the copy in its place, under the
// running server.
func (c *cabinet) backup() (restore func()) {
	c.Helper()
	address, err := url.Parse(c.dsn)
	require.NoError(c, err)
	name := strings.TrimPrefix(address.Path, "/")
	address.Path = "/postgres"
	run := func(statements ...string) {
		for _, statement := range statements {
			dbtest.Exec(c, address.String(), statement)
		}
	}
	alone := []string{ // a session that has got in before the first is met by one of the others
		"ALTER DATABASE " + name + " ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '" + name + "'",
		"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '" + name + "'",
	}
	run(append(alone, "CREATE DATABASE "+name+"_backup TEMPLATE "+name, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS true")...)
	c.Cleanup(func() { run("DROP DATABASE " + name + "_backup") })
	return func() {
		run(append(alone, "DROP DATABASE "+name+" WITH (FORCE)", "CREATE DATABASE "+name+" TEMPLATE "+name+"_backup")...)
	}
}

// others pushes units of another device.
func (c *cabinet) others(count int) {
	c.Helper()
	other := c.device()
	changes := make([]client.Change, count)
	for i := range changes {
		changes[i] = client.Change{Kind: "unit", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"Ведро"}`)}
	}
	require.NoError(c, client.RetryPolicy{First: 10 * time.Millisecond, GiveUp: time.Minute}.Do(ctx, func(ctx context.Context) error {
		if _, err := other.Hello(ctx, client.Hello{DeviceID: other.id, LocalTime: time.Now()}); err != nil {
			return err
		}
		if _, err := other.ClaimSource(ctx, other.id, client.SourceClaim{Name: other.id.String(), DeviceID: other.id}); err != nil {
			return err
		}
		_, err := other.Push(ctx, other.id, changes, client.Compact)
		return err
	}))
}

// An older backup is restored, and another device lifts the feed over all numbers
// that were lost, before the agent comes again.
func TestWhatARestoredBackupLacksIsSentAgain(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 3)
	v.exec("UPDATE checks SET guests = 1")
	v.sync(agent.Options{})
	restore := c.backup()
	v.exec("UPDATE checks SET guests = 9, changed_at = '2026-05-26T10:00:00+03:00' WHERE id <= 10")
	v.exec("INSERT INTO waste_reasons VALUES (6, 'Новая', '2026-05-26T10:00:00+03:00')")
	v.exec("DELETE FROM waste_reasons WHERE id = 4")
	require.Equal(t, send.Totals{Sent: 12, Applied: 12, Deleted: 1}, v.sync(agent.Options{}))
	want, _ := c.feed()

	restore()
	c.others(50)
	require.Equal(t, send.Totals{Sent: 12, Applied: 12, Deleted: 1}, v.sync(agent.Options{}), "what was lost, and nothing else")
	require.Empty(t, v.differences())
	got, _ := c.feed()
	require.Len(t, got, len(want)+50)
	for key, record := range want {
		require.JSONEq(t, string(record.Data), string(got[key].Data), key)
		require.Equal(t, record.Version, got[key].Version, "%s: neither lost nor doubled", key)
	}
	require.Equal(t, sum(0), v.sync(agent.Options{Full: true}))
}

// until is a progress that ends the synchronization when it comes to a kind.
type until struct {
	notes
	kind string
	stop context.CancelFunc
}

func (u *until) Kind(name string, _ int) {
	if name == u.kind {
		u.stop()
	}
}

// The agent is stopped after the first kind was mended, and remembers the cursor
// of the feed as it is now.
func TestAWayBackThatIsCutShortIsTakenAgain(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	restore := c.backup()
	v.exec("UPDATE units SET title = 'Литр, иначе' WHERE short = 'л'")
	v.exec("UPDATE checks SET guests = 9, changed_at = '2026-05-26T10:00:00+03:00' WHERE id <= 10")
	require.Equal(t, sum(11), v.sync(agent.Options{}))
	restore()
	c.others(20)

	config, err := agent.LoadConfig(v.config)
	require.NoError(t, err)
	stopped, stop := context.WithCancel(ctx)
	summary, err := agent.Sync(stopped, config, agent.Options{Progress: &until{kind: "receipt", stop: stop}, RetryFor: time.Minute})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 1, summary.Total().Applied, "the unit")
	require.Equal(t, sum(10), v.sync(agent.Options{}), "the receipts, though the feed goes on from the last answer")
	require.Empty(t, v.differences())
}

// The backup holds an order of others as it was before the till was handed its next state.
func TestARestoredBackupDoesNotTakeAnOrderBackAtTheTill(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	v.takesOrders(c)
	v.receive(intoOrders)
	other, id := c.device(), uuid.New()
	other.pushOrder(id, "new", 0)
	restore := c.backup()
	r := v.start()
	has := func(want string) func() bool { return func() bool { return v.orderStatus(id) == want } }
	require.Eventually(t, has("new"), testPatience, 10*time.Millisecond, r.said())
	r.same()
	other.pushOrder(id, "cooking", c.order(id).Version)
	require.Eventually(t, has("cooking"), testPatience, 10*time.Millisecond, r.said())
	r.same()

	restore()
	c.others(5)
	r.same()
	require.Equal(t, "cooking", v.orderStatus(id))
	require.Contains(t, string(c.order(id).Data), "cooking")
}

// Of a kind that several sides write, a change names the version that it was made
// from: that one is gone with the feed.
func TestADeliveryOrderFindsItsWayIntoARestoredBackup(t *testing.T) {
	t.Parallel()
	for name, receives := range map[string]bool{"of a till that only sends": false, "of a till that receives too": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCabinet(t)
			v := newOutlet(t, c, 1)
			v.takesOrders(c)
			if receives {
				v.receive(intoOrders)
			}
			ids := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
			for _, id := range ids {
				v.insertOrder(id, "new")
			}
			r := v.start()
			r.same()
			restore := c.backup()
			v.exec("UPDATE web_orders SET status = 'cooking' WHERE id IN (?, ?)", ids[0].String(), ids[1].String())
			v.exec("DELETE FROM web_orders WHERE id = ?", ids[2].String())
			r.same()

			restore()
			c.others(5)
			v.exec("UPDATE web_orders SET status = 'ready' WHERE id = ?", ids[1].String())
			r.sameUnless(func() bool { return strings.Contains(v.status(), "stale conflict") }) // which is left to a hand
			require.Contains(t, string(c.order(ids[0]).Data), "cooking", "what was acknowledged")
			require.Contains(t, string(c.order(ids[1]).Data), "ready", "what was made from it")
			require.True(t, c.order(ids[2]).Deleted)
		})
	}
}
