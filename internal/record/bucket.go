package record

import (
	"encoding/hex"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
)

// DeletedBucket is the bucket of all deleted documents: a tombstone has no day.
const DeletedBucket = "deleted"

// Bucket says in which bucket of its kind's digest a record counts: a directory
// record by the first byte of its id (two hex digits), a document by the UTC day
// on which it occurred (YYYY-MM-DD).
func (k *Kind) Bucket(id uuid.UUID, deleted bool, data canonical.Value) string {
	switch {
	case !k.Document:
		return hex.EncodeToString(id[:1])
	case deleted:
		return DeletedBucket
	}
	at, _ := OccurredAt(data)
	return at.UTC().Format(time.DateOnly)
}

// IsBucket says whether Bucket may give such a name.
func (k *Kind) IsBucket(name string) bool {
	if !k.Document {
		first, err := hex.DecodeString(name)
		return err == nil && len(first) == 1 && name == strings.ToLower(name)
	}
	_, err := time.Parse(time.DateOnly, name)
	return err == nil || name == DeletedBucket
}

// OccurredAt is a document's business time: occurred_at, which only a delivery
// order may leave out, since it has placed_at. ok is false where it has neither.
func OccurredAt(data canonical.Value) (at time.Time, ok bool) {
	value, given := data.Get("occurred_at")
	if !given {
		value, _ = data.Get("placed_at")
	}
	return ParseInstant(value)
}
