package app_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/postgres/pgtest"
)

// install is a database made as docs/operating.md says it, under names of its own.
type install struct {
	*testing.T
	name string
}

// newInstall runs the statements of the manual that stand behind a mark.
func newInstall(t *testing.T, mark string) *install {
	t.Helper()
	manual, err := os.ReadFile("../../docs/operating.md")
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)<!-- test: " + mark + " -->\n```sql\n(.*?)```").FindSubmatch(manual)
	require.NotNil(t, block, mark)
	i := &install{t, "cabinet_" + uuid.NewString()[:8]}
	admin := pgtest.Cluster(t).DSN("postgres")
	for statement := range strings.SplitSeq(strings.TrimSpace(string(block[1])), ";\n") {
		dbtest.Exec(t, admin, strings.ReplaceAll(statement, "cabinet", i.name))
	}
	t.Cleanup(func() { dbtest.Exec(t, admin, "DROP DATABASE "+i.name+" WITH (FORCE)") })
	return i
}

// dsn is the address of the database for a role.
func (i *install) dsn(role, password string) string {
	i.Helper()
	config, err := pgx.ParseConfig(pgtest.Cluster(i.T).DSN(i.name))
	require.NoError(i, err)
	address := url.URL{
		Scheme: "postgres", User: url.UserPassword(strings.ReplaceAll(role, "cabinet", i.name), password), Path: "/" + i.name,
		RawQuery: url.Values{"host": {config.Host}, "port": {"5432"}}.Encode(),
	}
	return address.String()
}

// sessions are those of the running server: as whom they have signed in, and as whom they act.
func (i *install) sessions() (roles []string) {
	i.Helper()
	conn, err := pgx.Connect(i.Context(), pgtest.Cluster(i.T).DSN("postgres"))
	require.NoError(i, err)
	defer conn.Close(context.Background())
	rows, err := conn.Query(i.Context(), `SELECT DISTINCT usename::text FROM pg_stat_activity WHERE datname = $1`, i.name)
	require.NoError(i, err)
	roles, err = pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(i, err)
	return roles
}

// holdServer starts a server, works with it, and holds that its sessions can only act as its own role.
func (i *install) holdServer(c app.Config) (key string) {
	i.Helper()
	server := start(i.T, c)
	key = syncKey(i.T, server.URL())
	require.Equal(i, []string{i.name + "_server"}, i.sessions())
	require.NoError(i, app.SetOrganizationLimit(i.Context(), c, quiet, "anna@example.com", 3), "a command beside the server")
	stop(i.T, server)
	i.holdStart(c, key)
	return key
}

// holdStart starts the server once more.
func (i *install) holdStart(c app.Config, key string) {
	i.Helper()
	server := start(i.T, c)
	status, _ := hello(i.T, server.URL(), key)
	require.Equal(i, http.StatusOK, status)
	stop(i.T, server)
}

func TestAnOwnerWhoMayCreateRolesIsAllThatTheServerNeeds(t *testing.T) {
	i := newInstall(t, "one-url")
	c := config(t)
	c.DatabaseURL = i.dsn("cabinet_owner", "choose one")
	key := i.holdServer(c)

	login, err := db.ServerLogin(c.DatabaseURL, []byte("another secret of the same installation"))
	require.NoError(t, err)
	conn, err := pgx.Connect(t.Context(), i.dsn("cabinet_owner", "choose one"))
	require.NoError(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), "ALTER ROLE "+login.Role+" PASSWORD 'of a lost secret'")
	require.NoError(t, err)
	i.holdStart(c, key) // it takes its password back
}

func TestWithTwoAddressesTheOwnerNeedsNoRightsBeyondItsTables(t *testing.T) {
	i := newInstall(t, "two-urls")
	c := config(t)
	c.DatabaseURL = i.dsn("cabinet_owner", "choose one")
	require.ErrorContains(t, app.New(c, quiet).Start(t.Context()), "DATABASE_OWNER_URL")
	c.DatabaseOwnerURL = c.DatabaseURL
	require.ErrorIs(t, app.New(c, quiet).Start(t.Context()), db.ErrOwner)
	c.DatabaseURL = i.dsn("cabinet_server", "choose another")
	i.holdServer(c)
}

// A session cannot become anybody for whom row-level security does not hold.
func TestResettingItsRoleGivesASessionNothing(t *testing.T) {
	dsn := dbtest.DSN(t)
	database := dbtest.Open(t, dsn, 2)
	dbtest.Organization(t, database)
	for _, statement := range []string{"RESET ROLE", "SET ROLE NONE", "RESET SESSION AUTHORIZATION"} {
		require.NoError(t, database.Global(t.Context(), func(tx db.Tx) error {
			_, err := tx.Exec(t.Context(), statement)
			require.NoError(t, err)
			var seen int
			require.NoError(t, tx.QueryRow(t.Context(), "SELECT count(*) FROM organizations").Scan(&seen))
			require.Zero(t, seen, statement)
			return nil
		}))
	}
	_, err := db.Open(t.Context(), dsn, db.Login{}, 1)
	require.ErrorIs(t, err, db.ErrOwner, "the owner is refused")
}
