package projection

import (
	"context"
	"sync"

	"github.com/google/uuid"
)

// turns lets one goroutine of this process at a time advance an organization;
// the others would only hold connections while they wait for its lock.
type turns struct {
	mutex   sync.Mutex
	waiting map[uuid.UUID]chan struct{}
}

// wait waits for the organization's turn; release gives it on.
func (t *turns) wait(ctx context.Context, organization uuid.UUID) (release func(), err error) {
	for {
		t.mutex.Lock()
		taken, busy := t.waiting[organization]
		if !busy {
			done := make(chan struct{})
			t.waiting[organization] = done
			t.mutex.Unlock()
			return func() {
				t.mutex.Lock()
				delete(t.waiting, organization)
				t.mutex.Unlock()
				close(done)
			}, nil
		}
		t.mutex.Unlock()
		select {
		case <-taken:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
