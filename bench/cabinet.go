package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/client"
)

// cabinet is the server as an operator runs it, on its private PostgreSQL.
type cabinet struct {
	*child
	url      string
	dsn      string
	db       *pgx.Conn // for what is no part of a measurement
	postgres string    // its version
	owner    *client.Client
}

// organization is one with an empty feed.
type organization struct {
	client.Organization
	device   uuid.UUID
	receipts int // that it is known to have
}

// unlimited takes the limits of a minute out of the way. They are counted all
// the same.
var unlimited = []string{
	"SYNC_REQUESTS_PER_MINUTE=1000000000", "SYNC_BYTES_PER_MINUTE=1000000000000000", "SYNC_RECORDS_PER_MINUTE=1000000000",
}

// startCabinet runs a server on data of its own, below the run's directory.
func (b *bench) startCabinet(ctx context.Context, name string) (*cabinet, error) {
	dir := filepath.Join(b.dir, name)
	environ := append([]string{
		"ADDR=127.0.0.1:0", "DATA_DIR=" + dir, "DATABASE_URL=", "SMTP_URL=", "DEV_INBOX=on", "OPS_ADDR=127.0.0.1:0", "PUBLIC_URL=", "LOG_LEVEL=error",
	}, unlimited...)
	process, err := startProcess(ctx, b.log, environ, filepath.Join(b.Bin, "cabinet"), "serve")
	if err != nil {
		return nil, err
	}
	c := &cabinet{child: process, url: process.ready[strings.LastIndex(process.ready, " ")+1:]}
	if err := c.prepare(ctx, dir); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

func (c *cabinet) prepare(ctx context.Context, dir string) error {
	address, err := os.ReadFile(filepath.Join(dir, "database.url"))
	if err != nil {
		return err
	}
	c.dsn = strings.TrimSpace(string(address))
	if c.db, err = pgx.Connect(ctx, c.dsn); err != nil {
		return err
	}
	if c.postgres, err = scalar[string](ctx, c.db, `SELECT current_setting('server_version')`); err != nil {
		return err
	}
	durable, err := scalar[bool](ctx, c.db, `SELECT bool_and(setting = 'on') FROM pg_settings
		WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')`)
	if err != nil {
		return err
	}
	if !durable {
		return errors.New("PostgreSQL is not set to keep what it acknowledges: nothing measured on it would count")
	}
	return c.registerOwner(ctx)
}

const email, password = "owner@example.com", "correct horse battery"

// registerOwner makes an account that may own as many organizations as it likes.
func (c *cabinet) registerOwner(ctx context.Context) error {
	anonymous, err := client.New(c.url)
	if err != nil {
		return err
	}
	if err := anonymous.Register(ctx, client.Registration{Email: email, Password: password, FullName: "Owner"}); err != nil {
		return err
	}
	token, err := c.letterToken(ctx)
	if err != nil {
		return err
	}
	if c.owner, err = anonymous.VerifyEmail(ctx, token, password); err != nil {
		return err
	}
	_, err = c.db.Exec(ctx, `UPDATE users SET organization_limit = 1000`)
	return err
}

// letterToken waits for the letter of confirmation, and gives the token in its link.
func (c *cabinet) letterToken(ctx context.Context) (token string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		var letters []struct{ Links []string }
		answer, err := http.Get(c.url + "/dev/mail.json") //nolint:noctx // bounded by the loop
		if err != nil {
			return "", err
		}
		err = json.NewDecoder(answer.Body).Decode(&letters)
		_ = answer.Body.Close()
		if err != nil {
			return "", err
		}
		if len(letters) > 0 {
			link, err := url.Parse(letters[0].Links[0])
			return strings.TrimPrefix(link.Fragment, "token="), err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", ctx.Err()
}

// newOrganization signs in again where a run has outlasted the session.
func (c *cabinet) newOrganization(ctx context.Context) (*organization, error) {
	created, err := c.createOrganization(ctx)
	if client.IsCode(err, "unauthorized") {
		if c.owner, err = c.owner.With(client.Token("")).Login(ctx, email, password); err != nil {
			return nil, err
		}
		created, err = c.createOrganization(ctx)
	}
	return &organization{Organization: created, device: uuid.New()}, err
}

func (c *cabinet) createOrganization(ctx context.Context) (client.Organization, error) {
	return c.owner.CreateOrganization(ctx, client.NewOrganization{
		Name: "Venue", TimeZone: "Europe/Moscow", Currency: "RUB", DefaultDeliveryMinutes: 60,
	})
}

// createOrganizations makes so many.
func (c *cabinet) createOrganizations(ctx context.Context, count int) (made []*organization, err error) {
	for range count {
		one, err := c.newOrganization(ctx)
		if err != nil {
			return nil, err
		}
		made = append(made, one)
	}
	return made, nil
}

// busy says whether a projection is behind its feed, or being rebuilt.
const busy = `SELECT EXISTS (
	SELECT FROM feeds f LEFT JOIN projection_cursors c ON c.organization_id = f.organization_id
	WHERE f.head > coalesce(c.seq, 0) OR c.state <> 'live')`

// awaitIdle waits until the server has nothing to do in the background.
func (c *cabinet) awaitIdle(ctx context.Context) error {
	for {
		working, err := scalar[bool](ctx, c.db, busy)
		if err != nil || !working {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// settlePostgreSQL lets PostgreSQL do at once what the rows before have left it to do some time.
func (c *cabinet) settlePostgreSQL(ctx context.Context) error {
	if err := c.awaitIdle(ctx); err != nil {
		return err
	}
	for _, work := range []string{`VACUUM (ANALYZE)`, `CHECKPOINT`} {
		if _, err := c.db.Exec(ctx, work); err != nil {
			return err
		}
	}
	return nil
}

// scalar reads one value.
func scalar[T any](ctx context.Context, db *pgx.Conn, query string, args ...any) (value T, err error) {
	err = db.QueryRow(ctx, query, args...).Scan(&value)
	if err != nil {
		err = fmt.Errorf("%.40s…: %w", query, err)
	}
	return value, err
}
