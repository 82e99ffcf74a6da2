package db

import (
	"context"
	"io"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

// What PostgreSQL has answered to a COMMIT is known to be undone; what it has not answered may be done.
func TestACommitWithoutAnAnswerMayBeDone(t *testing.T) {
	for _, known := range []error{&pgconn.PgError{Code: "40001"}, &pgconn.PgError{Code: "57P01"}, pgx.ErrTxCommitRollback} {
		require.NotErrorIs(t, asEnded(known), ErrMayBeDone)
	}
	for _, unknown := range []error{io.ErrUnexpectedEOF, context.Canceled} {
		require.ErrorIs(t, asEnded(unknown), ErrMayBeDone)
	}
	require.True(t, fault.Is(asEnded(io.ErrUnexpectedEOF), fault.Unavailable))
	require.NoError(t, asEnded(nil))
}
