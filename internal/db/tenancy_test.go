package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// tenancy is a database with one row of an organization in every tenant's table.
type tenancy struct {
	*testing.T
	*db.DB
	owner  *pgx.Conn
	tables []string
	theirs uuid.UUID
	mine   uuid.UUID
}

func newTenancy(t *testing.T) *tenancy {
	t.Helper()
	dsn := dbtest.DSN(t)
	database := dbtest.Open(t, dsn, 4)
	owner, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = owner.Close(context.Background()) })
	w := &tenancy{T: t, DB: database, owner: owner, mine: dbtest.Organization(t, database), theirs: uuid.New()}
	w.findTables()
	w.fill()
	return w
}

// findTables takes every table that has an organization.
func (w *tenancy) findTables() {
	w.Helper()
	for _, found := range relations(w.T, w.owner) {
		if found.tenant && found.isTable() {
			w.tables = append(w.tables, found.name)
		}
	}
	require.Subset(w, w.tables, []string{"organizations", "records", "feeds", "sync_keys", "members"})
}

// fill inserts a made-up row of the other organization into every table. What the
// checks of columns say of it is no matter here.
func (w *tenancy) fill() {
	w.Helper()
	_, err := w.owner.Exec(w.Context(), `DO $$ DECLARE c record; BEGIN
		FOR c IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
			WHERE contype = 'c' AND connamespace = 'public'::regnamespace
		LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.tab, c.conname); END LOOP;
		SET session_replication_role = replica; -- no foreign keys either
	END $$`)
	require.NoError(w, err)
	for _, table := range w.tables {
		_, err := w.owner.Exec(w.Context(), w.insert(table, w.theirs))
		require.NoError(w, err, table)
	}
}

// insert is a statement that inserts a row of an organization, each column with some
// value of its type.
func (w *tenancy) insert(table string, organization uuid.UUID) string {
	w.Helper()
	rows, err := w.owner.Query(w.Context(), `
		SELECT column_name::text, udt_name::text FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`, table)
	require.NoError(w, err)
	var names, values []string
	var name, kind string
	_, err = pgx.ForEachRow(rows, []any{&name, &kind}, func() error {
		value, known := someValue[kind]
		require.True(w, known, "%s.%s is %s: say some value of that type", table, name, kind)
		if name == "organization_id" || table == "organizations" && name == "id" {
			value = "'" + organization.String() + "'"
		}
		names, values = append(names, name), append(values, value)
		return nil
	})
	require.NoError(w, err)
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(names, ", "), strings.Join(values, ", "))
}

var someValue = map[string]string{
	"uuid": "gen_random_uuid()", "text": "'12:00'", "bool": "true", "int2": "1", "int4": "1", "int8": "1", "numeric": "1",
	"timestamptz": "now()", "date": "current_date", "bytea": `decode(repeat('00', 32), 'hex')`, "jsonb": "'{}'", "_text": "'{}'",
	"_uuid": "'{}'", "time": "'12:00'", "float8": "1",
}

func (w *tenancy) rows(count func(fn func(db.Tx) error) error, table string) (rows int) {
	w.Helper()
	require.NoError(w, count(func(tx db.Tx) error {
		return tx.QueryRow(w.Context(), "SELECT count(*) FROM "+table+" WHERE "+column(table)+" = $1", w.theirs).Scan(&rows)
	}), table)
	return rows
}

func (w *tenancy) asMine(fn func(db.Tx) error) error {
	return w.forOrganization(w.mine, fn)
}

func (w *tenancy) asTheirs(fn func(db.Tx) error) error {
	return w.forOrganization(w.theirs, fn)
}

// forOrganization runs fn as a reader of projections does.
func (w *tenancy) forOrganization(organization uuid.UUID, fn func(db.Tx) error) error {
	return w.ForOrganization(w.Context(), organization, func(tx db.Tx) error {
		if _, err := tx.Exec(w.Context(), "SET LOCAL app.generation = '1'"); err != nil {
			return err
		}
		return fn(tx)
	})
}

func column(table string) string {
	if table == "organizations" {
		return "id"
	}
	return "organization_id"
}

// The scope is forgotten on purpose: no statement here has a WHERE for the
// organization that it runs for.
func TestRowLevelSecurityHoldsWhereTheScopeIsForgotten(t *testing.T) {
	w := newTenancy(t)
	asMine, asTheirs := w.asMine, w.asTheirs
	for _, table := range w.tables {
		require.Equal(t, 1, w.rows(asTheirs, table), "%s: its owner sees the row", table)
		require.Zero(t, w.rows(asMine, table), "%s: a forgotten WHERE reads another organization's row", table)

		id := column(table)
		for _, statement := range []string{"UPDATE " + table + " SET " + id + " = " + id, "DELETE FROM " + table, w.insert(table, w.theirs)} {
			_ = asMine(func(tx db.Tx) error { // some tables refuse the statement as such
				_, err := tx.Exec(t.Context(), statement)
				return err
			})
			require.Equal(t, 1, w.rows(asTheirs, table), "%s: it was changed from outside by %s", table, statement)
		}
		refused := asMine(func(tx db.Tx) error {
			_, err := tx.Exec(t.Context(), w.insert(table, w.theirs))
			return err
		})
		require.ErrorContains(t, refused, "SQLSTATE 42501", "%s: not row-level security refuses the row", table)
	}
}

// What runs for no organization sees the positions of feeds and projections and the
// use of keys, and nothing else.
func TestBackgroundWorkSeesPositionsOnly(t *testing.T) {
	w := newTenancy(t)
	system := func(fn func(db.Tx) error) error { return w.System(t.Context(), fn) }
	var seen []string
	for _, table := range w.tables {
		if w.rows(system, table) > 0 {
			seen = append(seen, table)
		}
	}
	require.ElementsMatch(t, []string{"feeds", "projection_cursors", "sync_usage", "renewals"}, seen)
}

func TestAScopeThatNamesNobodyIsRefused(t *testing.T) {
	w := newTenancy(t)
	require.ErrorIs(t, w.ForOrganization(t.Context(), uuid.Nil, func(db.Tx) error { return nil }), db.ErrNoScope)
	for _, table := range w.tables { // a connection of the pool, without any transaction of a scope
		var count int
		require.NoError(t, w.Pool.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&count), table)
		require.Zero(t, count, table)
	}
}
