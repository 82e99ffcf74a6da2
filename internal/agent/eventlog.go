package agent

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/client"
)

// eventLog says what has changed, and nothing twice.
type eventLog struct {
	mu       sync.Mutex
	write    func(line string)
	troubles map[string]trouble // by what they are about
	notes    map[string]bool    // written
}

type trouble struct {
	sort string // troubles of one sort are said once
	text string
}

// Subjects of troubles beside the kinds of records.
const (
	aboutCabinet = "cabinet"
	aboutSource  = "source"
	aboutAgent   = "agent" // its state, its mapping
	aboutInbox   = "what comes"
)

func newEventLog(write func(string)) *eventLog {
	return &eventLog{write: write, troubles: map[string]trouble{}, notes: map[string]bool{}}
}

func (l *eventLog) writeLine(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(fmt.Sprintf(format, args...))
}

// writeOnce says what it has not said before.
func (l *eventLog) writeOnce(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.notes[text] {
		l.notes[text] = true
		l.write(text)
	}
}

// beginTrouble says an error, unless the last one about the same was of its sort. fresh:
// it was said.
func (l *eventLog) beginTrouble(about string, err error, advice string) (fresh bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := trouble{sortOfError(err), err.Error()}
	fresh = l.troubles[about].sort != now.sort
	l.troubles[about] = now
	if fresh {
		l.write(now.text + advice)
	}
	return fresh
}

// sortOfError is an error's text, without what differs each time.
func sortOfError(err error) string {
	var problem *client.Problem
	var interrupted *client.Interrupted
	var unavailable *source.Unavailable
	switch {
	case errors.As(err, &unavailable): // whichever kind was the first to find it
		return unavailable.Error()
	case errors.As(err, &problem):
		return fmt.Sprint(problem.Status, problem.Code)
	case errors.As(err, &interrupted):
		return "no answer"
	}
	return err.Error()
}

// endTrouble ends a trouble. was: there was one.
func (l *eventLog) endTrouble(about string) (was bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, was = l.troubles[about]
	delete(l.troubles, about)
	return was
}

// openTroubles are the troubles that have not ended, as one text; "": none.
func (l *eventLog) openTroubles() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var texts []string
	for _, about := range slices.Sorted(maps.Keys(l.troubles)) {
		if text := l.troubles[about].text; !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}
