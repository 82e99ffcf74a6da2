package db

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"

	"github.com/interpos/cabinet/internal/fault"
)

const (
	placeShare  = 4                // that part of the pool is for each: lists, and long work
	mostOfOne   = 2                // places of one organization, of each
	mostWaiting = 16               // of one organization, for each
	placeWait   = 10 * time.Second // at most for a place
)

// places bound how many connections reading of a kind holds at once, whoever asks for it. One
// organization holds fewer than there are, and waits first for its own: so the queue for
// all, in which who comes first is served first, is a fair one.
type places struct {
	all  *semaphore.Weighted
	each int64 // of one organization
	wait time.Duration

	mu     sync.Mutex
	shares map[uuid.UUID]*share
}

// share is what one organization has of the places, while anybody of it is there.
type share struct {
	free  *semaphore.Weighted
	there int64 // who hold a place, or wait
}

// newPlaces makes the places of a pool of so many connections.
func newPlaces(conns int32) *places {
	all := max(1, int64(conns)/placeShare)
	return &places{
		all: semaphore.NewWeighted(all), each: max(1, min(mostOfOne, all-1)), wait: placeWait, shares: map[uuid.UUID]*share{},
	}
}

// takePlace waits for a place; leave gives it back, and must be called once. Errors:
// TooManyAtOnce where the organization has its places taken already, Busy where others have
// taken all, and that of the context.
func (p *places) takePlace(ctx context.Context, organization uuid.UUID) (leave func(), err error) {
	own, ok := p.joinShare(organization)
	if !ok {
		return nil, fault.Retry(fault.TooManyAtOnce, "Too many lists, reports or files of this organization at once. Ask for one after another.", time.Second)
	}
	waiting, stop := context.WithTimeout(ctx, p.wait)
	defer stop()
	if own.free.Acquire(waiting, 1) != nil {
		p.leaveShare(organization)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fault.Retry(fault.TooManyAtOnce, "Other lists, reports or files of this organization are still being made. Ask again when they are there.", 5*time.Second)
	}
	if p.all.Acquire(waiting, 1) != nil {
		own.free.Release(1)
		p.leaveShare(organization)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, asBusy()
	}
	return func() {
		p.all.Release(1)
		own.free.Release(1)
		p.leaveShare(organization)
	}, nil
}

func asBusy() error {
	return fault.Retry(fault.Busy, "The server has more to do at once than it can. Send the same again later.", 5*time.Second)
}

// joinShare is the organization's share, and whether there is room to wait for it.
func (p *places) joinShare(organization uuid.UUID) (own *share, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	own = p.shares[organization]
	if own == nil {
		own = &share{free: semaphore.NewWeighted(p.each)}
		p.shares[organization] = own
	}
	if own.there == p.each+mostWaiting {
		return nil, false
	}
	own.there++
	return own, true
}

func (p *places) leaveShare(organization uuid.UUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shares[organization].there--; p.shares[organization].there == 0 {
		delete(p.shares, organization)
	}
}
