package sync

import (
	stdsync "sync"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/fault"
)

// maxStreams is how many answers with changes may be on their way to one
// organization at once. Each holds a page in memory, for as long as its reader
// takes.
const maxStreams = 8

// streams counts the answers that are on their way.
type streams struct {
	mu      stdsync.Mutex
	running map[uuid.UUID]int
}

// Stream takes a place for an answer of changes on its way to a reader; leave
// gives it back, and must be called once. Error: RateLimited where too many of
// the organization's readers are still reading.
func (f *Feed) Stream(organization uuid.UUID) (leave func(), err error) {
	s := &f.streams
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[organization] == maxStreams {
		return nil, fault.Retry(fault.RateLimited, "Too many answers to this organization are still being read. Read one after another.", time.Second)
	}
	s.running[organization]++
	return func() { s.leave(organization) }, nil
}

func (s *streams) leave(organization uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[organization]--; s.running[organization] == 0 {
		delete(s.running, organization)
	}
}
