//go:build linux

package main_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/programtest"
)

// stalls lets pushes with a record of that name stand still twice: amid their
// writing, and in the commit, when all is written.
const stalls = `
	CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF NEW.data LIKE '%stalls%' THEN PERFORM pg_sleep(random() * 0.03); END IF;
		RETURN NULL;
	END $$;
	CREATE TRIGGER stall_amid AFTER INSERT ON records FOR EACH ROW EXECUTE FUNCTION stall();
	CREATE CONSTRAINT TRIGGER stall_at_commit AFTER INSERT ON records DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW EXECUTE FUNCTION stall()`

// crowd is an organization that writers and readers reach through two servers.
type crowd struct {
	dsn     string
	clients []*client.Client
	written int // by all writers in the end
}

const (
	orderWriters, orderPushes, orderBatch = 6, 20, 4
	orderReaders                          = 4
)

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	c := &crowd{dsn: dbtest.DSN(t), written: orderWriters * orderPushes * orderBatch}
	servers := []*programtest.Server{programtest.NewServerOn(t, c.dsn, io.Discard), programtest.NewServerOn(t, c.dsn, io.Discard)}
	key := servers[0].Organization()
	dbtest.Exec(t, c.dsn, stalls)
	for _, s := range servers {
		one, err := client.New("http://"+s.Address, client.Token(key))
		require.NoError(t, err)
		c.clients = append(c.clients, one)
	}
	return c
}

// Each writer and each reader takes now this server, now that one. Writers stall
// with their numbers taken, others hold the feed's lock, and connections are ended
// in mid-transaction; every reader meets the numbers 1, 2, 3, … and no other.
func TestPromise1HoldsOverTwoServersWithWritersThatStall(t *testing.T) {
	c := newCrowd(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var all, writing errgroup.Group
	for range orderWriters {
		writing.Go(func() error { return c.write(ctx) })
	}
	for n := range orderReaders {
		all.Go(func() error { return c.follow(ctx, n%2 == 0) })
	}
	disturbing, rest := context.WithCancel(ctx)
	all.Go(func() error { return c.holdTheLock(disturbing) })
	all.Go(func() error { return c.endConnections(disturbing) })
	failure := writing.Wait()
	rest()
	if failure != nil {
		cancel()
	}
	require.NoError(t, errors.Join(failure, all.Wait()))
}

func (c *crowd) any() *client.Client { return c.clients[rand.IntN(len(c.clients))] }

// write pushes new records, each push until it is acknowledged.
func (c *crowd) write(ctx context.Context) error {
	device := uuid.New()
	patience := client.RetryPolicy{First: 5 * time.Millisecond, Most: 50 * time.Millisecond, GiveUp: 2 * time.Minute}
	for push := range orderPushes {
		changes := make([]client.Change, orderBatch)
		for i := range changes {
			name := `{"name":"hurries"}`
			if i == push%(2*orderBatch) { // one record of every other push
				name = `{"name":"stalls"}`
			}
			changes[i] = client.Change{Kind: "unit", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(name)}
		}
		err := patience.Do(ctx, func(ctx context.Context) error {
			_, err := c.any().Push(ctx, device, changes, client.Compact)
			return unlessInternal(err)
		})
		if err != nil {
			return fmt.Errorf("push: %w", err)
		}
	}
	return nil
}

// unlessInternal makes an error that no repeat may hide of one that the server did
// not expect, such as a number of the feed that was taken twice.
func unlessInternal(err error) error {
	if client.IsCode(err, "internal") {
		return errors.New(err.Error())
	}
	return err
}

// follow reads until it has met as many records as are written, by short pages or
// by long polls.
func (c *crowd) follow(ctx context.Context, polls bool) error {
	page := client.Page{Limit: 7}
	if polls {
		page = client.Page{Limit: 50, Wait: time.Second}
	}
	var last int64
	met := map[uuid.UUID]bool{}
	for len(met) < c.written {
		answer, err := c.any().Changes(ctx, page)
		if err = unlessInternal(err); client.Temporary(err) && ctx.Err() == nil {
			time.Sleep(20 * time.Millisecond)
			continue
		}
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		for _, change := range answer.Changes {
			switch {
			case change.Seq <= last:
				return fmt.Errorf("after number %d comes %d", last, change.Seq)
			case change.Seq > last+1 || met[change.ID]:
				return fmt.Errorf("after number %d comes %d: something was missed, or came twice", last, change.Seq)
			}
			last, met[change.ID] = change.Seq, true
		}
		page.Cursor = answer.Cursor
		if !polls && len(answer.Changes) == 0 {
			time.Sleep(5 * time.Millisecond) // the key has so many requests a minute
		}
	}
	return nil
}

// holdTheLock is somebody who locks the feed, thinks, and gives up.
func (c *crowd) holdTheLock(ctx context.Context) error {
	return c.disturb(ctx, 700*time.Millisecond, `DO $$ BEGIN
		PERFORM FROM feeds FOR UPDATE; PERFORM pg_sleep(random() * 0.1); RAISE EXCEPTION 'gives up'; END $$`)
}

// endConnections ends some connection at work, as a failing database does.
func (c *crowd) endConnections(ctx context.Context) error {
	return c.disturb(ctx, 500*time.Millisecond, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%records%'
			AND state IN ('active', 'idle in transaction') ORDER BY random() LIMIT 1`)
}

func (c *crowd) disturb(ctx context.Context, pause time.Duration, statement string) error {
	conn, err := pgx.Connect(context.WithoutCancel(ctx), c.dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for ctx.Err() == nil {
		_, err := conn.Exec(context.WithoutCancel(ctx), statement)
		var refused interface{ SQLState() string }
		if err != nil && !errors.As(err, &refused) {
			return err
		}
		time.Sleep(pause)
	}
	return nil
}
