package projection

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

// View is what a reader of the projections needs to know of the organization.
type View struct {
	Calendar
	Epoch     uuid.UUID // of the feed that they follow
	Seq       int64     // up to which place of it
	TimeZone  string
	Currency  string
	Freshness Freshness
}

// Freshness says how far the projections have followed the feed.
type Freshness struct {
	Complete   bool       // they hold all that was acknowledged before they were asked, made as it is wanted now
	AsOf       *time.Time // when the last change that they hold was received, by the organization's clock; nil: they hold none
	Pending    int64      // changes of the feed still to be projected; 0 where they are complete
	Rebuilding bool       // they are made as before an update or a change of settings; Pending is what their successor has still to read
}

const (
	// barrierWait is how long a reader waits at the most for what was acknowledged
	// before it, and for projections that are being made anew, in another time zone say.
	barrierWait = time.Second
	// barrierReach is how many changes can be expected to be projected in that time.
	// Whoever is farther behind is answered at once: to wait would help nobody.
	barrierReach = 4 * stepRecords
)

// Read runs fn in a snapshot of one organization: what is acknowledged as a venue
// works is in it. Where projections are far behind, in a first synchronization say,
// it is what there is, and the view's freshness says how far that goes. While they
// are rebuilt, it is the old generation.
func (p *Projector) Read(ctx context.Context, organization uuid.UUID, fn func(tx pgx.Tx, view View) error) error {
	ctx = db.For(ctx, db.Listing)
	waiting, stop := context.WithTimeout(ctx, p.barrierWait)
	defer stop()
	for barrier := int64(-1); ; {
		answered := false
		err := p.db.Snapshot(ctx, organization, func(tx db.Tx) error {
			at, err := loadPosition(ctx, tx, organization, live)
			if err != nil {
				return err
			}
			if barrier < 0 {
				barrier = at.head
			}
			if at.isWithinReach(barrier) && waiting.Err() == nil {
				return nil
			}
			answered = true
			promise := fmt.Sprintf("SET LOCAL app.delivery_minutes = '%d'", at.deliveryMinutes)
			if err := selectGeneration(ctx, tx, at.generation, promise); err != nil {
				return err
			}
			return fn(tx, at.view(barrier))
		})
		if err != nil || answered {
			return err
		}
		if err := p.advanceForReader(ctx, waiting, organization); err != nil {
			return err
		}
	}
}

// isWithinReach says whether the position lacks something that a reader may wait for.
func (p position) isWithinReach(barrier int64) bool {
	if behind := barrier - p.seq; behind > 0 {
		return behind <= barrierReach
	}
	return !p.isAsWanted() && p.head <= barrierReach // it is made anew from the beginning
}

func (p position) view(barrier int64) View {
	made := p.made
	if p.generation == 0 { // nothing is made yet
		made = p.wanted
	}
	view := View{Epoch: made.epoch, Seq: p.seq, Calendar: made.settings().calendar, TimeZone: made.zone, Currency: p.wanted.currency}
	view.Freshness.Rebuilding = p.generation != 0 && !p.isAsWanted()
	view.Freshness.Complete = p.seq >= barrier && !view.Freshness.Rebuilding
	if p.asOf != nil {
		local := p.asOf.In(view.Zone)
		view.Freshness.AsOf = &local
	}
	switch {
	case view.Freshness.Rebuilding:
		view.Freshness.Pending = p.head - p.rebuilt
	case !view.Freshness.Complete:
		view.Freshness.Pending = p.head - p.seq
	}
	return view
}

// longestStep is how long a step may take whose reader has gone.
const longestStep = time.Minute

// advanceForReader does a step of what a reader waits for, or waits while another
// goroutine does one, for as long as the reader waits. A step that was begun is
// finished: broken off, it would have been for nothing, and cost a connection.
func (p *Projector) advanceForReader(ctx, waiting context.Context, organization uuid.UUID) error {
	release, err := p.turns.wait(waiting, organization)
	if err != nil {
		return ctx.Err() // none, where the reader has only waited long enough
	}
	done := make(chan error, 1) // nobody may be there any more to take it
	go func() {
		defer release()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestStep)
		defer cancel()
		err := p.advanceTowards(ctx, organization)
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-waiting.Done():
		return ctx.Err()
	}
}

// advanceTowards does a step of what a reader waits for: what was acknowledged comes
// before what is being made anew.
func (p *Projector) advanceTowards(ctx context.Context, organization uuid.UUID) error {
	at, err := p.followFeed(ctx, organization, live)
	if err == nil && at.seq >= at.head && !at.isAsWanted() {
		_, err = p.buildNext(ctx, organization, at)
	}
	return err
}
