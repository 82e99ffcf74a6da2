package push

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/license"
	"github.com/interpos/cabinet/internal/sync"
)

// Push stores the accepted changes of a push in one transaction, durable when it
// returns, and answers for each change in the order sent. Numbers of the feed
// are taken under a lock on the organization's feed, held until the commit. The
// position is that of the feed after the push. Errors: Malformed for the push's
// cursor and for changes that are no JSON, and CursorExpired; nothing is stored then.
// The push's text is not read after that.
func (r *Receiver) Push(ctx context.Context, organization uuid.UUID, push *Push) ([]Result, sync.Position, error) {
	if err := push.checkDevice(); err != nil {
		return nil, sync.Position{}, err
	}
	from, err := sync.ParseCursor(push.Cursor)
	if err != nil {
		return nil, sync.Position{}, err
	}
	w := &writer{organization: organization, device: push.DeviceID, now: r.now(), results: make([]Result, 0, len(push.raws))}
	err = r.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		if err := w.lock(ctx, tx, from, push); err != nil {
			return err
		}
		known, err := w.repeats(ctx, tx, push)
		if err != nil {
			return err
		}
		changes := decodeAhead(push, known, w.currency, w.now)
		defer changes.wait()
		for {
			some, err := changes.next()
			if err != nil {
				return err
			}
			if some == nil {
				return w.finish(ctx, tx)
			}
			if err := w.take(ctx, tx, some, changes.ahead()); err != nil {
				return err
			}
		}
	})
	if err != nil {
		return nil, sync.Position{}, err
	}
	r.announce(w)
	return w.results, w.position(), nil
}

// announce tells those who follow the feed that a writer has moved its head.
func (r *Receiver) announce(w *writer) {
	if w.head > w.before.Head {
		r.feed.Announce(w.organization)
	}
}

// state is how a record stands, in the database or by this push.
type state struct {
	sync.VersionHead
	bucket   string
	data     []byte // of this push, or of a kind that several sides write; nil: only the database has it
	chain    sync.Chain
	previous *state // what this push replaces by it
	touched  bool   // this push takes over a later time
	written  bool   // this push writes it
}

// writer carries one push through its transaction, portion by portion.
type writer struct {
	organization uuid.UUID
	device       uuid.UUID
	now          time.Time
	currency     string        // of the organization: the money step of its sums
	before       sync.Position // of the feed, without this push
	head         int64         // with it
	mark         int64         // of this push, if it takes numbers
	healing      bool          // the organization has rejections
	repeated     bool          // the feed holds the push's first change as it was sent
	wrote        bool          // this push changes what is stored
	results      []Result
	portion
}

// portion is what is known and found out of the changes that are at hand.
type portion struct {
	licensed  []license.Module // modules whose license is valid now; read where a change needs one
	states    map[sync.RecordKey]*state
	written   []sync.RecordKey          // states that this portion writes, in the order of the feed
	refused   map[rejectionKey]*refusal // to be kept, unless a later change of the portion heals it
	room      room                      // for rejections; read where something is refused
	accepted  []sync.RecordKey          // heals their rejections
	conflicts []int                     // results that need the current record
}

// lock takes the organization's feed for this push alone, until its transaction
// ends. Error: CursorExpired, where the feed does not go on from the push's cursor.
func (w *writer) lock(ctx context.Context, tx pgx.Tx, from sync.Cursor, push *Push) error {
	batch := &pgx.Batch{}
	feed := sync.QueueLock(batch, w.organization, from)
	batch.Queue(`SELECT EXISTS (SELECT FROM rejections WHERE organization_id = $1)`, w.organization).
		QueryRow(func(row pgx.Row) error { return row.Scan(&w.healing) })
	batch.Queue(`SELECT currency FROM organizations WHERE id = $1`, w.organization).
		QueryRow(func(row pgx.Row) error { return row.Scan(&w.currency) })
	w.queueFirst(batch, push)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	w.before, w.head = feed.Position, feed.Head
	return feed.Err()
}

