package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"github.com/interpos/cabinet/internal/fault"
)

// constraintFaults says what the breach of a constraint means to a client.
// Constraints that are not here cannot be breached by a client; their breach is
// an internal error.
var constraintFaults = map[string]*fault.Error{
	"users_email_key": fault.New(fault.Conflict, "This e-mail address is taken."),
}

// asFault turns what the database says into the words of fault. An error that a
// feature has made passes through untouched.
func asFault(err error) error {
	var known *fault.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, pgx.ErrNoRows) {
		return fault.Wrap(fault.NotFound, "There is no such thing here.", err)
	}
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		return serverFault(pgErr)
	}
	if isUnreachable(err) {
		return asUnavailable(err)
	}
	return err
}

func serverFault(err *pgconn.PgError) error {
	if known, ok := constraintFaults[err.ConstraintName]; ok {
		return fault.Wrap(known.Code, known.Message, err)
	}
	switch err.Code {
	case "22021", "22P05": // a byte sequence or a character that text cannot hold
		return fault.Wrap(fault.Malformed, "The text holds a character that cannot be stored.", err)
	case "57014": // its statement_timeout, or its caller has gone
		return &fault.Error{
			Code: fault.TookTooLong, Message: "It took too long, and was broken off. Ask for less at once, or again later.",
			RetryAfter: 30 * time.Second, Cause: err,
		}
	case "40001", "40P01", "55P03", // serialization failure, deadlock, lock not available
		"25006",                   // read-only: a standby that is about to take over
		"53300", "53200", "53100", // too many connections, out of memory, disk full
		"57P01", "57P02", "57P03", // shutdown, crash, starting up
		"3D000": // no such database: a backup is being restored
		return asUnavailable(err)
	}
	return err
}

func isUnreachable(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) && !errors.Is(err, context.Canceled) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		pgconn.Timeout(err) || pgconn.SafeToRetry(err)
}

// isDead says whether a connection has ended that was there before. That none can be
// made is another matter.
func isDead(err error) bool {
	var connect *pgconn.ConnectError
	var pgErr *pgconn.PgError
	switch {
	case errors.As(err, &connect), pgconn.Timeout(err):
		return false
	case errors.As(err, &pgErr):
		return pgErr.Code == "57P01" || pgErr.Code == "57P02"
	}
	return isUnreachable(err)
}

// ErrMayBeDone is within the error of a transaction of which it is not known whether it was committed:
// the connection has ended before the answer to the COMMIT.
var ErrMayBeDone = errors.New("db: it is not known whether the transaction was committed")

// asEnded is asFault for the answer to a COMMIT.
func asEnded(err error) error {
	var answered *pgconn.PgError
	if err == nil || errors.As(err, &answered) || errors.Is(err, pgx.ErrTxCommitRollback) {
		return asFault(err)
	}
	return asFault(fmt.Errorf("%w: %w", ErrMayBeDone, err))
}

func asUnavailable(err error) error {
	return &fault.Error{
		Code: fault.Unavailable, Message: "The database is not available just now. Send the same again later.",
		RetryAfter: 2 * time.Second, Cause: err,
	}
}
