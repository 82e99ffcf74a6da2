package db_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

// nobodys are the relations that belong to no organization, each with the reason why
// the server may read all of it. A new table stands here or has organization_id.
var nobodys = map[string]string{
	"users":                      "a person may belong to many organizations",
	"email_tokens":               "of users",
	"sessions":                   "of users",
	"refresh_tokens":             "of sessions",
	"development_letters_id_seq": "numbers of letters",
	"development_letters":        "letters of a server without mail, addressed to users",
	"idempotency_keys":           "of users and networks: found by a hash of both and of what only they know; answers are sealed",
	"renewal_counter":            "numbers renewals of all organizations without gaps",
	"license_keys":               "the cabinet signs licenses of all organizations by them",
	"goose_db_version":           "migrations that have run",
	"goose_db_version_id_seq":    "numbers of migrations",
	"river_":                     "the job queue: jobs carry sealed letters and no records",
}

// relation is what the role test_server can read from. Row-level security covers the
// rows of tables and partitions that have it forced, and of views that ask with the
// rights of whoever reads them; no materialized view, no foreign table.
type relation struct {
	name      string
	kind      string // of pg_class: r table, p partitioned, v view, m materialized view, f foreign table, S sequence
	tenant    bool   // it has organization_id, or is the table of organizations
	forced    bool   // its row-level security is enabled and forced
	asInvoker bool   // a view with security_invoker
}

func (r relation) isTable() bool { return r.kind == "r" || r.kind == "p" }

func (r relation) protected() bool {
	switch {
	case r.isTable():
		return r.tenant && r.forced
	case r.kind == "v":
		return r.asInvoker
	}
	return false
}

func (r relation) isNobodys() bool {
	if strings.HasPrefix(r.name, "river_") {
		return true
	}
	_, known := nobodys[r.name]
	return known && !r.tenant
}

// relations are all that test_server can read from, in any schema but PostgreSQL's own.
func relations(t *testing.T, owner *pgx.Conn) []relation {
	t.Helper()
	rows, err := owner.Query(t.Context(), `
		SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname, c.relkind::text,
			c.oid = 'public.organizations'::regclass OR EXISTS (SELECT FROM pg_attribute a
				WHERE a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped),
			c.relrowsecurity AND c.relforcerowsecurity,
			coalesce((SELECT option_value::boolean FROM pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker'), false)
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
			AND CASE c.relkind WHEN 'S' THEN has_sequence_privilege('test_server', c.oid, 'SELECT')
				ELSE has_any_column_privilege('test_server', c.oid, 'SELECT') END
		ORDER BY 1`)
	require.NoError(t, err)
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r relation, err error) {
		err = row.Scan(&r.name, &r.kind, &r.tenant, &r.forced, &r.asInvoker)
		return r, err
	})
	require.NoError(t, err)
	return found
}

// exposed are the relations that would show an organization the rows of another.
func exposed(t *testing.T, owner *pgx.Conn) (names []string) {
	t.Helper()
	for _, r := range relations(t, owner) {
		if !r.protected() && !r.isNobodys() {
			names = append(names, r.name)
		}
	}
	return names
}

func TestEveryTenantsTableHasForcedRowLevelSecurity(t *testing.T) {
	w := newTenancy(t)
	require.Empty(t, exposed(t, w.owner), "no row-level security covers them: whose are they?")
}

// What a later migration might bring, each in a database of its own.
func TestWhatRowLevelSecurityDoesNotCoverIsNoticed(t *testing.T) {
	for name, test := range map[string]struct {
		create string
		want   []string
	}{
		"a materialized view":                                 {`CREATE MATERIALIZED VIEW daily AS SELECT organization_id, count(*) FROM documents GROUP BY 1`, []string{"daily"}},
		"a view with its owner's rights":                      {`CREATE VIEW open_feeds AS SELECT * FROM feeds`, []string{"open_feeds"}},
		"a view of what is nobody's, with its owner's rights": {`CREATE VIEW people AS SELECT * FROM users`, []string{"people"}},
		"a view with its reader's rights":                     {`CREATE VIEW own_feeds WITH (security_invoker) AS SELECT * FROM feeds`, nil},
		"a foreign table": {`CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER away FOREIGN DATA WRAPPER nowhere;
			CREATE FOREIGN TABLE archive (organization_id uuid) SERVER away`, []string{"archive"}},
		"a table without an organization": {`CREATE TABLE notes (id uuid)`, []string{"notes"}},
		"a table whose security is not forced": {`CREATE TABLE notes (organization_id uuid);
			ALTER TABLE notes ENABLE ROW LEVEL SECURITY`, []string{"notes"}},
		"a partition without security": {`CREATE TABLE notes (organization_id uuid, year int) PARTITION BY LIST (year);
			ALTER TABLE notes ENABLE ROW LEVEL SECURITY; ALTER TABLE notes FORCE ROW LEVEL SECURITY;
			CREATE TABLE notes_2026 PARTITION OF notes FOR VALUES IN (2026)`, []string{"notes_2026"}},
		"a sequence": {`CREATE SEQUENCE receipts_seen`, []string{"receipts_seen"}},
		"a table of another schema": {`CREATE SCHEMA archive; GRANT USAGE ON SCHEMA archive TO test_server;
			CREATE TABLE archive.receipts (data text); GRANT SELECT (data) ON archive.receipts TO test_server`, []string{"archive.receipts"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			owner, err := pgx.Connect(t.Context(), dbtest.DSN(t))
			require.NoError(t, err)
			defer owner.Close(t.Context())
			_, err = owner.Exec(t.Context(), test.create+`;
				GRANT SELECT ON ALL TABLES IN SCHEMA public TO test_server; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO test_server`)
			require.NoError(t, err)
			require.Equal(t, test.want, exposed(t, owner))
		})
	}
}

// The two kinds of views do leak: the check above is not about a formality.
func TestAMaterializedViewShowsTheRowsOfOthers(t *testing.T) {
	w := newTenancy(t)
	_, err := w.owner.Exec(t.Context(), `SET session_replication_role = origin; CREATE MATERIALIZED VIEW daily AS SELECT organization_id FROM documents;
		CREATE VIEW all_documents AS SELECT organization_id FROM documents; CREATE VIEW own_documents WITH (security_invoker) AS SELECT organization_id FROM documents;
		GRANT SELECT ON ALL TABLES IN SCHEMA public TO test_server`)
	require.NoError(t, err)
	require.Equal(t, 1, w.rows(w.asMine, "daily"), "row-level security does not cover it")
	require.Equal(t, 1, w.rows(w.asMine, "all_documents"), "it asks with the rights of its owner, whom no policy binds")
	require.Zero(t, w.rows(w.asMine, "own_documents"))
}
