package agent

import (
	"context"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/source"
)

// incrementalPass is for the seconds between two whole ones: it reads only where change marks
// say it, and only rows that were not seen under their mark; without marks, rows of greater keys.
type incrementalPass struct {
	*outbound
	seen *scan.Seen
}

func (p *incrementalPass) passKind(ctx context.Context, kind *mapping.Kind, reader *extract.Extractor) error {
	started := p.link.Now()
	before, err := p.state.Kind(ctx, kind.Record.Name)
	if err != nil {
		return err
	}
	since := sinceMark(before, kind, reader, started)
	if since == nil {
		since = sinceKey(before, kind, reader)
	}
	if since == nil {
		return nil
	}
	listing, err := scan.List(ctx, p.scratch, reader, since, started)
	if err != nil {
		return err
	}
	sender := p.newSender(kind, reader, resend{})
	sender.Totals.LeaveOut(listing.Refused, listing.Refusals)
	if err := sender.Rows(ctx, func(each func([]source.Value) error) error { return p.seen.UnseenKeys(ctx, listing, each) }); err != nil {
		return err
	}
	if err := p.seen.Remember(ctx, listing, started); err != nil {
		return err
	}
	return keepMark(ctx, p.state, kind, before, listing.Newest)
}
