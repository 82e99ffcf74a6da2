package sync

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Record is one record of a feed at its latest change.
type Record struct {
	Kind       string
	ID         uuid.UUID
	Version    int64
	Seq        int64
	ModifiedAt time.Time
	Deleted    bool
	DeviceID   uuid.UUID
	Data       []byte // canonical JSON
}

// RecordColumns are those of records that RecordRows reads, in its order.
const RecordColumns = `kind, id, version, seq, modified_at, deleted, device_id, data`

// recordWidths are the bytes of each column in PostgreSQL's binary format; 0: as many as
// its text has.
var recordWidths = [...]int{0, 16, 8, 8, 8, 1, 16, 0}

// RecordRows reads rows of RecordColumns, none of which may be NULL, one Record after
// another. It takes them over in PostgreSQL's binary format, which pgx asks for in its mode
// QueryExecModeCacheStatement, and refers to the data: a pull reads records by the hundred
// thousand, and pgx's Scan costs as much as all the rest.
type RecordRows struct {
	Record // of the row that Next has found; its Data is valid until the next call
	rows   pgx.Rows
	err    error
}

// ReadRecords begins to read rows.
func ReadRecords(rows pgx.Rows) *RecordRows { return &RecordRows{rows: rows} }

// Err says why Next found no further row; nil: there is none.
func (r *RecordRows) Err() error { return cmp.Or(r.err, r.rows.Err()) }

// Next reads the next row; false: there is none, or it is no record.
func (r *RecordRows) Next() bool {
	if r.err != nil || !r.rows.Next() {
		return false
	}
	columns := r.rows.RawValues()
	if r.err = checkRecord(columns); r.err != nil {
		return false
	}
	if r.Kind != string(columns[0]) {
		r.Kind = string(columns[0])
	}
	copy(r.ID[:], columns[1])
	r.Version = int64(binary.BigEndian.Uint64(columns[2]))
	r.Seq = int64(binary.BigEndian.Uint64(columns[3]))
	const epoch = 946_684_800_000_000 // 2000-01-01, from which PostgreSQL counts, in microseconds of Unix time
	r.ModifiedAt = time.UnixMicro(int64(binary.BigEndian.Uint64(columns[4])) + epoch)
	r.Deleted = columns[5][0] != 0
	copy(r.DeviceID[:], columns[6])
	r.Data = columns[7]
	return true
}

// checkRecord holds that columns are RecordColumns in the binary format.
func checkRecord(columns [][]byte) error {
	if len(columns) != len(recordWidths) {
		return fmt.Errorf("sync: %d columns are no record", len(columns))
	}
	for i, width := range recordWidths {
		if columns[i] == nil || width > 0 && len(columns[i]) != width {
			return fmt.Errorf("sync: column %d is not that of a record in the binary format", i)
		}
	}
	return nil
}
