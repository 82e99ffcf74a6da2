package record

import (
	"encoding/hex"
	"time"

	"github.com/google/uuid"
)

// DeletedBucket is the bucket of all deleted documents: a tombstone has no day.
const DeletedBucket = "deleted"

// Bucket says in which bucket of its kind's digest a record counts: a directory
// record by the first byte of its id (two hex digits), a document by the UTC day
// of occurred_at (YYYY-MM-DD).
func (k *Kind) Bucket(id uuid.UUID, deleted bool, data Value) string {
	switch {
	case !k.Document:
		return hex.EncodeToString(id[:1])
	case deleted:
		return DeletedBucket
	}
	value, _ := data.Get("occurred_at")
	at, _ := ParseInstant(value)
	return at.UTC().Format(time.DateOnly)
}
