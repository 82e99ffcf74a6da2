package db_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/postgres/pgtest"
)

func TestConnectionsThatHaveDiedAreNotHandedOut(t *testing.T) {
	dsn := dbtest.DSN(t)
	database := dbtest.Open(t, dsn, 8)
	nothing := func(db.Tx) error { return nil }
	for range 3 {
		all, none := sync.WaitGroup{}, make(chan struct{})
		for range 8 { // all connections at once
			all.Add(1)
			go func() {
				_ = database.ForOrganization(context.Background(), uuid.New(), func(db.Tx) error { all.Done(); <-none; return nil })
			}()
		}
		all.Wait()
		close(none)
		dbtest.Exec(t, dsn, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		for range 8 {
			require.NoError(t, database.ForOrganization(t.Context(), uuid.New(), nothing))
		}
		dbtest.Exec(t, dsn, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		var one int
		require.NoError(t, database.BySyncKey(t.Context(), []byte{1}, `SELECT 1 WHERE $1::bytea IS NOT NULL`, func(row pgx.Row) error { return row.Scan(&one) }))
	}
}

func TestADatabaseThatIsBeingRestoredIsUnavailable(t *testing.T) {
	dsn := dbtest.DSN(t)
	database := dbtest.Open(t, dsn, 2)
	config, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	postgres := pgtest.Cluster(t).DSN("postgres")
	rename := func(from, to string) {
		dbtest.Exec(t, postgres, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"+from+"'")
		dbtest.Exec(t, postgres, "ALTER DATABASE "+from+" RENAME TO "+to)
	}
	rename(config.Database, config.Database+"_away")
	err = database.ForOrganization(t.Context(), uuid.New(), func(db.Tx) error { return nil })
	require.True(t, fault.Is(err, fault.Unavailable), "%v", err)
	database.Close()
	rename(config.Database+"_away", config.Database)
}
