package sync_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/sync"
)

// Rows are read without pgx's Scan; what is not laid out as that takes it is refused, not
// misread.
func TestOnlyRowsOfRecordsInTheBinaryFormatAreRead(t *testing.T) {
	v := newOutlet(t)
	id := uuid.New()
	v.push(uuid.New(), unit(id, "kg", clock))
	readBy := func(mode pgx.QueryExecMode, columns string) (read sync.Record, err error) {
		err = v.db.ForOrganization(context.Background(), v.organization, func(tx db.Tx) error {
			rows, err := tx.Query(context.Background(), `SELECT `+columns+` FROM records WHERE organization_id = $1`, mode, v.organization)
			if err != nil {
				return err
			}
			defer rows.Close()
			records := sync.ReadRecords(rows)
			if records.Next() {
				read = records.Record
			}
			return records.Err()
		})
		return read, err
	}
	read, err := readBy(pgx.QueryExecModeCacheStatement, sync.RecordColumns)
	require.NoError(t, err)
	require.Equal(t, id, read.ID)
	require.True(t, clock.Equal(read.ModifiedAt))
	for name, columns := range map[string]string{
		"in another order": `id, kind, version, seq, modified_at, deleted, device_id, data`,
		"too few":          `kind, id`,
		"NULL":             `kind, id, version, seq, modified_at, deleted, device_id, NULL::text`,
	} {
		_, err := readBy(pgx.QueryExecModeCacheStatement, columns)
		require.Error(t, err, name)
	}
	_, err = readBy(pgx.QueryExecModeSimpleProtocol, sync.RecordColumns)
	require.Error(t, err, "as text")
}
