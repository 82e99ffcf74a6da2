package agent

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

const (
	pageOfInbox = 1000
	handedAtOne = 100
	slowLine    = 30 * time.Second // that an answer may take beyond what it is held
	aboutInbox  = "what comes"
)

// receiving keeps what the cabinet sends, as soon as it is there.
func (r *runner) receiving(ctx context.Context) {
	for tries := 0; ctx.Err() == nil; {
		now, err := r.line.wait(ctx)
		if err != nil {
			return
		}
		err = r.pull(ctx, now)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			tries = 0
			r.journal.well(aboutInbox)
			continue
		case client.IsCode(err, "sync_key_invalid"): // the sending part says it
			r.line.doubt()
			r.line.renewed(ctx, newKeyWithin)
			continue
		case client.Temporary(err):
			r.away(err)
		default:
			r.trouble(ctx, aboutInbox, err, "; the agent goes on trying")
		}
		sleep(ctx, client.RetryPolicy{Most: mostPause}.Wait(tries, err))
		tries++
	}
}

// pull reads one page of the feed, waiting for it once all that was there is read.
// A reading that is not whole has to meet also what this device has changed itself.
func (r *runner) pull(ctx context.Context, now access) error {
	kinds := received(r.session.plan.Receive, now.welcome.Kinds)
	if len(kinds) == 0 {
		r.behind.Store(false)
		r.journal.once("This cabinet does not know the kinds that the mapping wants to receive.")
		r.line.renewed(ctx, never)
		return nil
	}
	at, err := r.state.Inbox(ctx, kinds)
	if err != nil {
		r.behind.Store(false)
		return err
	}
	at.Sent = sent(r.session.plan.Kinds, kinds)
	page := client.Page{Cursor: at.Cursor, Kinds: kinds, Limit: pageOfInbox, Device: now.config.DeviceID}
	if at.Whole {
		page.NotDevice = now.config.DeviceID
		if !r.behind.Load() { // the sending part waits for the first answer
			page.Wait = time.Duration(now.welcome.Limits.MaxWaitSeconds) * time.Second
		}
	}
	fresh, err := r.take(ctx, now, at, page)
	if fresh > 0 {
		r.journal.line("Received %d records.", fresh)
		r.ring()
	}
	return err
}

func (r *runner) take(ctx context.Context, now access, at state.Inbox, page client.Page) (fresh int, err error) {
	asking, cancel := context.WithTimeout(ctx, page.Wait+slowLine)
	defer cancel()
	changes, err := now.cabinet.Changes(asking, page)
	if client.IsCode(err, "cursor_expired") {
		r.behind.Store(true)
		r.line.doubt() // hello says whether also what was sent is missing
		_, err = r.state.Reread(ctx, at)
		return 0, err
	}
	if err == nil {
		r.answered()
		fresh, err = r.state.Receive(ctx, at, changes, now.config.DeviceID)
	}
	if errors.Is(err, state.ErrOvertaken) {
		return 0, nil
	}
	whole := at.Whole || err == nil && !changes.More
	r.behind.Store(at.Reading > 1 && !whole)
	return fresh, err
}

// received are the kinds that the mapping wants and the cabinet knows.
func received(wanted []mapping.Receive, known []string) (kinds []string) {
	for i := range wanted {
		if name := wanted[i].Record.Name; slices.Contains(known, name) {
			kinds = append(kinds, name)
		}
	}
	return kinds
}

// sent are those of the kinds that the mapping sends as well.
func sent(mapped []mapping.Kind, kinds []string) (both []string) {
	for i := range mapped {
		if name := mapped[i].Record.Name; slices.Contains(kinds, name) {
			both = append(both, name)
		}
	}
	return both
}

func (r *runner) ring() {
	for _, bell := range r.bells {
		select {
		case bell <- struct{}{}:
		default: // it rings already
		}
	}
}

// handing gives what has come of a kind to its receiver, in the order of arrival and
// again until it is taken.
func (r *runner) handing(ctx context.Context, to *mapping.Receive) {
	kind := to.Record.Name
	about := kind + " handed over"
	for tries := 0; ctx.Err() == nil; {
		count, err := r.handOver(ctx, to)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.handoverTrouble(ctx, about, kind, err)
			sleep(ctx, client.RetryPolicy{First: time.Second, Most: mostPause}.Wait(tries, err))
			tries++
			continue
		case count > 0 && r.journal.well(about):
			r.journal.line("%s: what has come is taken again.", kind)
			_ = r.state.Remember(ctx, map[string]string{state.FactHandover(kind): ""})
		}
		tries = 0
		if count == 0 {
			select {
			case <-ctx.Done():
			case <-r.bells[kind]:
			}
		}
	}
}

func (r *runner) handoverTrouble(ctx context.Context, about, kind string, err error) {
	if r.journal.trouble(about, err, "; what has come is kept, and handed over again") {
		_ = r.state.Remember(ctx, map[string]string{state.FactHandover(kind): err.Error()}) // the journal has it too
	}
}

func (r *runner) handOver(ctx context.Context, to *mapping.Receive) (count int, err error) {
	list, err := r.state.ToHandOver(ctx, to.Record.Name, handedAtOne)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	r.session.underway.set(to.Record.Name, list)
	defer r.session.underway.set(to.Record.Name, nil)
	if to.Table != nil {
		err = intoTable(ctx, r.session.plan, to, list)
	} else {
		err = toCommand(ctx, to, list)
	}
	if err != nil {
		return 0, err
	}
	return len(list), r.state.HandedOver(context.WithoutCancel(ctx), list)
}
