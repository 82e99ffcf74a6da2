package agent

import (
	"context"
	"sync"
	"time"

	"github.com/interpos/cabinet/internal/client"
)

// line is the connection to the cabinet that the parts of a running agent share.
type line struct {
	mu       sync.Mutex
	access   access
	changed  chan struct{} // closed when access is another one
	doubted  bool          // a hello is due
	answered time.Time     // when the cabinet did last
}

// access is what the last hello has given.
type access struct {
	cabinet *client.Client
	config  Config
	welcome client.Welcome
}

func newLine() *line { return &line{changed: make(chan struct{}), doubted: true} }

// open takes over what a hello has given.
func (l *line) open(now access) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.access, l.doubted, l.answered = now, false, time.Now()
	close(l.changed)
	l.changed = make(chan struct{})
}

// wait gives the access, once there has been a hello.
func (l *line) wait(ctx context.Context) (access, error) {
	for {
		l.mu.Lock()
		now, changed := l.access, l.changed
		l.mu.Unlock()
		if now.cabinet != nil {
			return now, nil
		}
		select {
		case <-ctx.Done():
			return access{}, ctx.Err()
		case <-changed:
		}
	}
}

// renewed waits for the next hello, or so long.
func (l *line) renewed(ctx context.Context, most time.Duration) {
	l.mu.Lock()
	changed := l.changed
	l.mu.Unlock()
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-changed:
	case <-timer.C:
	}
}

// doubt has a hello said before anything else is sent.
func (l *line) doubt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.doubted = true
}

func (l *line) inDoubt() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.doubted
}

func (l *line) touch() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answered = time.Now()
}

func (l *line) lastAnswer() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answered
}
