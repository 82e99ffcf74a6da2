package sync

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
)

const (
	// MaxIDs is how many records may be asked for by their ids at once.
	MaxIDs = 200
	// lookupBytes of data end an answer by ids: it is held in memory whole.
	lookupBytes = 2 << 20
)

// Lookup is the records of one kind that some ids name, tombstones too.
type Lookup struct {
	Records   []Record    // in the order of their ids
	Remaining []uuid.UUID // that were not looked up any more, since the records before are long
}

// LookUp finds records by their ids. An id that the feed does not know is in neither list.
func (f *Feed) LookUp(ctx context.Context, organization uuid.UUID, kind string, ids []uuid.UUID) (found Lookup, err error) {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, compareIDs)
	ids = slices.Compact(ids)
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		found = Lookup{}
		rows, err := tx.Query(ctx, `SELECT `+RecordColumns+` FROM records
			WHERE organization_id = $1 AND kind = $2 AND id = ANY ($3) ORDER BY id`, organization, kind, ids)
		if err != nil {
			return err
		}
		defer rows.Close()
		records := ReadRecords(rows)
		for size := 0; records.Next(); {
			if size >= lookupBytes {
				next, _ := slices.BinarySearchFunc(ids, records.ID, compareIDs)
				found.Remaining = ids[next:]
				return nil
			}
			record := records.Record
			record.Data = bytes.Clone(record.Data)
			found.Records, size = append(found.Records, record), size+len(record.Data)
		}
		return records.Err()
	})
	return found, err
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
