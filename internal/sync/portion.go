package sync

import (
	"runtime"
	"sync/atomic"
	"time"
)

// portionSize is how many changes of a push are decoded, looked up and written at
// once: while PostgreSQL writes the one, the next are decoded.
const portionSize = 200

// portions are the changes of one push, decoded ahead in their order.
type portions struct {
	ready   []chan decoded
	at      int
	stopped atomic.Bool
}

type decoded struct {
	changes []change
	err     error
}

// decodeAhead begins to decode a push of an organization with a currency, on all
// cores. stop must be called.
func decodeAhead(push *Push, currency string, now time.Time) *portions {
	p := &portions{ready: make([]chan decoded, (len(push.raws)+portionSize-1)/portionSize)}
	for i := range p.ready {
		p.ready[i] = make(chan decoded, 1)
	}
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), len(p.ready)) {
		go func() {
			d := newDecoder(currency, now)
			for i := int(next.Add(1)) - 1; i < len(p.ready) && !p.stopped.Load(); i = int(next.Add(1)) - 1 {
				from := i * portionSize
				changes, err := d.all(push.raws[from:min(from+portionSize, len(push.raws))], from+1, push.noun)
				p.ready[i] <- decoded{changes, err}
			}
		}()
	}
	return p
}

// next waits for the next portion; nil: there is none. The error is Malformed.
func (p *portions) next() ([]change, error) {
	if p.at == len(p.ready) {
		return nil, nil
	}
	d := <-p.ready[p.at]
	p.at++
	return d.changes, d.err
}

func (p *portions) stop() { p.stopped.Store(true) }
