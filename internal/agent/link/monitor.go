package link

import (
	"context"
	"sync"
	"time"

	"github.com/interpos/cabinet/internal/client"
)

// Monitor is what the parts of a running agent share of the connection. It is safe for
// concurrent use.
type Monitor struct {
	mu       sync.Mutex
	access   Access
	changed  chan struct{} // closed when access is another one
	helloDue bool
	answered time.Time // when the cabinet did last
}

// Access is what the last hello has given.
type Access struct {
	Client   *client.Client
	Identity Identity
	Welcome  client.Welcome
}

// NewMonitor makes one of a connection that is to be made.
func NewMonitor() *Monitor { return &Monitor{changed: make(chan struct{}), helloDue: true} }

// Greeted takes over what a hello has given.
func (m *Monitor) Greeted(now Access) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.access, m.helloDue, m.answered = now, false, time.Now()
	close(m.changed)
	m.changed = make(chan struct{})
}

// WaitForAccess gives the access, once there has been a hello.
func (m *Monitor) WaitForAccess(ctx context.Context) (Access, error) {
	for {
		m.mu.Lock()
		now, changed := m.access, m.changed
		m.mu.Unlock()
		if now.Client != nil {
			return now, nil
		}
		select {
		case <-ctx.Done():
			return Access{}, ctx.Err()
		case <-changed:
		}
	}
}

// WaitForHello waits for the next hello, or so long.
func (m *Monitor) WaitForHello(ctx context.Context, most time.Duration) {
	m.mu.Lock()
	changed := m.changed
	m.mu.Unlock()
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-changed:
	case <-timer.C:
	}
}

// RequireHello has a hello said before anything else is sent.
func (m *Monitor) RequireHello() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.helloDue = true
}

// HelloDue says whether a hello is required.
func (m *Monitor) HelloDue() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.helloDue
}

// Answered is told that the cabinet has answered.
func (m *Monitor) Answered() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answered = time.Now()
}

// LastAnswer is when the cabinet has answered last; zero: never.
func (m *Monitor) LastAnswer() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answered
}
