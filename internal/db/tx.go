package db

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Tx is a transaction for both: it is a pgx.Tx for statements and batches, and GORM
// gives a session of GORM in the same transaction on the same connection. So a rule
// is written once, whoever asks. It ends with the function that it was given to.
type Tx struct {
	pgx.Tx
	ctx        context.Context
	connection *sql.Conn
	gorm       *gorm.DB
}

// GORM is a session of GORM within the transaction. It is made when it is asked for:
// bulk paths pay nothing for it. Rows that pgx still reads must be closed first: a
// connection answers one statement at a time.
func (t Tx) GORM() *gorm.DB {
	session := t.gorm.Session(&gorm.Session{NewDB: true, Context: t.ctx})
	session.Statement.ConnPool = oneConnection{t.connection}
	return session
}

// oneConnection hides that a connection could begin transactions: GORM is in one.
type oneConnection struct{ gorm.ConnPool }

// inTransaction runs fn in a transaction that begins with one round trip. The transaction
// is committed where fn returns nil, else rolled back.
func (d *DB) inTransaction(ctx context.Context, begin string, fn func(tx Tx) error) error {
	var connection *sql.Conn
	var tx pgx.Tx
	err := d.retryWhileDead(ctx, func() (err error) {
		connection, tx, err = d.beginOn(ctx, begin+timeout(ctx))
		return err
	})
	if err != nil {
		return asFault(err)
	}
	defer connection.Close()                // last of all; its error says that the connection has died
	defer func() { _ = tx.Rollback(ctx) }() // where it was committed, this does nothing
	if err := fn(Tx{tx, ctx, connection, d.gorm}); err != nil {
		return asFault(err)
	}
	return asEnded(tx.Commit(ctx))
}

// beginOn takes a connection of the pool by way of database/sql, which GORM needs, and
// begins on what pgx knows it as. Where that fails, the connection is given back.
func (d *DB) beginOn(ctx context.Context, begin string) (connection *sql.Conn, tx pgx.Tx, err error) {
	err = d.awaitConnection(ctx, func(waiting context.Context) (err error) {
		connection, err = d.sql.Conn(waiting)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	err = connection.Raw(func(driver any) (err error) {
		tx, err = driver.(*stdlib.Conn).Conn().BeginTx(ctx, pgx.TxOptions{BeginQuery: begin})
		return err
	})
	if err != nil {
		_ = connection.Close()
		return nil, nil, err
	}
	return connection, tx, nil
}

// acquire takes a connection of the pool, which must be released. Errors: those of awaitConnection.
func (d *DB) acquire(ctx context.Context) (connection *pgxpool.Conn, err error) {
	err = d.awaitConnection(ctx, func(waiting context.Context) (err error) {
		connection, err = d.Pool.Acquire(waiting)
		return err
	})
	return connection, err
}
