package pull

import (
	stdsync "sync"
	"time"
)

const (
	chunkBytes  = 2 << 20               // that a chunk has, and its last change more
	takenWithin = 20 * time.Millisecond // is soon enough for a chunk, while a connection of the database is held

	// ChunkTimeout is how long a reader may take for a chunk.
	ChunkTimeout = time.Minute
)

// outbox sends the chunks of an answer, each while the next is filled.
type outbox struct {
	send  func(chunk []byte) error
	enter func() (leave func(), err error) // takes a place for the answer, before its first chunk
	leave func()                           // gives it back; nil: it has none yet

	chunk   []byte // that is filled
	spare   []byte // to fill while the chunk before is sent
	sending *sending
}

// sending is a chunk on its way.
type sending struct {
	done chan struct{}
	err  error // once it is done
}

// sendFilled begins to send the chunk, once the one before is sent. Error: RateLimited before
// anything was sent, and what sending the one before gave.
func (o *outbox) sendFilled() (err error) {
	if err := o.awaitSent(); err != nil {
		return err
	}
	if o.leave == nil {
		if o.leave, err = o.enter(); err != nil {
			return err
		}
	}
	full, now := o.chunk, &sending{done: make(chan struct{})}
	if cap(o.spare) < chunkBytes {
		o.spare = *chunkBuffers.Get().(*[]byte)
	}
	o.chunk, o.spare, o.sending = o.spare[:0], full, now
	go func() {
		defer close(now.done)
		now.err = o.send(full)
	}()
	return nil
}

// awaitSent waits until nothing is on its way.
func (o *outbox) awaitSent() error {
	if o.sending == nil {
		return nil
	}
	<-o.sending.done
	err := o.sending.err
	o.sending = nil
	return err
}

// takenSoon says whether the chunk before is sent, or is within takenWithin.
func (o *outbox) takenSoon() bool {
	if o.sending == nil {
		return true
	}
	select {
	case <-o.sending.done:
		return true
	case <-time.After(takenWithin):
		return false
	}
}

// close gives place and buffers of the answer back, when nothing is on its way any more.
func (o *outbox) close() {
	_ = o.awaitSent() // who has left is not told
	for _, buffer := range [][]byte{o.chunk, o.spare} {
		if cap(buffer) == chunkCapacity {
			buffer = buffer[:0]
			chunkBuffers.Put(&buffer)
		}
	}
	if o.leave != nil {
		o.leave()
	}
}

const chunkCapacity = chunkBytes + 64<<10 // with that for a usual last change

// chunkBuffers are those that one answer leaves to the next: the memory of a new one costs
// more than filling it.
var chunkBuffers = stdsync.Pool{New: func() any {
	buffer := make([]byte, 0, chunkCapacity)
	return &buffer
}}

// growChunk gives the chunk its full capacity, when there is more to come than fits a short
// answer.
func (o *outbox) growChunk() {
	if cap(o.chunk) < chunkCapacity {
		o.chunk = append(*chunkBuffers.Get().(*[]byte), o.chunk...)
	}
}
