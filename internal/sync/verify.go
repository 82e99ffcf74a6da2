package sync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
)

// verifyPage is how many records are verified in one snapshot.
const verifyPage = 1_000

// Flaw is something in the history of a record that is not as it was written.
type Flaw struct {
	Kind    string
	ID      uuid.UUID
	Version int64
	Problem string
}

// Verified is how much a verification has looked at.
type Verified struct {
	Records int64
	Earlier int64 // versions, beside the current one of each record
}

// VerifyHistory walks the history of every record of an organization, and tells
// found of each row that was altered or removed. It holds the data of one version
// at a time, and works beside a running server. Error: NotFound, for an
// organization that does not exist.
func VerifyHistory(ctx context.Context, database *db.DB, organization uuid.UUID, found func(Flaw)) (Verified, error) {
	v := &verifier{organization: organization, found: found}
	err := database.Snapshot(ctx, organization, func(tx db.Tx) error {
		_, err := readPosition(ctx, tx, organization)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "There is no such organization.")
		}
		return err
	})
	if err != nil {
		return Verified{}, err
	}
	for more := true; more; {
		err := database.Snapshot(ctx, organization, func(tx db.Tx) (err error) {
			more, err = v.verifyNext(ctx, tx)
			return err
		})
		if err != nil {
			return v.verified, err
		}
	}
	return v.verified, nil
}

// verifier goes through the records of an organization, by kind and id.
type verifier struct {
	organization uuid.UUID
	found        func(Flaw)
	verified     Verified
	after        RecordKey // the last record of the page before
}

// row is one version of a record, as a table holds it.
type row struct {
	RecordKey
	VersionHead
	chain      Chain
	receivedAt time.Time
	sound      bool  // its data fits its hash
	cut        int64 // the versions up to this one were removed when their time was over
	cutChain   Chain
}

// verifyNext verifies the next records, with all their history; more says that others
// are left.
func (v *verifier) verifyNext(ctx context.Context, tx pgx.Tx) (more bool, err error) {
	page := make([]row, 0, verifyPage)
	current := make(map[RecordKey]*row, verifyPage)
	after := []any{v.organization, v.after.Kind, v.after.ID}
	err = eachVersion(ctx, tx, "records", " ORDER BY v.kind, v.id LIMIT $4", append(after, verifyPage), func(r row) {
		page = append(page, r)
		current[r.RecordKey] = &page[len(page)-1]
	})
	if err != nil {
		return false, err
	}
	within := ""
	if more = len(page) == verifyPage; more {
		v.after = page[verifyPage-1].RecordKey
		within = " AND (v.kind, v.id) <= ($4, $5)"
		after = append(after, v.after.Kind, v.after.ID)
	}
	var walk *walk
	err = eachVersion(ctx, tx, "record_history", within+" ORDER BY v.kind, v.id, v.version", after, func(r row) {
		v.verified.Earlier++
		if walk == nil || walk.key != r.RecordKey {
			walk.checkCurrent()
			walk = v.beginWalk(r, current[r.RecordKey])
			delete(current, r.RecordKey)
		}
		walk.checkEarlier(r)
	})
	walk.checkCurrent()
	for i := range page {
		if alone := current[page[i].RecordKey]; alone != nil {
			v.beginWalk(*alone, alone).checkCurrent()
		}
	}
	v.verified.Records += int64(len(page))
	return more, err
}

const selectVersions = `
SELECT v.kind, v.id, v.version, v.seq, v.modified_at, v.received_at, v.device_id, v.deleted, v.hash, v.data, v.chain,
	coalesce(c.version, 0), c.chain
FROM %s v LEFT JOIN history_cuts c ON c.organization_id = v.organization_id AND c.kind = v.kind AND c.id = v.id
WHERE v.organization_id = $1 AND (v.kind, v.id) > ($2, $3)`

// eachVersion reads versions from a table; their data is not kept.
func eachVersion(ctx context.Context, tx pgx.Tx, table, condition string, args []any, yield func(row)) error {
	rows, err := tx.Query(ctx, fmt.Sprintf(selectVersions, table)+condition, args...)
	if err != nil {
		return err
	}
	var r row
	var hash, data, link, cut []byte
	_, err = pgx.ForEachRow(rows, []any{&r.Kind, &r.ID, &r.Version, &r.Seq, &r.ModifiedAt, &r.receivedAt, &r.Device, &r.Deleted,
		&hash, &data, &link, &r.cut, &cut}, func() error {
		r.Hash = canonical.Hash(r.ID, r.Deleted, data)
		r.sound = string(hash) == string(r.Hash[:])
		clear(r.Hash[:])
		copy(r.Hash[:], hash)
		r.chain, r.cutChain = chainFrom(link), chainFrom(cut)
		yield(r)
		return nil
	})
	return err
}

// chainFrom is the chain that a table holds; one of another length is none.
func chainFrom(stored []byte) (c Chain) {
	if len(stored) == len(c) {
		copy(c[:], stored)
	}
	return c
}

// walk goes along the versions of one record, from its first to its current one.
type walk struct {
	*verifier
	key      RecordKey
	current  *row  // nil: it is not there
	next     int64 // the version that must come
	stored   Chain // up to here, as the rows have it
	computed Chain // and as their fields make it
}

// beginWalk starts at where the history of a record was cut off, or at its beginning.
func (v *verifier) beginWalk(r row, current *row) *walk {
	w := &walk{verifier: v, key: r.RecordKey, current: current, next: r.cut + 1, stored: r.cutChain, computed: r.cutChain}
	if kind, ok := record.Find(r.Kind); ok && kind.Document && r.cutChain != (Chain{}) {
		w.reportFlaw(r.cut, "the history of a document is cut off here, which never happens")
	}
	return w
}

func (w *walk) reportFlaw(version int64, problem string) {
	w.found(Flaw{w.key.Kind, w.key.ID, version, problem})
}

// checkEarlier looks at the next row of the history.
func (w *walk) checkEarlier(r row) {
	if w.current != nil && r.Version >= w.current.Version {
		w.reportFlaw(r.Version, "altered: the record has had no such version before its current one")
		return
	}
	w.checkVersion(r)
}

// checkCurrent looks at the current version. A walk that never began has none.
func (w *walk) checkCurrent() {
	switch {
	case w == nil:
	case w.current == nil:
		w.reportFlaw(w.next, "missing: the record itself is not there, its history is")
	default:
		w.checkVersion(*w.current)
	}
}

func (w *walk) checkVersion(r row) {
	switch {
	case r.Version == w.next+1:
		w.reportFlaw(w.next, "missing")
	case r.Version > w.next:
		w.reportFlaw(w.next, fmt.Sprintf("missing, with all up to version %d", r.Version-1))
	case r.Version < w.next:
		w.reportFlaw(r.Version, "altered: its version has been there before")
	}
	computed := w.stored.Extend(w.organization, w.key, &r.VersionHead, r.receivedAt)
	fits := computed == r.chain || w.computed.Extend(w.organization, w.key, &r.VersionHead, r.receivedAt) == r.chain
	switch {
	case !r.sound:
		w.reportFlaw(r.Version, "altered: its data does not fit its hash")
	case !fits && r.Version == w.next: // else the chain before it is not known
		w.reportFlaw(r.Version, "altered: it does not fit the chain of hashes")
	}
	w.next, w.stored, w.computed = r.Version+1, r.chain, computed
}
