package scan

import (
	"bytes"
	"context"
	"fmt"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/state"
)

// Missing are records that were sent, and are not in the source any more.
type Missing struct {
	*scratch.IDs
	Alive int // that the cabinet was not told of yet
}

// Missing finds those of the listing's kind.
func (l *Listing) Missing(ctx context.Context, memory *state.State) (*Missing, error) {
	ids, err := l.db.IDs(ctx, "missing")
	if err != nil {
		return nil, err
	}
	found := &Missing{IDs: ids}
	return found, memory.Outstanding(ctx, l.kind, func(page []state.Outstanding) error {
		listed, err := l.areListed(ctx, page)
		if err != nil {
			return err
		}
		for i, sent := range page {
			if listed[i] {
				continue
			}
			if !sent.Deleted {
				found.Alive++
			}
			if err := ids.Add(ctx, sent.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// areListed says which of the records are listed, by merging: both come in the order of their ids.
func (l *Listing) areListed(ctx context.Context, page []state.Outstanding) ([]bool, error) {
	is, i := make([]bool, len(page)), 0
	var id []byte
	err := l.db.Each(ctx, func(scan func(...any) error) error {
		if err := scan(&id); err != nil {
			return err
		}
		for bytes.Compare(page[i].ID[:], id) < 0 { // the last one is not less
			i++
		}
		is[i] = is[i] || bytes.Equal(page[i].ID[:], id)
		return nil
	}, "SELECT id FROM listed WHERE id BETWEEN ? AND ? ORDER BY id", page[0].ID[:], page[len(page)-1].ID[:])
	return is, err
}

// A guard against deleting an outlet's records because the source is an empty or
// a wrong database: so many, and so large a part of the kind, need a word.
const (
	fewDeletions    = 20
	deletionsDivide = 4
)

// GuardDeletions fails where too many records of a kind are missing beside those that are left.
func GuardDeletions(kind string, missing, left int) error {
	if missing <= fewDeletions || missing <= (missing+left)/deletionsDivide {
		return nil
	}
	return &extract.Failure{Err: fmt.Errorf("%s: %d of %d records are missing in the source; nothing is deleted. If that is right, run `agent sync --allow-deletions`",
		kind, missing, missing+left)}
}
