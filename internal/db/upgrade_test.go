package db_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/postgres/pgtest"
)

// older is a database of the version before, which copied the permissions of built-in
// roles into every organization.
type older struct {
	*testing.T
	dsn  string
	conn *pgx.Conn
}

func newOlder(t *testing.T, version int64) *older {
	t.Helper()
	admin, name := pgtest.Cluster(t).DSN("postgres"), "older_"+uuid.NewString()[:8]
	dbtest.Exec(t, admin, "CREATE DATABASE "+name)
	t.Cleanup(func() { dbtest.Exec(t, admin, "DROP DATABASE "+name+" WITH (FORCE)") })
	o := &older{T: t, dsn: pgtest.Cluster(t).DSN(name)}
	o.migrate(func(p *goose.Provider) error { _, err := p.UpTo(t.Context(), version); return err })
	var err error
	o.conn, err = pgx.Connect(t.Context(), o.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = o.conn.Close(context.Background()) })
	return o
}

func (o *older) migrate(step func(*goose.Provider) error) {
	o.Helper()
	config, err := pgx.ParseConfig(o.dsn)
	require.NoError(o, err)
	own := stdlib.OpenDB(*config)
	defer own.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, own, os.DirFS("migrations"))
	require.NoError(o, err)
	require.NoError(o, step(provider))
}

// organization adds one with its built-in roles and a role of its own, and members: the
// name of a role, with a star for whoever is marked as the owner.
func (o *older) organization(members ...string) uuid.UUID {
	o.Helper()
	id := uuid.New()
	o.exec(`INSERT INTO organizations (id, name, time_zone, currency, default_delivery_minutes) VALUES ($1, 'Old', 'Europe/Moscow', 'RUB', 60)`, id)
	o.exec(`INSERT INTO licenses (organization_id, id, module, valid_until) VALUES ($1, $1, 'delivery', now() + interval '1 month')`, id)
	o.exec(`INSERT INTO sync_keys (organization_id, id, key_hash, key_encrypted, created_by) VALUES ($1, $1, '\x01', '\x02', $1)`, id)
	for _, code := range access.BuiltinRoles {
		o.exec(`INSERT INTO roles (organization_id, id, code, permissions) VALUES ($1, gen_random_uuid(), $2, $3)`, id, code, texts(access.RolePermissions(code)))
	}
	o.exec(`INSERT INTO roles (organization_id, id, name, permissions) VALUES ($1, gen_random_uuid(), 'chef', '{documents:view,reports:edit}')`, id)
	for i, member := range members {
		user, role := uuid.New(), member
		isOwner := role[0] == '*'
		if isOwner {
			role = role[1:]
		}
		o.exec(`INSERT INTO users (id, email, password_hash, full_name, current_organization_id) VALUES ($1, $2, 'hash', 'Somebody', $3)`,
			user, user.String()+"@example.com", id)
		o.exec(`INSERT INTO sessions (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 month')`, uuid.New(), user)
		o.exec(`INSERT INTO members (organization_id, user_id, role_id, is_owner, created_at)
			SELECT $1, $2, id, $4, now() + make_interval(secs => $5) FROM roles WHERE organization_id = $1 AND (code = $3 OR name = $3)`,
			id, user, role, isOwner, float64(i))
	}
	return id
}

func (o *older) exec(statement string, args ...any) {
	o.Helper()
	_, err := o.conn.Exec(o.Context(), statement, args...)
	require.NoError(o, err)
}

func texts(permissions []access.Permission) []string {
	words := make([]string, len(permissions))
	for i, permission := range permissions {
		words[i] = string(permission)
	}
	return words
}

// rows are all rows of what a query gives, as text.
func (o *older) rows(query string, args ...any) []string {
	o.Helper()
	found, err := o.conn.Query(o.Context(), "SELECT t::text FROM ("+query+") t", args...)
	require.NoError(o, err)
	list, err := pgx.CollectRows(found, pgx.RowTo[string])
	require.NoError(o, err)
	return list
}

func (o *older) members(organization uuid.UUID) []string {
	o.Helper()
	return o.rows(`SELECT CASE WHEN m.is_owner THEN '*' ELSE '' END || r.code || r.name AS role FROM members m
		JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
		WHERE m.organization_id = $1 ORDER BY m.created_at`, organization)
}

