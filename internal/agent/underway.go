package agent

import (
	"sync"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/state"
)

// underway are the records that are just being handed over, by kind: nobody can tell yet
// which version of them the source's row is made from.
type underway struct {
	mu    sync.Mutex
	lists map[string][]state.Received
}

// set says what is being handed over of a kind; nothing: no more.
func (u *underway) set(kind string, list []state.Received) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.lists == nil {
		u.lists = map[string][]state.Received{}
	}
	u.lists[kind] = list
}

func (u *underway) records(kind string) map[uuid.UUID]bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	ids := map[uuid.UUID]bool{}
	for i := range u.lists[kind] {
		ids[u.lists[kind][i].ID] = true
	}
	return ids
}
