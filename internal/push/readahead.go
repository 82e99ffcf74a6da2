package push

import (
	"iter"
	stdsync "sync"
	"sync/atomic"
)

// batchSize is how many changes of a push are decoded and written at once: while PostgreSQL
// works on the one batch, the next is read. It spends as much on five statements of 200
// rows as on one of 1,000; but nothing is written while the first batch is read, and that
// one is looked up.
const batchSize = 200

// scanSize is how many are scanned for duplicates at once. That writes nothing, so what counts
// is the round trip of each look-up.
const scanSize = 500

// readAhead gives the changes of a push behind the first ones, in batches of a size, each as
// a reader gives it. It reads on one core, ahead of whoever takes them: that keeps ahead of
// PostgreSQL, and leaves the others to other organizations. Nobody reads the push any more
// when the iteration has ended. It ends with the first error.
func readAhead(request *Request, first, size int, read func(request *Request, from, to int) ([]change, error)) iter.Seq2[[]change, error] {
	type batch struct {
		changes []change
		err     error
	}
	return func(yield func([]change, error) bool) {
		ready := make(chan batch, 1+(len(request.raws)-first)/size) // room for all
		var stopped atomic.Bool
		var reading stdsync.WaitGroup
		reading.Go(func() {
			defer close(ready)
			for from := first; from < len(request.raws) && !stopped.Load(); from += size {
				changes, err := read(request, from, min(from+size, len(request.raws)))
				ready <- batch{changes, err}
			}
		})
		defer reading.Wait()
		defer stopped.Store(true)
		for b := range ready {
			if !yield(b.changes, b.err) || b.err != nil {
				return
			}
		}
	}
}
