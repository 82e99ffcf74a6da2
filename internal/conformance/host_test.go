//go:build linux

package conformance_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/conformance"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/sync"
)

// organizationOf is the id of the organization that a sync key belongs to.
func (c *cabinet) organizationOf(t *testing.T, key string) (id uuid.UUID) {
	t.Helper()
	owner, err := pgx.Connect(t.Context(), c.dsn)
	require.NoError(t, err)
	defer func() { _ = owner.Close(context.Background()) }()
	hash := sha256.Sum256([]byte(key))
	require.NoError(t, owner.QueryRow(t.Context(), "SELECT organization_id FROM sync_keys WHERE key_hash = $1", hash[:]).Scan(&id))
	return id
}

// host does to one organization what a host does to the whole database.
func (c *cabinet) host(t *testing.T, key string) conformance.Host {
	t.Helper()
	id := c.organizationOf(t, key)
	owner, err := pgx.Connect(t.Context(), c.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = owner.Close(context.Background()) })
	each := func(statement string) conformance.HostAction {
		return func(ctx context.Context) error {
			for _, table := range []string{"feeds", "feed_marks", "records", "record_history", "rejections"} {
				if _, err := owner.Exec(ctx, fmt.Sprintf(statement, table, id)); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return conformance.Host{
		Backup:  each("CREATE TEMP TABLE %[1]s_backup AS SELECT * FROM %[1]s WHERE organization_id = '%[2]s'"),
		Restore: each("DELETE FROM %[1]s WHERE organization_id = '%[2]s'; INSERT INTO %[1]s SELECT * FROM %[1]s_backup"),
		Purge: func(ctx context.Context) error {
			if err := awaitProjections(ctx, owner, id); err != nil {
				return err
			}
			_, err := owner.Exec(ctx, fmt.Sprintf("UPDATE records SET received_at = received_at - interval '401 days' WHERE deleted AND organization_id = '%s'", id))
			if err != nil {
				return err
			}
			database, err := db.Open(ctx, c.dsn, dbtest.Login, 1)
			if err != nil {
				return err
			}
			defer database.Close()
			return sync.Purge(ctx, database, time.Now())
		},
	}
}

// awaitProjections waits until they have read the whole feed: a purge waits for them.
func awaitProjections(ctx context.Context, owner *pgx.Conn, organization uuid.UUID) error {
	for {
		var behind bool
		err := owner.QueryRow(ctx, `SELECT EXISTS (SELECT FROM projection_cursors c JOIN feeds f USING (organization_id)
			WHERE organization_id = $1 AND c.state <> 'retired' AND c.seq < f.head)`, organization).Scan(&behind)
		if err != nil || !behind {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// commands are what the kit's command line takes to have the host's actions done.
func (c *cabinet) commands(t *testing.T, key string) []string {
	t.Helper()
	host := c.host(t, key)
	mux := http.NewServeMux()
	for path, do := range map[string]conformance.HostAction{"/backup": host.Backup, "/restore": host.Restore, "/purge": host.Purge} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if err := do(r.Context()); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	command := "curl -fsS " + server.URL
	return []string{"--backup-command", command + "/backup", "--restore-command", command + "/restore", "--purge-command", command + "/purge"}
}
