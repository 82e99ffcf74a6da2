package agent

import (
	"sync"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/state"
)

// underway are the records that are just being handed over: nobody can tell yet which
// version of them the source's row is made from.
type underway struct {
	mu   sync.Mutex
	held map[underwayKey]bool
}

type underwayKey struct {
	kind string
	id   uuid.UUID
}

func (u *underway) begin(list []state.Received) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.held == nil {
		u.held = map[underwayKey]bool{}
	}
	for i := range list {
		u.held[underwayKey{list[i].Kind, list[i].ID}] = true
	}
}

func (u *underway) end(list []state.Received) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for i := range list {
		delete(u.held, underwayKey{list[i].Kind, list[i].ID})
	}
}

func (u *underway) has(kind string, id uuid.UUID) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.held[underwayKey{kind, id}]
}
