package push

import (
	stdsync "sync"
	"sync/atomic"
	"time"
)

// sizes are how many changes of a push are decoded, looked up and written at once: while
// PostgreSQL works on the one portion, the next is read. Nothing works while the
// first is read, so that is a small one; each of the others is the larger, by as much as
// reading is faster than writing.
type sizes struct{ first, most int }

// What was glanced at and looked up without being held is decoded next: its first portion
// is never larger than the one that was glanced at.
var (
	glanced = sizes{100, 1000}
	written = sizes{40, 320}
)

// after gives the size of the portion that follows upon one of a size (0: none), with so
// many changes left. What is left behind it is not worth a portion of its own where it is small.
func (s sizes) after(size, left int) int {
	next := min(max(s.first, size*5/2), s.most)
	if left < next+next/2 {
		return left
	}
	return next
}

// portions are changes of one push, read ahead in their order, on one core: that keeps
// ahead of PostgreSQL, and leaves the others to other organizations.
type portions struct {
	ready   chan decoded // with room for all
	peeked  *decoded     // taken out of ready, and not given yet
	stopped atomic.Bool
	working stdsync.WaitGroup
}

type decoded struct {
	changes []change
	err     error
}

// glanceAhead begins to glance at the changes of a push.
func glanceAhead(push *Push, now time.Time) *portions {
	return readAhead(push, 0, glanced, newDecoder("", now), (*decoder).glanceAll)
}

// decodeAhead begins to decode a push of an organization with a currency, from one
// of its changes on.
func decodeAhead(push *Push, first int, currency string, now time.Time) *portions {
	return readAhead(push, first, written, newDecoder(currency, now), (*decoder).all)
}

// readAhead reads portions. wait must be called.
func readAhead(push *Push, first int, of sizes, d *decoder, read func(d *decoder, push *Push, from, to int) ([]change, error)) *portions {
	p := &portions{ready: make(chan decoded, 1+(len(push.raws)-first)/of.first)}
	p.working.Go(func() {
		defer close(p.ready)
		for from, size := first, 0; from < len(push.raws) && !p.stopped.Load(); from += size {
			size = of.after(size, len(push.raws)-from)
			changes, err := read(d, push, from, from+size)
			p.ready <- decoded{changes, err}
		}
	})
	return p
}

// next waits for the next portion; nil: there is none. The error is what reading it gave.
func (p *portions) next() ([]change, error) {
	d := p.peeked
	if d == nil {
		d = new(<-p.ready)
	}
	p.peeked = nil
	return d.changes, d.err
}

// ahead gives the next portion if it has been read already, and leaves it to next.
func (p *portions) ahead() []change {
	if p.peeked == nil {
		select {
		case d := <-p.ready:
			p.peeked = &d
		default:
			return nil
		}
	}
	return p.peeked.changes
}

// stop ends the work; wait returns when nobody reads the push any more.
func (p *portions) stop() { p.stopped.Store(true) }

func (p *portions) wait() {
	p.stop()
	p.working.Wait()
}
