package agent

import (
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
)

// sightings are the rows of a kind that the last look has seen near the newest
// change mark, by their keys.
type sightings map[string]sighting

type sighting struct {
	mark    string
	settled bool // it was read when its mark could not be given to another change any more
}

// settling is how long a row may change again under the same mark, of whole
// seconds at the best. A whole look finds what is written in other ways.
const settling = 5 * time.Second

// sightings of a kind, to be asked and to be filled.
func (s *session) sightings(kind string) sightings {
	if s.seen == nil {
		return nil
	}
	if s.seen[kind] == nil {
		s.seen[kind] = sightings{}
	}
	return s.seen[kind]
}

// fresh leaves out what needs not be read again.
func (s sightings) fresh(entries []extract.Entry) []extract.Entry {
	var fresh []extract.Entry
	for _, entry := range entries {
		last, ok := s[entry.Key.Key()]
		if !ok || !last.settled || last.mark != entry.Mark.Text {
			fresh = append(fresh, entry)
		}
	}
	return fresh
}

// keep takes the rows of a look that began at a time for what was seen, and
// forgets the others.
func (s sightings) keep(entries []extract.Entry, at time.Time) {
	if s == nil {
		return
	}
	clear(s)
	for _, entry := range entries {
		if !entry.At.IsZero() {
			s[entry.Key.Key()] = sighting{entry.Mark.Text, entry.At.Before(at.Add(-settling))}
		}
	}
}
