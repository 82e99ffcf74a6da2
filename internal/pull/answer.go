package pull

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/sync"
)

// answer is one pull on its way to its reader.
type answer struct {
	sender       *Sender
	organization uuid.UUID
	request      Request
	frame        frame
	outbox       outbox
	pace         pace
}

// sendWindows sends window after window, up to the end of the feed or the request's limit.
func (a *answer) sendWindows(ctx context.Context, from sync.Cursor) error {
	a.outbox.chunk = a.frame.appendBegin(a.outbox.chunk)
	w, err := a.firstWindow(ctx, from)
	for err == nil && w.more && a.frame.count < a.request.Limit {
		if err = a.endWindow(w); err == nil {
			w, err = a.readWindow(ctx, w.next)
		}
	}
	if err != nil {
		return err
	}
	a.outbox.chunk = a.frame.appendEnd(a.outbox.chunk, w.next.String(), w.more)
	return a.outbox.sendFilled()
}

// firstWindow holds the answer until there is something to send, or the request's time to
// wait is over.
func (a *answer) firstWindow(ctx context.Context, from sync.Cursor) (window, error) {
	deadline := time.Now().Add(a.request.Wait)
	arrived, leave := a.watchFeed()
	defer func() { leave() }()
	for {
		w, err := a.readWindow(ctx, from)
		again := false
		if err == nil && w.rows == 0 {
			again, err = a.waitFor(ctx, arrived, time.Until(deadline))
		}
		if !again || err != nil {
			return w, err
		}
		next, leaveNext := a.watchFeed() // before it leaves: a feed that nobody watches is a new one to whoever comes
		leave()
		arrived, leave, from = next, leaveNext, w.next
	}
}

// watchFeed begins before the feed is read: what comes between is seen.
func (a *answer) watchFeed() (arrived <-chan struct{}, leave func()) {
	if a.request.Wait == 0 {
		return nil, func() {}
	}
	return a.sender.feed.Watch(a.organization)
}

// waitFor holds until something arrives; false: the time is over, nobody listens, or
// the server stops. Error: the reader is no longer allowed to read.
func (a *answer) waitFor(ctx context.Context, arrived <-chan struct{}, most time.Duration) (again bool, err error) {
	if most <= 0 {
		return false, nil
	}
	over := time.NewTimer(most)
	defer over.Stop()
	ask := time.NewTicker(askEvery)
	defer ask.Stop()
	for {
		select {
		case <-arrived:
			return true, a.request.checkAllowed(ctx, 0)
		case <-ask.C:
			if err := a.request.checkAllowed(ctx, allowedAge); err != nil {
				return false, err
			}
		case <-over.C:
			return false, nil
		case <-ctx.Done():
			return false, nil
		case <-a.sender.stopping:
			return false, nil
		}
	}
}

// readWindow reads the next changes of the feed into chunks.
func (a *answer) readWindow(ctx context.Context, from sync.Cursor) (window, error) {
	if err := a.request.checkAllowed(ctx, allowedAge); err != nil {
		return window{}, err
	}
	rows := min(a.pace.rows, a.request.Limit-a.frame.count)
	return a.sender.readWindow(ctx, a.organization, from, a.request, rows, a.addChange)
}

// addChange writes a change into the chunk, and sends the chunk when it is full. enough: the
// reader does not keep up, and the window ends, so that nobody holds a connection of the
// database for it.
func (a *answer) addChange(change *sync.Record) (enough bool, err error) {
	a.outbox.chunk = a.frame.appendNext(a.outbox.chunk, change)
	if len(a.outbox.chunk) < chunkBytes {
		return false, nil
	}
	if a.pace.keepsUp = a.outbox.takenSoon(); !a.pace.keepsUp {
		return true, nil
	}
	return false, a.outbox.sendFilled()
}

// endWindow sends what is left of a window to a reader that does not keep up, and sets the
// size of the next.
func (a *answer) endWindow(w window) error {
	late := !a.pace.keepsUp
	if late {
		a.pace.keepsUp = a.outbox.takenSoon()
		if err := a.outbox.sendFilled(); err != nil {
			return err
		}
	}
	a.pace.chooseRows(w, late)
	a.outbox.growChunk()
	return nil
}
