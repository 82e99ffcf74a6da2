package agent

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/state"
)

// greeting is what a hello has found out of the state.
type greeting struct {
	unreliable bool // what was acknowledged may be missing: the cabinet's digests say what is to be sent
	newRules   bool // the cabinet checks by others than what is rejected was held against
}

// sayHello says hello, and finds out which source this is and whether the state goes with what answers.
func sayHello(ctx context.Context, cabinet *link.Link, memory *state.State, progress Progress) (g greeting, err error) {
	facts, err := memory.Facts(ctx)
	if err != nil {
		return g, err
	}
	before := cabinet.Welcome.Organization.ID
	if err := cabinet.Hello(ctx, facts[state.FactCursor]); err != nil {
		return g, err
	}
	if cabinet.Source.ID == uuid.Nil || cabinet.Welcome.Organization.ID != before || !cabinet.Welcome.Feed.Continues {
		if err := recognizeSource(ctx, cabinet, facts); err != nil {
			return g, err
		}
	}
	if g.unreliable, err = adoptFeed(ctx, cabinet, memory); err != nil {
		return g, err
	}
	if g.unreliable {
		progress.Note("What the cabinet has already is found out by digests.")
	}
	g.newRules = facts[state.FactRules] != rulesOf(cabinet)
	if offset := cabinet.ClockOffset(); offset.Abs() > time.Minute {
		progress.Note(fmt.Sprintf("This computer's clock is off by %s.", offset.Round(time.Second)))
	}
	organization := cabinet.Welcome.Organization
	return g, memory.Remember(ctx, map[string]string{
		state.FactCursor:           cabinet.Cursor(),
		state.FactOrganizationName: organization.Name, state.FactTimeZone: organization.TimeZone,
		state.FactCurrency: organization.Currency,
	})
}

// adoptFeed binds the state to the feed that answers. unreliable is true where that may lack what
// the state says.
func adoptFeed(ctx context.Context, cabinet *link.Link, memory *state.State) (unreliable bool, err error) {
	feed := cabinet.Welcome.Feed
	changed, err := memory.Adopt(ctx, cabinet.Welcome.Organization.ID, cabinet.Source.ID, feed.Epoch, feed.Continues)
	if err != nil || !changed {
		return false, err
	}
	if feed.Head == 0 {
		return false, memory.Restart(ctx, feed.Epoch)
	}
	return true, nil
}

// rulesOf names those that the cabinet checks by.
func rulesOf(cabinet *link.Link) string { return strconv.Itoa(cabinet.Welcome.Rules) }
