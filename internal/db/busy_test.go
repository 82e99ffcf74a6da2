//go:build linux

package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
)

// Every way to the database tells whoever finds all connections taken so, some time.
func TestWaitingForAConnectionIsBounded(t *testing.T) {
	const conns = 4
	database := dbtest.Open(t, dbtest.DSN(t), conns)
	organization := dbtest.Organization(t, database)
	for range conns {
		connection, err := database.Pool.Acquire(t.Context())
		require.NoError(t, err)
		defer connection.Release()
	}
	database.WaitFor(50 * time.Millisecond)
	nothing := func(db.Tx) error { return nil }
	for name, ask := range map[string]func(context.Context) error{
		"nobody's":        func(ctx context.Context) error { return database.Global(ctx, nothing) },
		"an organization": func(ctx context.Context) error { return database.ForOrganization(ctx, organization, nothing) },
		"a user":          func(ctx context.Context) error { return database.ForUser(ctx, uuid.New(), nothing) },
		"a snapshot":      func(ctx context.Context) error { return database.Snapshot(ctx, organization, nothing) },
		"the system":      func(ctx context.Context) error { return database.System(ctx, nothing) },
		"a sync key": func(ctx context.Context) error {
			return database.BySyncKey(ctx, []byte("x"), "SELECT 1 WHERE $1::bytea IS NULL", func(pgx.Row) error { return nil })
		},
		"a session": func(ctx context.Context) error {
			return database.BySession(ctx, uuid.New(), func(*pgx.Batch) {})
		},
	} {
		var known *fault.Error
		err := ask(t.Context())
		require.ErrorAs(t, err, &known, name)
		require.Equal(t, fault.Busy, known.Code, name)
		require.Positive(t, known.RetryAfter, name)
		left, leave := context.WithCancel(t.Context())
		leave()
		require.False(t, fault.Is(ask(left), fault.Busy), "%s: whoever has left is not told so", name)
	}
}

// What is of a class holds as many connections as it has places; the others are for the rest.
func TestLongWorkLeavesConnectionsToTheRest(t *testing.T) {
	database := dbtest.Open(t, dbtest.DSN(t), 12)
	organizations := []uuid.UUID{dbtest.Organization(t, database), dbtest.Organization(t, database)}
	for _, work := range []db.Work{db.Listing, db.Reporting, db.Comparing, db.Exporting} {
		const many = 15
		ctx, entered, over, done := db.For(t.Context(), work), make(chan struct{}, 2*many), make(chan struct{}), make(chan error, 2*many)
		for i := range 2 * many {
			go func() {
				done <- database.Snapshot(ctx, organizations[i%2], func(db.Tx) error {
					entered <- struct{}{}
					<-over
					return nil
				})
			}()
		}
		for range 3 {
			<-entered
		}
		for range 6 {
			require.NoError(t, database.ForOrganization(t.Context(), organizations[0], func(db.Tx) error { return nil }))
		}
		require.Empty(t, entered)
		require.EqualValues(t, 3, database.Pool.Stat().AcquiredConns())
		close(over)
		for range 2 * many {
			require.NoError(t, <-done)
		}
	}
}
