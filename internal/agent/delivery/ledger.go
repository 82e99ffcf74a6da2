// Package delivery hands to the source what the cabinet has sent, and knows which version of a
// record the source's row is made from.
package delivery

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/record"
)

// Ledger owns what the source was delivered. A delivery changes a row of the source and what is
// known of it one after the other: in between nobody can tell which version the row is made
// from, and a change sent as one of the wrong version would go over what another side has written.
// So a record is either read or delivered, never both at once; Read and Deliver keep them apart.
type Ledger struct {
	state    *state.State
	receives []mapping.Receive

	mu         sync.Mutex
	reading    map[uuid.UUID]bool
	delivering map[uuid.UUID]bool
	readEnded  chan struct{} // closed, and replaced, with the end of every reading
}

// NewLedger makes the ledger of an agent, which delivers what the mapping wants to receive.
func NewLedger(memory *state.State, receives []mapping.Receive) *Ledger {
	return &Ledger{
		state: memory, receives: receives,
		reading: map[uuid.UUID]bool{}, delivering: map[uuid.UUID]bool{}, readEnded: make(chan struct{}),
	}
}

// Reading is the right to read some rows, and what they were delivered last. The zero value is
// that of a kind which nobody else writes.
type Reading struct {
	ledger    *Ledger
	ids       []uuid.UUID
	refused   map[uuid.UUID]bool
	delivered map[uuid.UUID]state.Delivered
}

// Read gives the right to read the rows of these records, until End: none of them is delivered
// meanwhile. Those that are just being delivered are refused.
func (l *Ledger) Read(ctx context.Context, kind *record.Kind, ids []uuid.UUID) (*Reading, error) {
	if !kind.Shared {
		return &Reading{}, nil
	}
	r := &Reading{ledger: l, refused: map[uuid.UUID]bool{}}
	l.mu.Lock()
	for _, id := range ids {
		if l.delivering[id] {
			r.refused[id] = true
			continue
		}
		l.reading[id] = true
		r.ids = append(r.ids, id)
	}
	l.mu.Unlock()
	var err error
	if r.delivered, err = l.state.Delivered(ctx, kind.Name, r.ids); err != nil {
		r.End()
		return nil, err
	}
	return r, nil
}

// Refused says that a row must not be sent as it was read.
func (r *Reading) Refused(id uuid.UUID) bool { return r.refused[id] }

// Version is the one that the row was delivered last; 0: none.
func (r *Reading) Version(id uuid.UUID) int64 { return r.delivered[id].Version }

// End gives the rows free.
func (r *Reading) End() {
	if r.ledger == nil {
		return
	}
	l := r.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, id := range r.ids {
		delete(l.reading, id)
	}
	close(l.readEnded)
	l.readEnded = make(chan struct{})
}

// Deliver hands records to the source by write, and keeps that it has them. It waits for the readings
// that are at work with them.
func (l *Ledger) Deliver(ctx context.Context, list []state.Received, write func(context.Context) error) error {
	if err := l.beginDelivery(ctx, list); err != nil {
		return err
	}
	defer l.endDelivery(list)
	if err := write(ctx); err != nil {
		return err
	}
	return l.state.MarkDelivered(context.WithoutCancel(ctx), list)
}

func (l *Ledger) beginDelivery(ctx context.Context, list []state.Received) error {
	for {
		l.mu.Lock()
		busy, ended := l.beingRead(list), l.readEnded
		if !busy {
			for i := range list {
				l.delivering[list[i].ID] = true
			}
		}
		l.mu.Unlock()
		if !busy {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ended:
		}
	}
}

func (l *Ledger) beingRead(list []state.Received) bool {
	for i := range list {
		if l.reading[list[i].ID] {
			return true
		}
	}
	return false
}

func (l *Ledger) endDelivery(list []state.Received) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range list {
		delete(l.delivering, list[i].ID)
	}
}

// Delivers says whether what others make of a kind is handed to the source.
func (l *Ledger) Delivers(kind *record.Kind) bool {
	for i := range l.receives {
		if l.receives[i].Record == kind {
			return true
		}
	}
	return false
}

// NoNews says which of these states of a kind's records are no news to the source: this device has made
// them, the source was delivered them or later ones, or it is delivered nothing.
func (l *Ledger) NoNews(ctx context.Context, kind *record.Kind, device uuid.UUID, states []*client.FeedChange) (map[uuid.UUID]bool, error) {
	ids := make([]uuid.UUID, len(states))
	for i := range states {
		ids[i] = states[i].ID
	}
	delivered, err := l.state.Delivered(ctx, kind.Name, ids)
	if err != nil {
		return nil, err
	}
	old := map[uuid.UUID]bool{}
	for _, now := range states {
		old[now.ID] = !l.Delivers(kind) || now.DeviceID == device || !now.ModifiedAt.After(delivered[now.ID].ModifiedAt)
	}
	return old, nil
}
