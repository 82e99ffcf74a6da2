package sync

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// RecordKey names a record of an organization.
type RecordKey struct {
	Kind string
	ID   uuid.UUID
}

// VersionHead is a version of a record without its data, of which it has the hash.
type VersionHead struct {
	Version, Seq int64
	ModifiedAt   time.Time
	Device       uuid.UUID
	Hash         [sha256.Size]byte
	Deleted      bool
}

// Chain covers one version of a record and, through the chain of the version
// before, all that came before it. That of the version that stands in records is
// the head: whoever alters or removes a version of the history breaks it. The
// zero chain is where every history begins.
type Chain [sha256.Size]byte

// Extend is the chain of the version that follows: SHA-256 over the chain before,
// organization, id, version, seq, modified_at, received_at (whole numbers of 8
// bytes, big endian; times in microseconds since 1970), device, one byte that is 1
// for a tombstone, the record's hash, and its kind. SQL's record_chain does the
// same.
func (c Chain) Extend(organization uuid.UUID, key RecordKey, v *VersionHead, receivedAt time.Time) Chain {
	covered := make([]byte, 0, 192)
	covered = append(covered, c[:]...)
	covered = append(covered, organization[:]...)
	covered = append(covered, key.ID[:]...)
	covered = binary.BigEndian.AppendUint64(covered, uint64(v.Version))
	covered = binary.BigEndian.AppendUint64(covered, uint64(v.Seq))
	covered = binary.BigEndian.AppendUint64(covered, uint64(v.ModifiedAt.UnixMicro()))
	covered = binary.BigEndian.AppendUint64(covered, uint64(receivedAt.UnixMicro()))
	covered = append(covered, v.Device[:]...)
	if v.Deleted {
		covered = append(covered, 1)
	} else {
		covered = append(covered, 0)
	}
	covered = append(covered, v.Hash[:]...)
	return sha256.Sum256(append(covered, key.Kind...))
}
