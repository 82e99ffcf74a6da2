package projection

import (
	"sync"
	"time"

	"github.com/google/uuid"
)

// wakeups are the organizations whose projections may be behind.
type wakeups struct {
	mutex  sync.Mutex
	set    map[uuid.UUID]bool
	signal chan struct{} // there is one
	last   time.Time     // when somebody outside said so
}

func (w *wakeups) add(organization uuid.UUID) {
	w.mutex.Lock()
	w.set[organization] = true
	w.mutex.Unlock()
	select {
	case w.signal <- struct{}{}:
	default:
	}
}

func (w *wakeups) takeAll() []uuid.UUID {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	taken := make([]uuid.UUID, 0, len(w.set))
	for organization := range w.set {
		taken = append(taken, organization)
	}
	clear(w.set)
	return taken
}

// inRush says whether pushes follow one another.
func (w *wakeups) inRush() bool {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return time.Since(w.last) < rush
}

// Wake says that an organization's feed, zone or day start has changed. It
// returns at once; the worker catches up a moment later.
func (p *Projector) Wake(organization uuid.UUID) {
	p.woken.mutex.Lock()
	p.woken.last = time.Now()
	p.woken.mutex.Unlock()
	p.woken.add(organization)
}