// queueFirst asks whether the feed holds the first change as it was sent: else the
// push is no repeat, and need not be glanced at.
func (w *writer) queueFirst(batch *pgx.Batch, push *Push) {
	var first change
	if len(push.raws) == 0 || !newDecoder("", w.now).glance(push.raws[0], &first) {
		return
	}
	batch.Queue(`SELECT hash FROM records WHERE organization_id = $1 AND kind = $2 AND id = $3`, w.organization, first.kind, first.id).
		Query(func(rows pgx.Rows) error {
			var hash []byte
			_, err := pgx.ForEachRow(rows, []any{&hash}, func() error {
				w.repeated = bytes.Equal(hash, first.hash[:])
				return nil
			})
			return err
		})
}

// repeats goes through the portions of a push, from the first on, that the feed
// holds as they were sent. known is how many changes that are; of those behind it,
// the first are looked up already, if a glance could say which they are.
func (w *writer) repeats(ctx context.Context, tx pgx.Tx, push *Push) (known int, err error) {
	if !w.repeated {
		return 0, nil
	}
	glances := glanceAhead(push, w.now)
	defer glances.wait()
	for {
		changes, err := glances.next()
		if changes == nil || err != nil {
			return known, nil // at the end, or at one that must be decoded
		}
		if err := w.look(ctx, tx, changes); err != nil || !w.holds(changes) {
			return known, err
		}
		if err := w.take(ctx, tx, changes, nil); err != nil {
			return known, err
		}
		known += len(changes)
	}
}

// holds says whether all the changes are what the feed has.
func (w *writer) holds(changes []change) bool {
	for i := range changes {
		if s := w.states[changes[i].key()]; s == nil || s.Hash != changes[i].hash {
			return false
		}
	}
	return true
}

// take decides what becomes of some changes, and writes it. Those that come next, if they
// are there already, are looked up behind that in the same round trip.
func (w *writer) take(ctx context.Context, tx pgx.Tx, changes, next []change) error {
	if err := w.decideAll(ctx, tx, changes); err != nil {
		return err
	}
	var ahead portion
	err := w.store(ctx, tx, func(batch *pgx.Batch) {
		if next != nil {
			w.queueLook(batch, next, &ahead)
		}
	})
	w.portion = ahead
	return err
}

// decideAll decides what becomes of the changes of a portion.
func (w *writer) decideAll(ctx context.Context, tx pgx.Tx, changes []change) error {
	if w.states == nil {
		if err := w.look(ctx, tx, changes); err != nil {
			return err
		}
	}
	for i := range changes {
		w.decide(&changes[i])
	}
	return nil
}

// look reads how the pushed records stand. OFFSET 0 makes PostgreSQL look each one
// up by its key: without statistics of a young table it would rather read all of it.
func (w *writer) look(ctx context.Context, tx pgx.Tx, changes []change) error {
	batch := &pgx.Batch{}
	w.queueLook(batch, changes, &w.portion)
	return tx.SendBatch(ctx, batch).Close()
}

func (w *writer) queueLook(batch *pgx.Batch, changes []change, into *portion) {
	into.states = make(map[sync.RecordKey]*state, len(changes))
	kinds, ids := make([]string, 0, len(changes)), make([][16]byte, 0, len(changes))
	for i := range changes {
		if c := &changes[i]; c.code == "" {
			kinds, ids = append(kinds, c.kind), append(ids, c.id)
		}
	}
	batch.Queue(`
		SELECT p.kind, p.id, r.version, r.seq, r.modified_at, r.device_id, r.hash, r.deleted, r.chain
		FROM unnest($2::text[], $3::uuid[]) AS p (kind, id)
		CROSS JOIN LATERAL (SELECT * FROM records WHERE organization_id = $1 AND kind = p.kind AND id = p.id OFFSET 0) r`,
		w.organization, kinds, ids).Query(into.readStates)
	w.queueLicenses(batch, changes, into)
	w.queueShared(batch, changes, into)
}

// position is that of the feed with this push.
func (w *writer) position() sync.Position {
	if w.head == w.before.Head {
		return w.before
	}
	return w.before.Advance(w.head, w.mark)
}

