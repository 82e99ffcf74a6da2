package push

import "github.com/interpos/cabinet/internal/sync"

// state is how a record stands, in the database or by this push.
type state struct {
	sync.VersionHead
	bucket   string
	data     []byte // of this push, or of a kind that several sides write; nil: only the database has it
	chain    sync.Chain
	previous *state // what this batch replaces by it
	stored   bool   // the database has the record, in this version or an earlier one
	touched  bool   // this batch takes over a later time
	written  bool   // this batch writes it
}

// decideAll finds out what becomes of the changes of a batch.
func (b *batch) decideAll() {
	for i := range b.changes {
		b.decideChange(&b.changes[i])
	}
}

// decideChange applies the rule of the protocol to one change.
func (b *batch) decideChange(c *change) {
	result := Result{Kind: c.kind, ID: c.rawID}
	if c.spec != nil && !b.writer.isLicensed(c.spec.Module) {
		result.Status = LicenseRequired
		b.results = append(b.results, result)
		return
	}
	if c.code != "" {
		b.refuseChange(c, result)
		return
	}
	key := c.recordKey()
	current := b.states[key]
	result.Status = statusOf(current, c, b.writer.device)
	if result.Status == Applied {
		if broken := checkStep(current, c); broken != nil {
			result.Version, result.Seq = current.Version, current.Seq
			b.refuseChange(broken, result)
			return
		}
	}
	isNews := result.Status == Applied
	switch result.Status {
	case Applied:
		current = b.applyChange(key, current, c)
		result.Remarks = c.remarks
	case Unchanged:
		if winsByTime(c.modifiedAt, b.writer.device, current.ModifiedAt, current.Device) {
			current.ModifiedAt, current.Device, current.touched = c.modifiedAt, b.writer.device, true
			isNews = true
		}
	case Stale, Conflict:
		b.overruled = append(b.overruled, len(b.results))
	}
	if result.Status == Applied || result.Status == Unchanged {
		b.acceptRecord(acceptance{key, current.ModifiedAt, isNews})
	}
	result.Version, result.Seq = current.Version, current.Seq
	b.results = append(b.results, result)
}

// applyChange makes a change the record's new state, at the next place of the feed.
func (b *batch) applyChange(key sync.RecordKey, current *state, c *change) *state {
	b.head++
	next := &state{
		VersionHead: sync.VersionHead{
			Version: 1, Seq: b.head, ModifiedAt: c.modifiedAt, Device: b.writer.device, Hash: c.hash, Deleted: c.deleted,
		},
		bucket: c.bucket, data: c.data, written: true, previous: current,
	}
	if current != nil {
		next.Version, next.stored = current.Version+1, current.stored
		if !winsByTime(next.ModifiedAt, next.Device, current.ModifiedAt, current.Device) {
			next.ModifiedAt, next.Device = current.ModifiedAt, current.Device // by base_version: time never goes back
		}
	}
	if current == nil || !current.written {
		b.written = append(b.written, key)
	}
	b.states[key] = next
	return next
}
