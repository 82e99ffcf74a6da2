package db_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

// obstacles are what an engine that distributes tables by organization_id would refuse in the
// schema, one query a rule: $1 are the tables of data.
var obstacles = map[string]string{
	"a policy is more than a comparison of columns with settings": `
		SELECT format('%s of %s: %s', p.polname, p.polrelid::regclass, e.expression) FROM pg_policy p
		CROSS JOIN LATERAL (VALUES (pg_get_expr(p.polqual, p.polrelid)), (pg_get_expr(p.polwithcheck, p.polrelid))) e (expression)
		WHERE p.polrelid::regclass::text = ANY ($1) AND e.expression ~* '\mselect\M'`,
	"a policy's function reads a table": `
		SELECT format('%s of %s: %s', p.polname, p.polrelid::regclass, f.oid::regprocedure) FROM pg_policy p
		JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_proc'::regclass
		JOIN pg_proc f ON f.oid = d.refobjid JOIN pg_language l ON l.oid = f.prolang
		WHERE p.polrelid::regclass::text = ANY ($1)
			AND (l.lanname <> 'sql' OR coalesce(pg_get_function_sqlbody(f.oid), f.prosrc) ~* '\m(from|join|table)\M')`,
	"a key joins data with something else": `
		SELECT format('%s of %s: %s', c.conname, c.conrelid::regclass, c.confrelid::regclass) FROM pg_constraint c
		WHERE c.contype = 'f' AND (c.conrelid::regclass::text = ANY ($1)) <> (c.confrelid::regclass::text = ANY ($1))`,
	"a unique index does not begin with organization_id": `
		SELECT format('%s of %s', i.indexrelid::regclass, i.indrelid::regclass) FROM pg_index i
		WHERE i.indrelid::regclass::text = ANY ($1) AND i.indisunique AND pg_get_indexdef(i.indexrelid, 1, true) <> 'organization_id'`,
	"a function sets what is to be set by SET LOCAL": `
		SELECT f.oid::regprocedure::text FROM pg_proc f
		WHERE f.pronamespace = 'public'::regnamespace AND f.prosrc ~* '\mset_config\M' AND cardinality($1::text[]) > 0`,
}

// classified are the tables that are there, and those that the list of classes names.
func classified(t *testing.T, owner *pgx.Conn) (there, listed, data []string) {
	t.Helper()
	rows, err := owner.Query(t.Context(), `SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace`)
	require.NoError(t, err)
	there, err = pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	for name, class := range dbtest.Tables() {
		listed = append(listed, name)
		if class == dbtest.Data {
			data = append(data, name)
		}
	}
	return there, listed, data
}

// undistributable gives what stands in the way, by rule.
func undistributable(t *testing.T, owner *pgx.Conn, data []string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for rule, query := range obstacles {
		rows, err := owner.Query(t.Context(), query, data)
		require.NoError(t, err, rule)
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err, rule)
		if len(names) > 0 {
			found[rule] = names
		}
	}
	return found
}

func TestEveryTableOfDataCanBeDistributed(t *testing.T) {
	owner, err := pgx.Connect(t.Context(), dbtest.DSN(t))
	require.NoError(t, err)
	defer owner.Close(t.Context())
	there, listed, data := classified(t, owner)
	require.ElementsMatch(t, there, listed, "each table has a class: dbtest/tables.go")
	require.Empty(t, undistributable(t, owner, data))
}

// What a later migration might bring, each in a database of its own.
func TestWhatKeepsATableFromBeingDistributedIsNoticed(t *testing.T) {
	const notes = `CREATE TABLE notes (organization_id uuid, id uuid, PRIMARY KEY (organization_id, id)); `
	for rule, creates := range map[string][]string{
		"a policy is more than a comparison of columns with settings": {
			notes + `CREATE POLICY tenant ON notes USING (organization_id = (SELECT app_organization()))`,
			notes + `CREATE POLICY tenant ON notes WITH CHECK (EXISTS (SELECT FROM organizations o WHERE o.id = organization_id))`,
		},
		"a policy's function reads a table": {
			notes + `CREATE FUNCTION own() RETURNS uuid LANGUAGE sql AS $$ SELECT id FROM organizations $$;
				CREATE POLICY tenant ON notes USING (organization_id = own())`,
			notes + `CREATE FUNCTION own() RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN RETURN app_organization(); END $$;
				CREATE POLICY tenant ON notes USING (organization_id = own())`,
		},
		"a key joins data with something else": {
			`CREATE TABLE notes (organization_id uuid PRIMARY KEY REFERENCES organizations)`,
			notes + `ALTER TABLE members ADD note uuid, ADD FOREIGN KEY (organization_id, note) REFERENCES notes`,
		},
		"a unique index does not begin with organization_id": {
			`CREATE TABLE notes (organization_id uuid, id uuid PRIMARY KEY)`,
			notes + `CREATE UNIQUE INDEX ON notes (id, organization_id)`,
		},
		"a function sets what is to be set by SET LOCAL": {
			notes + `CREATE FUNCTION act_for(uuid) RETURNS text LANGUAGE sql AS $$ SELECT set_config('app.organization_id', $1::text, true) $$`,
		},
	} {
		for i, create := range creates {
			t.Run(fmt.Sprint(rule, " ", i), func(t *testing.T) {
				t.Parallel()
				owner, err := pgx.Connect(t.Context(), dbtest.DSN(t))
				require.NoError(t, err)
				defer owner.Close(t.Context())
				_, err = owner.Exec(t.Context(), create)
				require.NoError(t, err)
				there, listed, data := classified(t, owner)
				require.NotElementsMatch(t, there, listed, "a new table has no class yet")
				found := undistributable(t, owner, append(data, "notes"))
				require.Len(t, found, 1)
				require.Len(t, found[rule], 1)
			})
		}
	}
}
