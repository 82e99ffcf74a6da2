package send

import (
	"fmt"
	"strings"
	"time"

	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// Summary is what one synchronization did.
type Summary struct {
	Kinds    []*Totals // in the order of work
	Took     time.Duration
	Standing int // records that are rejected still, whenever that was
}

// Totals are the counts of one kind.
type Totals struct {
	Kind      string
	Whole     bool // the kind was read whole, not by change marks
	Read      int  // rows looked at
	Sent      int
	Applied   int // new states in the cabinet, deletions included
	Deleted   int // of the applied ones
	Unchanged int // the cabinet had them
	Remarked  int // of the applied and unchanged ones: something in them does not add up
	Stale     int // the cabinet has something newer
	Rejected  int
	Waiting   int      // kept for the next time
	LeftOut   int      // rows that cannot become records
	Noted     int      // sent with values that may not be what was meant
	Examples  []string // of what is left out or noted, for people
}

// Of makes the counts of one more kind.
func (s *Summary) Of(kind string) *Totals {
	totals := &Totals{Kind: kind}
	s.Kinds = append(s.Kinds, totals)
	return totals
}

// Total adds the kinds up.
func (s *Summary) Total() Totals {
	var sum Totals
	for _, t := range s.Kinds {
		sum.Read += t.Read
		sum.Sent += t.Sent
		sum.Applied += t.Applied
		sum.Deleted += t.Deleted
		sum.Unchanged += t.Unchanged
		sum.Remarked += t.Remarked
		sum.Stale += t.Stale
		sum.Rejected += t.Rejected
		sum.Waiting += t.Waiting
		sum.LeftOut += t.LeftOut
		sum.Noted += t.Noted
	}
	return sum
}

func (t *Totals) countResult(r *state.Record, result client.Result) {
	t.Sent++
	if len(result.Remarks) > 0 {
		t.Remarked++
	}
	switch status := result.Status; {
	case status == client.Applied:
		t.Applied++
		if r.Deleted {
			t.Deleted++
		}
	case status == client.Unchanged:
		t.Unchanged++
	case r.Status == state.Waiting:
		t.Waiting++
	case r.Status == state.Rejected:
		t.Rejected++
	default:
		t.Stale++
	}
}

// String is one line for people; what is zero is left out.
func (t Totals) String() string {
	text := []string{fmt.Sprintf("%d read, %d sent", t.Read, t.Sent)}
	for _, part := range []struct {
		count int
		name  string
	}{
		{t.Applied, "applied"}, {t.Deleted, "of them deletions"}, {t.Unchanged, "known already"}, {t.Remarked, "with remarks"},
		{t.Stale, "older than the cabinet's"}, {t.Waiting, "waiting"}, {t.Rejected, "REJECTED"},
		{t.LeftOut, "rows LEFT OUT"},
	} {
		if part.count > 0 {
			text = append(text, fmt.Sprintf("%d %s", part.count, part.name))
		}
	}
	return strings.Join(text, ", ")
}
