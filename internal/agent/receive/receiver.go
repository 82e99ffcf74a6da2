// Package receive keeps what the cabinet sends to this device.
package receive

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/fault"
)

const (
	changesAtOnce = 1000
	answerOverdue = 30 * time.Second // that an answer may take beyond what it is held
)

// Receiver reads the feed of the kinds that a mapping wants.
type Receiver struct {
	state *state.State
	plan  *mapping.Mapping

	// behind holds up the sending while the feed is read from its beginning: what was deleted
	// meanwhile must not be sent as new.
	behind atomic.Bool
}

// New makes the receiver of a mapping.
func New(memory *state.State, plan *mapping.Mapping) *Receiver {
	r := &Receiver{state: memory, plan: plan}
	r.behind.Store(len(plan.Receive) > 0)
	return r
}

// Behind says that nothing may be sent yet.
func (r *Receiver) Behind() bool { return r.behind.Load() }

// ErrNothingWanted is the error of Pull where the cabinet knows none of the kinds that are wanted.
var ErrNothingWanted = errors.New("this cabinet does not know the kinds that the mapping wants to receive")

// Answer is what one page of the feed has brought.
type Answer struct {
	Fresh   int  // records to be delivered
	Came    bool // the cabinet has answered
	Expired bool // the feed does not go on from here: it is read from its beginning, and a hello is due
}

// Pull reads one page of the feed, waiting for it once all that was there is read.
// A reading that is not whole has to meet also what this device has changed itself.
func (r *Receiver) Pull(ctx context.Context, access link.Access) (Answer, error) {
	kinds := r.wantedKinds(access.Welcome.Kinds)
	if len(kinds) == 0 {
		r.behind.Store(false)
		return Answer{}, ErrNothingWanted
	}
	at, err := r.state.Inbox(ctx, kinds)
	if err != nil {
		r.behind.Store(false)
		return Answer{}, err
	}
	at.Sent = r.sentKinds(kinds)
	page := client.Page{Cursor: at.Cursor, Kinds: kinds, Limit: changesAtOnce, Device: access.Identity.DeviceID}
	if at.Whole {
		page.NotDevice = access.Identity.DeviceID
		if !r.behind.Load() { // the sending part waits for the first answer
			page.Wait = time.Duration(access.Welcome.Limits.MaxWaitSeconds) * time.Second
		}
	}
	return r.readPage(ctx, access, at, page)
}

func (r *Receiver) readPage(ctx context.Context, access link.Access, at state.Inbox, page client.Page) (answer Answer, err error) {
	asking, cancel := context.WithTimeout(ctx, page.Wait+answerOverdue)
	defer cancel()
	changes, err := access.Client.Changes(asking, page)
	if client.IsCode(err, fault.CursorExpired) {
		r.behind.Store(true)
		_, err = r.state.Reread(ctx, at)
		return Answer{Expired: true}, err
	}
	if err == nil {
		answer.Came = true
		answer.Fresh, err = r.state.Receive(ctx, at, changes, access.Identity.DeviceID)
	}
	if errors.Is(err, state.ErrOvertaken) {
		return Answer{Came: true}, nil
	}
	whole := at.Whole || err == nil && !changes.More
	r.behind.Store(at.Reading > 1 && !whole)
	return answer, err
}

// wantedKinds are those that the mapping wants and the cabinet knows.
func (r *Receiver) wantedKinds(known []string) (kinds []string) {
	for i := range r.plan.Receive {
		if name := r.plan.Receive[i].Record.Name; slices.Contains(known, name) {
			kinds = append(kinds, name)
		}
	}
	return kinds
}

// sentKinds are those of the kinds that the mapping sends as well.
func (r *Receiver) sentKinds(kinds []string) (both []string) {
	for i := range r.plan.Kinds {
		if name := r.plan.Kinds[i].Record.Name; slices.Contains(kinds, name) {
			both = append(both, name)
		}
	}
	return both
}
