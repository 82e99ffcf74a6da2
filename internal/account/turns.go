package account

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/interpos/cabinet/internal/fault"
)

const (
	maxWaitingOfPlace = 20    // turns that one place may wait for
	maxWaiting        = 1_000 // turns that may be waited for in all
	turnsRemembered   = 1_000
)

var (
	errPlaceBusy = fault.Retry(fault.RateLimited, "Too many people of this network are signing in just now. Try again in a moment.", 2*time.Second)
	errBusy      = fault.Retry(fault.Unavailable, "Too many people are signing in just now. Try again in a moment.", 5*time.Second)
)

// turns shares out a few turns among places, so that many who come from one do not hold up
// those who come from another: whoever's place has had the fewest turns lately is next.
type turns struct {
	mu      sync.Mutex
	free    int // 0 while anybody waits
	lines   map[string][]*waiter
	waiting int
	came    int            // who has waited so far
	had     map[string]int // turns by place, of the last turnsRemembered
	given   int
}

// waiter is told nil when it is its turn, else why it will not be.
type waiter struct {
	place string
	came  int
	told  chan error
}

func newTurns(atOnce int) *turns {
	return &turns{free: atOnce, lines: map[string][]*waiter{}, had: map[string]int{}}
}

// take waits for a turn, which has to be given back. Errors: RateLimited where the place
// waits for too many already, Unavailable where all do, and that of ctx.
func (t *turns) take(ctx context.Context, place string) error {
	w, err := t.join(place)
	if w == nil {
		return err
	}
	select {
	case err := <-w.told:
		return err
	case <-ctx.Done():
		t.leave(w)
		return ctx.Err()
	}
}

// join takes a free turn, or joins the line of the place: then there is a waiter.
func (t *turns) join(place string) (*waiter, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.free > 0 {
		t.free--
		t.count(place)
		return nil, nil
	}
	if len(t.lines[place]) >= maxWaitingOfPlace {
		return nil, errPlaceBusy
	}
	t.came++
	w := &waiter{place: place, came: t.came, told: make(chan error, 1)}
	t.lines[place] = append(t.lines[place], w)
	if t.waiting++; t.waiting > maxWaiting {
		line := slices.MaxFunc(slices.Collect(maps.Values(t.lines)), t.compare)
		t.dismiss(line[len(line)-1], errBusy)
	}
	return w, nil
}

// giveBack gives the turn to who is next.
func (t *turns) giveBack() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting == 0 {
		t.free++
		return
	}
	next := slices.MinFunc(slices.Collect(maps.Values(t.lines)), t.compare)[0]
	t.count(next.place)
	t.dismiss(next, nil)
}

// compare puts the line first whose place has had fewer turns, and of two the one that
// came last: who waits the longest is the likeliest to have given up.
func (t *turns) compare(a, b []*waiter) int {
	return cmp.Or(cmp.Compare(t.had[a[0].place], t.had[b[0].place]), cmp.Compare(b[0].came, a[0].came))
}

func (t *turns) count(place string) {
	if t.given++; t.given%turnsRemembered == 0 {
		clear(t.had)
	}
	t.had[place]++
}

// dismiss takes a waiter out of its line, and tells it what has become of it.
func (t *turns) dismiss(w *waiter, why error) {
	line := slices.DeleteFunc(t.lines[w.place], func(other *waiter) bool { return other == w })
	if t.lines[w.place] = line; len(line) == 0 {
		delete(t.lines, w.place)
	}
	t.waiting--
	w.told <- why
}

// leave is for a waiter that has given up: a turn that it was given meanwhile goes on.
func (t *turns) leave(w *waiter) {
	t.mu.Lock()
	waits := slices.Contains(t.lines[w.place], w)
	if waits {
		t.dismiss(w, nil)
	}
	t.mu.Unlock()
	if told := <-w.told; told == nil && !waits {
		t.giveBack()
	}
}
