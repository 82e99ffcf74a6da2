package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

func TestGORMAndPgxShareOneTransaction(t *testing.T) {
	database := dbtest.New(t)
	organization := dbtest.Organization(t, database)
	const ask = `SELECT pg_backend_pid() || ' ' || pg_current_xact_id() || ' ' || name FROM organizations`
	failure := errors.New("not today")
	err := database.ForOrganization(t.Context(), organization, func(tx db.Tx) error {
		require.NoError(t, tx.GORM().Exec(`UPDATE organizations SET name = 'By GORM'`).Error)
		var here, there string
		require.NoError(t, tx.QueryRow(t.Context(), ask).Scan(&here))
		require.NoError(t, tx.GORM().Raw(ask).Scan(&there).Error)
		require.Contains(t, here, "By GORM")
		require.Equal(t, here, there)
		require.Error(t, tx.GORM().Transaction(func(*gorm.DB) error { return nil }), "it is in one")
		return failure
	})
	require.ErrorIs(t, err, failure)
	require.NoError(t, database.ForOrganization(t.Context(), organization, func(tx db.Tx) error {
		var name string
		require.NoError(t, tx.QueryRow(t.Context(), `SELECT name FROM organizations`).Scan(&name))
		require.NotEqual(t, "By GORM", name, "both are rolled back")
		return nil
	}))
}

func TestEveryEndOfATransactionGivesItsConnectionBack(t *testing.T) {
	database := dbtest.Open(t, dbtest.DSN(t), 1)
	for name, end := range map[string]func(db.Tx) error{
		"committed": func(db.Tx) error { return nil },
		"failed":    func(tx db.Tx) error { return tx.GORM().Exec(`SELECT nothing`).Error },
		"left at work": func(tx db.Tx) error {
			_, err := tx.Query(t.Context(), `SELECT generate_series(1, 100000)`)
			return err
		},
		"killed": func(tx db.Tx) error {
			_, err := tx.Exec(t.Context(), `SELECT pg_terminate_backend(pg_backend_pid())`)
			return err
		},
		"panicking": func(db.Tx) error { panic("at once") },
	} {
		func() {
			defer func() { _ = recover() }()
			_ = database.Global(t.Context(), end)
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		require.NoError(t, database.Global(ctx, func(tx db.Tx) error { return tx.GORM().Exec(`SELECT 1`).Error }), name)
		cancel()
	}
}

// BenchmarkTransaction is one that does nothing: what every request pays.
func BenchmarkTransaction(b *testing.B) {
	database := dbtest.New(b)
	organization := dbtest.Organization(b, database)
	for b.Loop() {
		if err := database.ForOrganization(b.Context(), organization, func(db.Tx) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
