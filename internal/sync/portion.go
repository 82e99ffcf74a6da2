package sync

import (
	stdsync "sync"
	"sync/atomic"
	"time"
)

// portionSize is how many changes of a push are decoded, looked up and written at
// once: while PostgreSQL works on the one, the next are read.
const portionSize = 200

// portions are changes of one push, read ahead in their order, on one core: that keeps
// ahead of PostgreSQL, and leaves the others to other organizations.
type portions struct {
	ready   chan decoded // with room for all
	stopped atomic.Bool
	working stdsync.WaitGroup
}

type decoded struct {
	changes []change
	err     error
}

// glanceAhead begins to glance at the changes of a push.
func glanceAhead(push *Push, currency string, now time.Time) *portions {
	return readAhead(push, 0, currency, now, (*decoder).glanceAll)
}

// decodeAhead begins to decode a push of an organization with a currency, from one
// of its changes on.
func decodeAhead(push *Push, first int, currency string, now time.Time) *portions {
	return readAhead(push, first, currency, now, (*decoder).all)
}

// readAhead reads portions. wait must be called.
func readAhead(push *Push, first int, currency string, now time.Time, read func(d *decoder, push *Push, from, to int) ([]change, error)) *portions {
	p := &portions{ready: make(chan decoded, (len(push.raws)-first+portionSize-1)/portionSize)}
	p.working.Go(func() {
		defer close(p.ready)
		d := newDecoder(currency, now)
		for from := first; from < len(push.raws) && !p.stopped.Load(); from += portionSize {
			changes, err := read(d, push, from, min(from+portionSize, len(push.raws)))
			p.ready <- decoded{changes, err}
		}
	})
	return p
}

// next waits for the next portion; nil: there is none. The error is what reading it gave.
func (p *portions) next() ([]change, error) {
	d := <-p.ready
	return d.changes, d.err
}

// stop ends the work; wait returns when nobody reads the push any more.
func (p *portions) stop() { p.stopped.Store(true) }

func (p *portions) wait() {
	p.stop()
	p.working.Wait()
}
