package agent

import (
	"context"
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
)

// wholePass sends all that has changed in the source, as far as the state can tell, and what has
// vanished.
type wholePass struct {
	*outbound
	full           bool   // read everything, in spite of change marks
	allowDeletions bool   // however many records have vanished
	listVanished   bool   // look for vanished records also where change marks spare a whole reading
	resend         resend // what is sent again though the source has not changed it
	// read is told of what was read by change marks, at a time.
	read func(ctx context.Context, listing *scan.Listing, at time.Time) error
}

func (p *wholePass) passKind(ctx context.Context, kind *mapping.Kind, reader *extract.Extractor) error {
	started := p.link.Now()
	before, err := p.state.Kind(ctx, kind.Record.Name)
	if err != nil {
		return err
	}
	sender := p.newSender(kind, reader, p.resend)
	if since := sinceMark(before, kind, reader, started); since != nil && !p.full {
		return p.readChanges(ctx, sender, before, since, started)
	}
	return p.readEverything(ctx, sender, started)
}

// readEverything reads the kind whole.
func (p *wholePass) readEverything(ctx context.Context, sender *send.Sender, started time.Time) error {
	sender.Totals.Whole = true
	listing, repeated, err := p.sendListing(ctx, sender, nil, started)
	if err != nil {
		return err
	}
	if sender.Kind.Detect {
		err = p.sendMissing(ctx, sender, listing)
	} else {
		err = sender.Deletions(ctx, repeated)
	}
	if err != nil {
		return err
	}
	return keepWholeReading(ctx, p.state, sender.Kind, listing.Newest, started)
}

// readChanges reads what has changed since a mark, and lists the rest only if it is to be found out
// what has vanished.
func (p *wholePass) readChanges(ctx context.Context, sender *send.Sender, before state.Kind, since *source.Value, started time.Time) error {
	listing, repeated, err := p.sendListing(ctx, sender, since, started)
	if err != nil {
		return err
	}
	if err := p.read(ctx, listing, started); err != nil {
		return err
	}
	newest := listing.Newest
	if sender.Kind.Detect && p.listVanished {
		if listing, err = scan.List(ctx, p.scratch, sender.Extractor, nil, started); err == nil {
			err = p.sendMissing(ctx, sender, listing)
		}
	} else {
		err = sender.Deletions(ctx, repeated)
	}
	if err != nil {
		return err
	}
	return keepMark(ctx, p.state, sender.Kind, before, newest)
}

// sendListing sends what has changed in the rows of a listing, and what is due. repeated are the deletions
// that could not be taken before.
func (p *wholePass) sendListing(ctx context.Context, sender *send.Sender, since *source.Value, started time.Time) (listing *scan.Listing, repeated *scratch.IDs, err error) {
	name := sender.Kind.Record.Name
	if listing, err = scan.List(ctx, p.scratch, sender.Extractor, since, started); err != nil {
		return nil, nil, err
	}
	sender.Totals.LeaveOut(listing.Refused, listing.Refusals)
	if repeated, err = p.scratch.IDs(ctx, "repeated"); err != nil {
		return nil, nil, err
	}
	err = p.state.NotAccepted(ctx, name, p.resend, func(page []state.Record) error {
		for i := range page {
			if page[i].Deleted {
				if err := repeated.Add(ctx, page[i].ID); err != nil {
					return err
				}
			}
		}
		return listing.AddDue(ctx, page)
	})
	if err != nil {
		return nil, nil, err
	}
	p.progress.Kind(name, listing.Rows+listing.Due)
	return listing, repeated, sender.Rows(ctx, func(each func([]source.Value) error) error { return listing.Keys(ctx, each) })
}

// sendMissing sends deletions of what a listing of everything no longer has.
func (p *wholePass) sendMissing(ctx context.Context, sender *send.Sender, listing *scan.Listing) error {
	missing, err := listing.Missing(ctx, p.state)
	if err != nil {
		return err
	}
	if !p.allowDeletions {
		if err := scan.GuardDeletions(sender.Kind.Record.Name, missing.Alive, listing.Rows); err != nil {
			return err
		}
	}
	return sender.Deletions(ctx, missing.IDs)
}
