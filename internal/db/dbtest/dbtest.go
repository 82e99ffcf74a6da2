//go:build linux

// Package dbtest gives a test a database of its own: migrated, empty, on the
// real PostgreSQL of the test binary.
package dbtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/postgres/pgtest"
)

const template = "template_cabinet"

var (
	prepare   sync.Once
	prepared  error
	databases atomic.Int64
)

// New opens a new migrated database, gone with the test.
func New(tb testing.TB) *db.DB {
	tb.Helper()
	return Open(tb, DSN(tb), 8)
}

// Login is that of the server on the databases that DSN makes.
var Login = db.Login{Role: "test_server", Password: "test"}

// Open opens a database that DSN has made, as the server does.
func Open(tb testing.TB, dsn string, maxConns int32) *db.DB {
	tb.Helper()
	database, err := db.Open(context.Background(), dsn, Login, maxConns)
	if err != nil {
		tb.Fatalf("open the test database: %v", err)
	}
	tb.Cleanup(database.Close)
	return database
}

// DSN makes a new migrated database, gone with the test, and says how to
// connect to it as a superuser, who owns it unless TEST_OWNER=plain.
func DSN(tb testing.TB) string {
	tb.Helper()
	cluster := pgtest.Cluster(tb)
	prepare.Do(func() { prepared = makeTemplate(tb, cluster.DSN("postgres"), cluster.DSN(template)) })
	if prepared != nil {
		tb.Fatalf("prepare the template database: %v", prepared)
	}
	name := fmt.Sprintf("test_%d", databases.Add(1))
	Exec(tb, cluster.DSN("postgres"), "CREATE DATABASE "+name+" TEMPLATE "+template+ownedBy())
	tb.Cleanup(func() { Exec(tb, cluster.DSN("postgres"), "DROP DATABASE "+name+" WITH (FORCE)") })
	return cluster.DSN(name)
}

// Exec runs one statement as the owner of the database, past row-level security.
func Exec(tb testing.TB, dsn, statement string, args ...any) {
	tb.Helper()
	if err := runStatement(dsn, statement, args...); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
}

func runStatement(dsn, statement string, args ...any) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for deadline := time.Now().Add(time.Minute); ; {
		_, err = conn.Exec(ctx, statement, args...)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != inUse || time.Now().After(deadline) {
			return err
		}
	}
}

// inUse is PostgreSQL's answer, after five seconds of waiting, where a session that is ending
// is still connected with the database.
const inUse = "55006"

func makeTemplate(tb testing.TB, admin, dsn string) error {
	tb.Helper()
	login := Login
	if ownerIsPlain() {
		if err := makePlainRoles(admin); err != nil {
			return err
		}
		login.Password = "" // the role is there
	}
	if err := runStatement(admin, "CREATE DATABASE "+template+ownedBy()); err != nil {
		return err
	}
	return db.Migrate(context.Background(), Owner(tb, dsn), login)
}

// ownedBy ends a statement that makes a database.
func ownedBy() string {
	if ownerIsPlain() {
		return " OWNER " + plainOwner
	}
	return ""
}

// Organization inserts a bare organization with an empty feed: all that
// synchronization and projections need. Moscow time, roubles, day from midnight.
func Organization(tb testing.TB, database *db.DB) uuid.UUID {
	tb.Helper()
	id := uuid.New()
	err := database.ForOrganization(context.Background(), id, func(tx db.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(`INSERT INTO organizations (id, name, time_zone, currency, default_delivery_minutes)
			VALUES ($1, 'Test', 'Europe/Moscow', 'RUB', 60)`, id)
		batch.Queue(`INSERT INTO feeds (organization_id, epoch) VALUES ($1, $2)`, id, uuid.New())
		return tx.SendBatch(context.Background(), batch).Close()
	})
	if err != nil {
		tb.Fatalf("insert an organization: %v", err)
	}
	return id
}