func TestAnUpgradeComputesRolesAndLosesNothing(t *testing.T) {
	o := newOlder(t, 16)
	healthy := o.organization("*owner", "manager", "accountant", "dispatcher", "viewer", "chef")
	marked := o.organization("owner", "*manager", "viewer")
	unmarked := o.organization("viewer", "owner", "owner")
	kept := map[string]string{ // what an upgrade leaves as it is
		"organizations": "*", "users": "*", "sessions": "*", "licenses": "*", "sync_keys": "*",
		"roles": "organization_id, id, code, name, created_at", "members": "organization_id, user_id, created_at",
	}
	before := map[string][]string{}
	for table, columns := range kept {
		if columns == "*" { // of the older version: a newer one may have more
			require.NoError(t, o.conn.QueryRow(t.Context(), `SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
				FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`, table).Scan(&columns))
			kept[table] = columns
		}
		before[table] = o.rows(fmt.Sprintf("SELECT %s FROM %s ORDER BY 1, 2", columns, table))
	}
	lists := `SELECT code, name, permissions FROM roles WHERE organization_id = $1 ORDER BY code, name`
	copied := o.rows(lists, healthy)

	require.NoError(t, db.Migrate(t.Context(), o.dsn, dbtest.Login))
	for table, columns := range kept {
		require.Equal(t, before[table], o.rows(fmt.Sprintf("SELECT %s FROM %s ORDER BY 1, 2", columns, table)), table)
	}
	require.Equal(t, []string{"(15,3)"}, o.rows(`SELECT count(*) FILTER (WHERE code <> '' AND permissions = '{}'),
		count(*) FILTER (WHERE code = '' AND permissions = '{documents:view,reports:edit}') FROM roles`), "own roles keep their lists, built-in ones have none")
	require.Equal(t, []string{"(*owner)", "(manager)", "(accountant)", "(dispatcher)", "(viewer)", "(chef)"}, o.members(healthy))
	require.Equal(t, []string{"(manager)", "(*owner)", "(viewer)"}, o.members(marked), "the mark is what counted")
	require.Equal(t, []string{"(viewer)", "(*owner)", "(manager)"}, o.members(unmarked))

	o.migrate(func(p *goose.Provider) error { _, err := p.DownTo(t.Context(), 16); return err })
	require.Equal(t, copied, o.rows(lists, healthy), "the way back gives the older version its copies")
	require.NoError(t, db.Migrate(t.Context(), o.dsn, dbtest.Login))
	require.Equal(t, []string{"(*owner)", "(manager)", "(accountant)", "(dispatcher)", "(viewer)", "(chef)"}, o.members(healthy))
}

// What agents have sent is made of the organization's id: that is their source from now on.
func TestAnUpgradeMakesTheFirstSourceOfWhatAgentsHaveSent(t *testing.T) {
	o := newOlder(t, 21)
	agents, others := uuid.New(), uuid.New()
	for _, agent := range []string{"interpos-agent", "interpos-agent", "another program"} {
		o.exec(`INSERT INTO devices (organization_id, id, agent) VALUES ($1, gen_random_uuid(), $2)`, agents, agent)
	}
	o.exec(`INSERT INTO devices (organization_id, id, agent) VALUES ($1, gen_random_uuid(), 'another program')`, others)

	require.NoError(t, db.Migrate(t.Context(), o.dsn, dbtest.Login))
	require.Equal(t, []string{fmt.Sprintf("(%s,%s,main)", agents, agents)}, o.rows(`SELECT organization_id, id, name FROM sources`))
	require.Equal(t, []string{`(t,"another program",2)`, `(f,interpos-agent,2)`}, o.rows(`SELECT source_id IS NULL, agent, count(*) FROM devices GROUP BY 1, 2 ORDER BY 2`))
}

// Tables of data lose their keys to those of accounts. On the way back, rows whose organization
// is not there have to go.
func TestAnUpgradeLetsDataStandByItself(t *testing.T) {
	o := newOlder(t, 28)
	known, unknown := uuid.New(), uuid.New()
	o.exec(`INSERT INTO organizations (id, name, time_zone, currency, default_delivery_minutes) VALUES ($1, 'Old', 'Europe/Moscow', 'RUB', 60)`, known)
	o.exec(`INSERT INTO feeds (organization_id, epoch) VALUES ($1, $1)`, known)
	const keys = `SELECT conrelid::regclass FROM pg_constraint WHERE contype = 'f' AND conrelid IN ('feeds'::regclass, 'projection_cursors'::regclass) ORDER BY 1`
	const policies = `SELECT polrelid::regclass, polname, pg_get_expr(polqual, polrelid) FROM pg_policy ORDER BY polrelid::regclass::text, 2`
	before, feeds := o.rows(policies), o.rows(`SELECT organization_id FROM feeds`)
	require.Len(t, o.rows(keys), 2)

	require.NoError(t, db.Migrate(t.Context(), o.dsn, dbtest.Login))
	require.Empty(t, o.rows(keys))
	require.Equal(t, feeds, o.rows(`SELECT organization_id FROM feeds`))
	o.exec(`INSERT INTO feeds (organization_id, epoch) VALUES ($1, $1)`, unknown)

	o.migrate(func(p *goose.Provider) error { _, err := p.DownTo(t.Context(), 28); return err })
	require.Len(t, o.rows(keys), 2)
	require.Equal(t, before, o.rows(policies))
	require.Equal(t, feeds, o.rows(`SELECT organization_id FROM feeds`))
	require.NoError(t, db.Migrate(t.Context(), o.dsn, dbtest.Login))
}
