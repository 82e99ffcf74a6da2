package sync

import (
	"runtime"
	stdsync "sync"
	"sync/atomic"
	"time"
)

// portionSize is how many changes of a push are decoded, looked up and written at
// once: while PostgreSQL works on the one, the next are read.
const portionSize = 200

// portions are changes of one push, read ahead in their order.
type portions struct {
	ready   []chan decoded
	at      int
	stopped atomic.Bool
	working stdsync.WaitGroup
}

type decoded struct {
	changes []change
	err     error
}

// glanceAhead begins to glance at the changes of a push, on one core: it may be in vain.
func glanceAhead(push *Push, currency string, now time.Time) *portions {
	return readAhead(push, 0, 1, currency, now, (*decoder).glanceAll)
}

// decodeAhead begins to decode a push of an organization with a currency, from one
// of its changes on, on all cores.
func decodeAhead(push *Push, first int, currency string, now time.Time) *portions {
	return readAhead(push, first, runtime.GOMAXPROCS(0), currency, now, (*decoder).all)
}

// readAhead reads portions with so many workers. wait must be called.
func readAhead(push *Push, first, workers int, currency string, now time.Time, read func(d *decoder, push *Push, from, to int) ([]change, error)) *portions {
	p := &portions{ready: make([]chan decoded, (len(push.raws)-first+portionSize-1)/portionSize)}
	for i := range p.ready {
		p.ready[i] = make(chan decoded, 1)
	}
	var next atomic.Int64
	for range min(workers, len(p.ready)) {
		p.working.Go(func() {
			d := newDecoder(currency, now)
			for i := int(next.Add(1)) - 1; i < len(p.ready) && !p.stopped.Load(); i = int(next.Add(1)) - 1 {
				from := first + i*portionSize
				changes, err := read(d, push, from, min(from+portionSize, len(push.raws)))
				p.ready[i] <- decoded{changes, err}
			}
		})
	}
	return p
}

// next waits for the next portion; nil: there is none. The error is what reading it gave.
func (p *portions) next() ([]change, error) {
	if p.at == len(p.ready) {
		return nil, nil
	}
	d := <-p.ready[p.at]
	p.at++
	return d.changes, d.err
}

// stop ends the work; wait returns when nobody reads the push any more.
func (p *portions) stop() { p.stopped.Store(true) }

func (p *portions) wait() {
	p.stop()
	p.working.Wait()
}
