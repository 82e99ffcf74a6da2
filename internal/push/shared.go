package push

import (
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/license"
	"github.com/interpos/cabinet/internal/sync"
)

// queueLicenses reads which modules may be used now, where a change needs one.
func (w *writer) queueLicenses(batch *pgx.Batch, changes []change, into *portion) {
	into.licensed = nil
	for i := range changes {
		if spec := changes[i].spec; spec != nil && spec.Module != "" {
			license.QueueOpenModules(batch, w.organization, w.now, &into.licensed)
			return
		}
	}
}

// queueShared reads the data of the pushed records that several sides write: what
// may follow upon it is decided by it.
func (w *writer) queueShared(batch *pgx.Batch, changes []change, into *portion) {
	var kinds []string
	var ids [][16]byte
	for i := range changes {
		if c := &changes[i]; c.code == "" && c.spec.Shared {
			kinds, ids = append(kinds, c.kind), append(ids, c.id)
		}
	}
	if len(kinds) == 0 {
		return
	}
	batch.Queue(`
		SELECT p.kind, p.id, r.data
		FROM unnest($2::text[], $3::uuid[]) AS p (kind, id)
		CROSS JOIN LATERAL (SELECT * FROM records WHERE organization_id = $1 AND kind = p.kind AND id = p.id OFFSET 0) r`,
		w.organization, kinds, ids).Query(func(rows pgx.Rows) error {
		var key sync.RecordKey
		var data string
		_, err := pgx.ForEachRow(rows, []any{&key.Kind, &key.ID, &data}, func() error {
			into.states[key].data = []byte(data)
			return nil
		})
		return err
	})
}

// brokenStep is the change with its faults where it may not replace the record as
// it stands, else nil. A deletion always may, and upon one anything may follow.
func brokenStep(current *state, c *change) *change {
	if current == nil || !c.spec.Shared || c.deleted || current.Deleted {
		return nil
	}
	before, err := canonical.Parse(current.data)
	if err != nil {
		return nil // it was accepted, so it cannot be
	}
	after, err := canonical.Parse(c.data)
	if err != nil {
		return nil
	}
	refused := *c
	for _, broken := range c.spec.CheckStep(before, after) {
		refused.reject(broken.Field, broken.Code, broken.Message)
	}
	if refused.code == "" {
		return nil
	}
	return &refused
}
