package push

import (
	"bytes"
	"context"

	"github.com/jackc/pgx/v5"
)

// duplicates answers those changes at the beginning of a push that the feed holds as they
// were sent, without decoding them: the answer to the push was lost, or its source has lost
// its state.
type duplicates struct {
	request    *Request
	writer     *feedWriter
	firstIsOne bool // the feed holds the push's first change as it was sent
	count      int  // of the changes that are answered
}

// queueFirst asks whether the feed holds the first change as it was sent: else the push is
// no duplicate, and need not be scanned.
func (d *duplicates) queueFirst(queue *pgx.Batch) {
	var first change
	if len(d.request.raws) == 0 || !newDecoder("", d.writer.now).scanChange(d.request.raws[0], &first) {
		return
	}
	queue.Queue(`SELECT hash FROM records WHERE organization_id = $1 AND kind = $2 AND id = $3`,
		d.writer.organization, first.kind, first.id).
		Query(func(rows pgx.Rows) error {
			var hash []byte
			_, err := pgx.ForEachRow(rows, []any{&hash}, func() error {
				d.firstIsOne = bytes.Equal(hash, first.hash[:])
				return nil
			})
			return err
		})
}

// answerAll goes through the batches of a push, from the first on, up to one that has a change
// which the feed does not hold, or which must be decoded.
func (d *duplicates) answerAll(ctx context.Context, tx pgx.Tx) error {
	if !d.firstIsOne {
		return nil
	}
	for changes, err := range readAhead(d.request, 0, scanSize, newDecoder("", d.writer.now).scanBatch) {
		if err != nil {
			return nil // it must be decoded
		}
		b := d.writer.newBatch(changes)
		if err := b.lookUp(ctx, tx); err != nil || !b.isDuplicate() {
			return err
		}
		if err := d.writer.storeLookedUp(ctx, tx, b); err != nil {
			return err
		}
		d.count += len(changes)
	}
	return nil
}

// isDuplicate says whether all the changes of a batch are what the feed has.
func (b *batch) isDuplicate() bool {
	for i := range b.changes {
		if s := b.states[b.changes[i].recordKey()]; s == nil || s.Hash != b.changes[i].hash {
			return false
		}
	}
	return true
}