func (p *portion) readStates(rows pgx.Rows) error {
	for rows.Next() {
		var key sync.RecordKey
		var hash, chain []byte
		s := &state{}
		if err := rows.Scan(&key.Kind, &key.ID, &s.Version, &s.Seq, &s.ModifiedAt, &s.Device, &hash, &s.Deleted, &chain); err != nil {
			return err
		}
		copy(s.Hash[:], hash)
		copy(s.chain[:], chain)
		p.states[key] = s
	}
	return rows.Err()
}

// decide applies the rule of the protocol to one change.
func (w *writer) decide(c *change) {
	result := Result{Kind: c.kind, ID: c.rawID}
	if c.spec != nil && c.spec.Module != "" && !slices.Contains(w.licensed, license.Module(c.spec.Module)) {
		result.Status = LicenseRequired
		w.results = append(w.results, result)
		return
	}
	if c.code != "" {
		w.refuse(c, result)
		return
	}
	key := c.key()
	current := w.states[key]
	result.Status = verdict(current, c, w.device)
	if result.Status == Applied {
		if broken := brokenStep(current, c); broken != nil {
			result.Version, result.Seq = current.Version, current.Seq
			w.refuse(broken, result)
			return
		}
	}
	switch result.Status {
	case Applied:
		current = w.apply(key, current, c)
	case Unchanged:
		if wins(c.modifiedAt, w.device, current.ModifiedAt, current.Device) {
			current.ModifiedAt, current.Device, current.touched = c.modifiedAt, w.device, true
		}
	case Conflict:
		w.conflicts = append(w.conflicts, len(w.results))
	}
	if result.Status == Applied || result.Status == Unchanged {
		w.accept(key)
	}
	result.Version, result.Seq = current.Version, current.Seq
	w.results = append(w.results, result)
}

// verdict says what is to become of a change where the record stands as current
// (nil: it does not exist).
func verdict(current *state, c *change, device uuid.UUID) Status {
	switch {
	case current == nil:
		return Applied
	case current.Hash == c.hash:
		return Unchanged
	case c.baseVersion > 0 && c.baseVersion == current.Version:
		return Applied
	case c.baseVersion > 0:
		return Conflict
	case !later(current, c, device):
		return Stale
	case c.spec.Shared && c.modifiedAt.Equal(current.ModifiedAt):
		return Stale // a repeat of what a change of the same moment has replaced
	case c.spec.Shared:
		return Conflict // it says not which version it was made from
	}
	return Applied
}

// later says whether a change that names no version wins over the record by its time.
func later(current *state, c *change, device uuid.UUID) bool {
	if c.modifiedAt.Equal(current.ModifiedAt) && device == current.Device {
		return string(c.hash[:]) > string(current.Hash[:]) // one instant, two contents: any order of arrival must choose the same
	}
	return wins(c.modifiedAt, device, current.ModifiedAt, current.Device)
}

// wins says whether a change is the later one; between equal times the greater
// device id decides.
func wins(at time.Time, device uuid.UUID, currentAt time.Time, currentDevice uuid.UUID) bool {
	if !at.Equal(currentAt) {
		return at.After(currentAt)
	}
	return string(device[:]) > string(currentDevice[:])
}

func (w *writer) apply(key sync.RecordKey, current *state, c *change) *state {
	w.head++
	next := &state{
		VersionHead: sync.VersionHead{
			Version: 1, Seq: w.head, ModifiedAt: c.modifiedAt, Device: w.device, Hash: c.hash, Deleted: c.deleted,
		},
		bucket: c.bucket, data: c.data, written: true, previous: current,
	}
	if current != nil {
		next.Version = current.Version + 1
		if !wins(next.ModifiedAt, next.Device, current.ModifiedAt, current.Device) {
			next.ModifiedAt, next.Device = current.ModifiedAt, current.Device // by base_version: time never goes back
		}
	}
	if current == nil || !current.written {
		w.written = append(w.written, key)
	}
	w.states[key] = next
	return next
}
