package sync_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/push"
)

// kept is a version of a record as the tables hold it.
type kept struct {
	Version int64
	Data    string
	Device  uuid.UUID
}

// history reads the earlier versions of a record, and the current one.
func (v outlet) history(id uuid.UUID) (versions []kept) {
	v.Helper()
	v.query(`
		SELECT version, data, device_id FROM record_history WHERE organization_id = $1 AND id = $2
		UNION ALL SELECT version, data, device_id FROM records WHERE organization_id = $1 AND id = $2
		ORDER BY version`, func(rows pgx.Rows) (err error) {
		versions, err = pgx.CollectRows(rows, pgx.RowToStructByPos[kept])
		return err
	}, id)
	return versions
}

// query asks within the organization, which is $1.
func (v outlet) query(statement string, read func(rows pgx.Rows) error, args ...any) {
	v.Helper()
	err := v.db.ForOrganization(context.Background(), v.organization, func(tx db.Tx) error {
		rows, err := tx.Query(context.Background(), statement, append([]any{v.organization}, args...)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		return read(rows)
	})
	require.NoError(v, err)
}

// count is the number that a query gives.
func (v outlet) count(statement string, args ...any) (count int) {
	v.Helper()
	v.query(statement, func(rows pgx.Rows) (err error) {
		count, err = pgx.CollectExactlyOneRow(rows, pgx.RowTo[int])
		return err
	}, args...)
	return count
}

// chained holds every chain against what SQL makes of the row and of the chain
// before it.
func (v outlet) chained() {
	v.Helper()
	broken := v.count(`
		WITH versions AS (
			SELECT kind, id, version, seq, modified_at, received_at, device_id, deleted, hash, chain FROM record_history WHERE organization_id = $1
			UNION ALL
			SELECT kind, id, version, seq, modified_at, received_at, device_id, deleted, hash, chain FROM records WHERE organization_id = $1)
		SELECT count(*)::int FROM (
			SELECT *, coalesce(lag(chain) OVER (PARTITION BY kind, id ORDER BY version), decode(repeat('00', 32), 'hex')) AS before FROM versions) v
		WHERE chain <> record_chain(before, $1, kind, id, version, seq, modified_at, received_at, device_id, deleted, hash)`)
	require.Zero(v, broken, "chains that do not fit their rows")
}

func TestAChangedRecordKeepsEveryEarlierVersion(t *testing.T) {
	v := newOutlet(t)
	till, office, id := uuid.New(), uuid.New(), uuid.New()
	v.push(till, unit(id, "kg", clock))
	require.Len(t, v.history(id), 1)
	v.push(till, unit(id, "kg", clock))
	require.Len(t, v.history(id), 1, "a repeat is no version")
	v.push(office, unit(id, "kilo", clock.Add(time.Minute)))
	v.push(till, unit(id, "stale", clock))
	v.push(till, sent{"kind": "unit", "id": id, "modified_at": clock.Add(time.Hour), "deleted": true})
	require.Equal(t, []kept{
		{1, `{"name":"kg"}`, till}, {2, `{"name":"kilo"}`, office}, {3, `{}`, till},
	}, v.history(id))
	v.chained()
}

func TestEachChangeOfOnePushIsAVersion(t *testing.T) {
	v := newOutlet(t)
	device, known, fresh := uuid.New(), uuid.New(), uuid.New()
	v.push(device, unit(known, "0", clock))
	results := v.push(device,
		unit(fresh, "1", clock), unit(known, "1", clock.Add(time.Minute)),
		unit(fresh, "2", clock.Add(time.Minute)), unit(fresh, "2", clock.Add(time.Hour)), // a later time, the same content
		unit(known, "2", clock.Add(time.Hour)), unit(fresh, "3", clock.Add(2*time.Hour)))
	require.Equal(t, []push.Status{push.Applied, push.Applied, push.Applied, push.Unchanged, push.Applied, push.Applied}, statuses(results))
	require.Equal(t, []kept{{1, `{"name":"0"}`, device}, {2, `{"name":"1"}`, device}, {3, `{"name":"2"}`, device}}, v.history(known))
	require.Equal(t, []kept{{1, `{"name":"1"}`, device}, {2, `{"name":"2"}`, device}, {3, `{"name":"3"}`, device}}, v.history(fresh))
	v.chained()
}

func TestALaterTimeOfEqualContentKeepsTheChain(t *testing.T) {
	v := newOutlet(t)
	low, high := uuid.MustParse("00000000-0000-4000-8000-000000000001"), uuid.MustParse("f0000000-0000-4000-8000-000000000001")
	first, changed := uuid.New(), uuid.New()
	v.push(low, unit(first, "kg", clock), unit(changed, "l", clock))
	v.push(low, unit(changed, "litre", clock.Add(time.Minute)))
	v.push(high, unit(first, "kg", clock.Add(time.Hour)), unit(changed, "litre", clock.Add(time.Hour)))
	require.Equal(t, []kept{{1, `{"name":"kg"}`, high}}, v.history(first), "when and from where, but no version")
	v.chained()
	v.push(low, unit(changed, "liter", clock.Add(2*time.Hour)))
	require.Len(t, v.history(changed), 3)
	v.chained()
}

func TestHistoryOfAnotherOrganizationIsOutOfReach(t *testing.T) {
	mine := newOutlet(t)
	theirs := newOutletIn(mine)
	id := uuid.New()
	theirs.push(uuid.New(), unit(id, "secret", clock))
	theirs.push(uuid.New(), unit(id, "secret too", clock.Add(time.Minute)))
	require.Len(t, theirs.history(id), 2)
	require.Empty(t, mine.history(id))
	require.Zero(t, mine.count(`SELECT count(*)::int FROM record_history WHERE $1::uuid IS NOT NULL`), "the scope holds where a query forgets it")
}
