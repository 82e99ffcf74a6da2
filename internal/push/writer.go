package push

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/interpos/cabinet/internal/license"
	"github.com/interpos/cabinet/internal/sync"
)

// feedWriter carries one push through its transaction, batch by batch, under the lock on
// the organization's feed.
type feedWriter struct {
	organization uuid.UUID
	device       uuid.UUID
	now          time.Time
	currency     string           // of the organization: the money step of its sums
	licensed     []license.Module // modules whose license is valid now
	before       sync.Position    // of the feed, without this push
	head         int64            // with it, as far as it is written
	mark         int64            // of this push, if it takes numbers
	hasRejected  bool             // rejections of the organization are kept
	expectsNew   bool             // the batch before had records that the feed does not hold, and no others
	wrote        bool             // this push changes what is stored
	currentBytes int64            // of the current records that the answer holds
	results      []Result         // of the batches that are written
}

// writeAll takes a push into the feed.
func (w *feedWriter) writeAll(ctx context.Context, tx pgx.Tx, from sync.Cursor, request *Request) error {
	known := duplicates{request: request, writer: w}
	if err := w.lockFeed(ctx, tx, from, known.queueFirst); err != nil {
		return err
	}
	if err := known.answerAll(ctx, tx); err != nil {
		return err
	}
	for changes, err := range readAhead(request, known.count, batchSize, newDecoder(w.currency, w.now).decodeBatch) {
		if err != nil {
			return err
		}
		if err := w.storeBatch(ctx, tx, changes); err != nil {
			return err
		}
	}
	return w.finishPush(ctx, tx)
}

// lockFeed takes the organization's feed for this push alone, until its transaction ends, and
// reads what holds for all of the push. Error: CursorExpired, where the feed does not go on
// from the push's cursor.
func (w *feedWriter) lockFeed(ctx context.Context, tx pgx.Tx, from sync.Cursor, also func(*pgx.Batch)) error {
	queue := &pgx.Batch{}
	feed := sync.QueueLock(queue, w.organization, from)
	queue.Queue(`SELECT currency FROM organizations WHERE id = $1`, w.organization).
		QueryRow(func(row pgx.Row) error { return row.Scan(&w.currency) })
	queue.Queue(`SELECT EXISTS (SELECT FROM rejections WHERE organization_id = $1)`, w.organization).
		QueryRow(func(row pgx.Row) error { return row.Scan(&w.hasRejected) })
	license.QueueOpenModules(queue, w.organization, w.now, &w.licensed)
	also(queue)
	if err := tx.SendBatch(ctx, queue).Close(); err != nil {
		return err
	}
	w.before, w.head = feed.Position, feed.Head
	return feed.Err()
}

// storeBatch decides what becomes of some changes, and writes it. Where the batch before had new
// records only, as in a first synchronization, these are taken for new as well, and
// inserted without a look: PostgreSQL finds out while it inserts. Where one is there already
// it takes the batch back, and the records are looked up.
func (w *feedWriter) storeBatch(ctx context.Context, tx pgx.Tx, changes []change) error {
	if w.expectsNew {
		b := w.newBatch(changes)
		b.decideAll()
		err := b.writeDecided(ctx, tx, savepoint)
		if err == nil {
			w.addBatch(b)
			return nil
		}
		if !recordExists(err) {
			return err
		}
		if _, err := tx.Exec(ctx, `ROLLBACK TO SAVEPOINT `+savepoint); err != nil {
			return err
		}
	}
	b := w.newBatch(changes)
	if err := b.lookUp(ctx, tx); err != nil {
		return err
	}
	return w.storeLookedUp(ctx, tx, b)
}

func (w *feedWriter) storeLookedUp(ctx context.Context, tx pgx.Tx, b *batch) error {
	w.expectsNew = len(b.states) == 0
	b.decideAll()
	if err := b.writeDecided(ctx, tx, ""); err != nil {
		return err
	}
	w.addBatch(b)
	return nil
}

// savepoint is what a batch goes back to whose records turn out to be there.
const savepoint = "before_batch"

// recordExists says whether a record that was inserted is there already.
func recordExists(err error) bool {
	var broken *pgconn.PgError
	return errors.As(err, &broken) && broken.Code == "23505" && broken.ConstraintName == "records_pkey"
}

// addBatch takes over what a batch has written.
func (w *feedWriter) addBatch(b *batch) {
	w.head, w.results = b.head, append(w.results, b.results...)
	w.wrote = w.wrote || b.wrote
	w.hasRejected = w.hasRejected || len(b.refused) > 0
}

func (w *feedWriter) isLicensed(module string) bool {
	return module == "" || slices.Contains(w.licensed, license.Module(module))
}

// finishPush ends a push whose changes are all written. One that brought nothing new
// need not wait for the disk: all that a crash could take is the time of its contact.
func (w *feedWriter) finishPush(ctx context.Context, tx pgx.Tx) error {
	queue := &pgx.Batch{}
	if !w.wrote {
		queue.Queue(`SET LOCAL synchronous_commit = off`)
	}
	w.queueHead(queue)
	queue.Queue(`
		INSERT INTO devices (organization_id, id, first_seen_at, last_seen_at, last_push_at) VALUES ($1, $2, $3, $3, $3)
		ON CONFLICT (organization_id, id) DO UPDATE SET last_seen_at = excluded.last_seen_at, last_push_at = excluded.last_push_at`,
		w.organization, w.device, w.now)
	sync.QueueDeviceBound(queue, w.organization, w.device)
	return tx.SendBatch(ctx, queue).Close()
}

// queueHead moves the head of the feed, and marks that it was this push.
func (w *feedWriter) queueHead(queue *pgx.Batch) {
	if w.head == w.before.Head {
		return
	}
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	w.mark = int64(binary.BigEndian.Uint64(random[:]))
	queue.Queue(`UPDATE feeds SET head = $2, mark = $3 WHERE organization_id = $1`, w.organization, w.head, w.mark)
	queue.Queue(`INSERT INTO feed_marks (organization_id, seq, mark, marked_at) VALUES ($1, $2, $3, $4)`,
		w.organization, w.head, w.mark, w.now)
}

// positionAfter is that of the feed with this push.
func (w *feedWriter) positionAfter() sync.Position {
	if w.head == w.before.Head {
		return w.before
	}
	return w.before.Advance(w.head, w.mark)
}
