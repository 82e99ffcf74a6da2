package sync

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// chain covers one version of a record and, through the chain of the version
// before, all that came before it. That of the version that stands in records is
// the head: whoever alters or removes a version of the history breaks it. The
// zero chain is where every history begins.
type chain [sha256.Size]byte

// extend is the chain of the version that follows: SHA-256 over the chain before,
// organization, id, version, seq, modified_at, received_at (whole numbers of 8
// bytes, big endian; times in microseconds since 1970), device, one byte that is 1
// for a tombstone, the record's hash, and its kind. SQL's record_chain does the
// same.
func (c chain) extend(organization uuid.UUID, key recordKey, s *state, receivedAt time.Time) chain {
	covered := make([]byte, 0, 192)
	covered = append(covered, c[:]...)
	covered = append(covered, organization[:]...)
	covered = append(covered, key.id[:]...)
	covered = binary.BigEndian.AppendUint64(covered, uint64(s.version))
	covered = binary.BigEndian.AppendUint64(covered, uint64(s.seq))
	covered = binary.BigEndian.AppendUint64(covered, uint64(s.modifiedAt.UnixMicro()))
	covered = binary.BigEndian.AppendUint64(covered, uint64(receivedAt.UnixMicro()))
	covered = append(covered, s.device[:]...)
	if s.deleted {
		covered = append(covered, 1)
	} else {
		covered = append(covered, 0)
	}
	covered = append(covered, s.hash[:]...)
	return sha256.Sum256(append(covered, key.kind...))
}
