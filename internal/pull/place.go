package pull

import (
	stdsync "sync"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/fault"
)

// maxAnswers is how many answers may be on their way to one organization at once. Each
// holds two chunks in memory, for as long as its reader takes.
const maxAnswers = 8

// places counts the answers that are on their way.
type places struct {
	mu    stdsync.Mutex
	taken map[uuid.UUID]int
}

// takePlace takes a place for an answer on its way to a reader; leave gives it back, and must
// be called once. Error: RateLimited.
func (p *places) takePlace(organization uuid.UUID) (leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[organization] == maxAnswers {
		return nil, fault.Retry(fault.RateLimited, "Too many answers to this organization are still being read. Read one after another.", time.Second)
	}
	p.taken[organization]++
	return func() { p.giveBack(organization) }, nil
}

func (p *places) giveBack(organization uuid.UUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken[organization]--; p.taken[organization] == 0 {
		delete(p.taken, organization)
	}
}
