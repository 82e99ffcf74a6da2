package push

import (
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/sync"
)

// extendChain gives a state that this batch writes its place in the chain of its record,
// after those that it replaces.
func (b *batch) extendChain(key sync.RecordKey, s *state) {
	if !s.written {
		return // it stands in the database with its chain
	}
	var before sync.Chain
	if s.previous != nil {
		b.extendChain(key, s.previous)
		before = s.previous.chain
	}
	s.chain = before.Extend(b.writer.organization, key, &s.VersionHead, b.writer.now)
}

// queueHistory keeps the versions that this batch replaces: those that stand in
// the database, and those that it brings and replaces itself. Where a version is
// kept already, records have been tampered with: the first to be kept stays, and
// the broken chain tells.
func (b *batch) queueHistory(queue *pgx.Batch) {
	var stored recordKeys
	var own columns
	for _, key := range b.written {
		s := b.states[key]
		b.extendChain(key, s)
		for replaced := s.previous; replaced != nil; replaced = replaced.previous {
			if replaced.written {
				own.addState(key, replaced)
			} else {
				stored.addKey(key)
			}
		}
	}
	if len(stored.kinds) > 0 {
		queue.Queue(`
			INSERT INTO record_history (`+historyColumns+`)
			SELECT `+historyColumns+` FROM unnest($2::text[], $3::uuid[]) AS p (p_kind, p_id)
			CROSS JOIN LATERAL (SELECT * FROM records WHERE organization_id = $1 AND kind = p_kind AND id = p_id OFFSET 0) r
			ON CONFLICT DO NOTHING`, b.writer.organization, stored.kinds, stored.ids)
	}
	if len(own.kinds) > 0 {
		queue.Queue(`
			INSERT INTO record_history (organization_id, kind, id, seq, version, modified_at, device_id, deleted, hash, data, chain, received_at)
			SELECT f.organization_id, r.*, $12 FROM feeds f, unnest($2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::timestamptz[],
				$7::uuid[], $8::boolean[], $9::bytea[], $10::text[], $11::bytea[]) AS r
			WHERE f.organization_id = $1
			ON CONFLICT DO NOTHING`,
			b.writer.organization, own.kinds, own.ids, own.seqs, own.versions, own.modifiedAts, own.devices, own.deleted, own.hashes,
			own.data, own.chains, b.writer.now)
	}
}

const historyColumns = `organization_id, kind, id, version, seq, modified_at, received_at, device_id, deleted, hash, data, chain`
