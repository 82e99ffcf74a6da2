package agent

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/client"
)

// journal says what has changed, and nothing twice.
type journal struct {
	mu       sync.Mutex
	say      func(line string)
	troubles map[string]trouble // by what they are about
	notes    map[string]bool    // said
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
)

func newJournal(say func(string)) *journal {
	return &journal{say: say, troubles: map[string]trouble{}, notes: map[string]bool{}}
}

func (j *journal) line(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.say(fmt.Sprintf(format, args...))
}

// once says what it has not said before.
func (j *journal) once(text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.notes[text] {
		j.notes[text] = true
		j.say(text)
	}
}

// trouble says an error, unless the last one about the same was of its sort. fresh:
// it was said.
func (j *journal) trouble(about string, err error, advice string) (fresh bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := trouble{sortOf(err), err.Error()}
	fresh = j.troubles[about].sort != now.sort
	j.troubles[about] = now
	if fresh {
		j.say(now.text + advice)
	}
	return fresh
}

// sortOf is an error's text, without what differs each time.
func sortOf(err error) string {
	var problem *client.Problem
	var cut *client.Interrupted
	var away *source.Unavailable
	switch {
	case errors.As(err, &away): // whichever kind has met it first
		return away.Error()
	case errors.As(err, &problem):
		return fmt.Sprint(problem.Status, problem.Code)
	case errors.As(err, &cut):
		return "no answer"
	}
	return err.Error()
}

// well ends a trouble. was: there was one.
func (j *journal) well(about string) (was bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, was = j.troubles[about]
	delete(j.troubles, about)
	return was
}

// open are the troubles that have not ended, as one text; "": none.
func (j *journal) open() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var texts []string
	for _, about := range slices.Sorted(maps.Keys(j.troubles)) {
		if text := j.troubles[about].text; !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}

// quiet is the progress of an agent that runs on: it tells of changes only.
type quiet struct{ runner *runner }

func (quiet) Kind(string, int)                     {}
func (quiet) Advance(int, int)                     {}
func (quiet) End()                                 {}
func (q quiet) Note(text string)                   { q.runner.journal.once(text) }
func (q quiet) Waiting(err error, _ time.Duration) { q.runner.away(err) }
