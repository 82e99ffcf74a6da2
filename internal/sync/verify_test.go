package sync_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/sync"
)

// versioned makes one record of four versions, beside others.
func (v outlet) versioned() (id uuid.UUID) {
	v.Helper()
	id = uuid.New()
	for i := range 4 {
		at := clock.Add(time.Duration(i) * time.Minute)
		v.push(uuid.New(), unit(uuid.New(), "beside", at), unit(id, fmt.Sprint("name ", i+1), at))
	}
	return id
}

// verify lists what is wrong with the history, as "version: problem".
func (v outlet) verify() (flaws []string, verified sync.Verified) {
	v.Helper()
	verified, err := sync.VerifyHistory(context.Background(), v.db, v.organization, func(f sync.Flaw) {
		flaws = append(flaws, fmt.Sprintf("%d: %s", f.Version, f.Problem))
	})
	require.NoError(v, err)
	return flaws, verified
}

// tamper changes rows behind the server's back. The organization is $1.
func (v outlet) tamper(statement string, args ...any) {
	v.Helper()
	err := v.db.ForOrganization(context.Background(), v.organization, func(tx db.Tx) error {
		done, err := tx.Exec(context.Background(), statement, append([]any{v.organization}, args...)...)
		if err == nil && done.RowsAffected() == 0 {
			err = fmt.Errorf("nothing to tamper with: %s", statement)
		}
		return err
	})
	require.NoError(v, err)
}

func TestAnUntouchedHistoryVerifies(t *testing.T) {
	v := newOutlet(t)
	v.versioned()
	flaws, verified := v.verify()
	require.Empty(t, flaws)
	require.Equal(t, sync.Verified{Records: 5, Earlier: 3}, verified)
	_, err := sync.VerifyHistory(t.Context(), v.db, uuid.New(), nil)
	require.Equal(t, fault.NotFound, fault.CodeOf(err), "a mistyped organization is no verified one")
}

const (
	badData  = "altered: its data does not fit its hash"
	badChain = "altered: it does not fit the chain of hashes"
)

func TestEveryAlteredColumnIsFound(t *testing.T) {
	shared := newOutlet(t)
	alterations := map[string]struct{ set, history, record string }{
		"kind":        {"'outlet'", "2: missing", "4: missing: the record itself is not there, its history is"},
		"id":          {"gen_random_uuid()", "2: missing", "4: missing: the record itself is not there, its history is"},
		"version":     {"version + 7", "2: missing", "4: missing, with all up to version 10"},
		"seq":         {"seq + 1000", "2: " + badChain, "4: " + badChain},
		"modified_at": {"modified_at - interval '1 microsecond'", "2: " + badChain, "4: " + badChain},
		"received_at": {"received_at + interval '1 microsecond'", "2: " + badChain, "4: " + badChain},
		"device_id":   {"gen_random_uuid()", "2: " + badChain, "4: " + badChain},
		"deleted":     {"NOT deleted", "2: " + badData, "4: " + badData},
		"hash":        {"sha256(hash)", "2: " + badData, "4: " + badData},
		"data":        {"replace(data, 'name ', 'other ')", "2: " + badData, "4: " + badData},
		"chain":       {"sha256(chain)", "2: " + badChain, "4: " + badChain},
	}
	for _, table := range []string{"record_history", "records"} {
		var columns []string
		shared.query(`SELECT column_name::text FROM information_schema.columns
			WHERE $1::uuid IS NOT NULL AND table_schema = 'public' AND table_name = $2 AND column_name NOT IN ('organization_id', 'bucket')`,
			func(rows pgx.Rows) (err error) {
				columns, err = pgx.CollectRows(rows, pgx.RowTo[string])
				return err
			}, table)
		for _, column := range columns {
			t.Run(table+" "+column, func(t *testing.T) {
				v := newOutletIn(outlet{t, shared.cabinet, shared.db, uuid.Nil})
				id := v.versioned()
				alteration, known := alterations[column]
				require.True(t, known, "a column that no alteration is tried on")
				version, want := 2, alteration.history
				if table == "records" {
					version, want = 4, alteration.record
				}
				v.tamper(`UPDATE `+table+` SET `+column+` = `+alteration.set+` WHERE organization_id = $1 AND id = $2 AND version = $3`, id, version)
				flaws, _ := v.verify()
				require.Contains(t, flaws, want)
				if strings.HasSuffix(want, badChain) || strings.HasSuffix(want, badData) {
					require.Len(t, flaws, 1, "its neighbours are not blamed")
				}
			})
		}
	}
}

func TestContentReplacedWithItsHashIsFound(t *testing.T) {
	v := newOutlet(t)
	id := v.versioned()
	v.tamper(`UPDATE record_history SET data = '{"name":"forged"}',
		hash = sha256(uuid_send(id) || '\x00' || convert_to('{"name":"forged"}', 'UTF8'))
		WHERE organization_id = $1 AND id = $2 AND version = 1`, id)
	flaws, _ := v.verify()
	require.Equal(t, []string{"1: " + badChain}, flaws)
}

func TestEveryRemovedRowIsFound(t *testing.T) {
	shared := newOutlet(t)
	for name, test := range map[string]struct {
		statement string
		flaws     []string
	}{
		"first":        {`DELETE FROM record_history WHERE organization_id = $1 AND id = $2 AND version = 1`, []string{"1: missing"}},
		"in between":   {`DELETE FROM record_history WHERE organization_id = $1 AND id = $2 AND version = 2`, []string{"2: missing"}},
		"last":         {`DELETE FROM record_history WHERE organization_id = $1 AND id = $2 AND version = 3`, []string{"3: missing"}},
		"all":          {`DELETE FROM record_history WHERE organization_id = $1 AND id = $2`, []string{"1: missing, with all up to version 3"}},
		"current":      {`DELETE FROM records WHERE organization_id = $1 AND id = $2`, []string{"4: missing: the record itself is not there, its history is"}},
		"one too many": {`INSERT INTO record_history SELECT (r).* FROM (SELECT jsonb_populate_record(h, '{"version": 9}') AS r FROM record_history h WHERE organization_id = $1 AND id = $2 AND version = 1) r`, []string{"9: altered: the record has had no such version before its current one"}},
	} {
		t.Run(name, func(t *testing.T) {
			v := newOutletIn(outlet{t, shared.cabinet, shared.db, uuid.Nil})
			id := v.versioned()
			v.tamper(test.statement, id)
			flaws, _ := v.verify()
			require.Equal(t, test.flaws, flaws)
		})
	}
}

func TestFlawsAreFoundOnEveryPage(t *testing.T) {
	v := newOutlet(t)
	const records = 2_100 // more than two pages
	device := uuid.New()
	first, second := make([]sent, records), make([]sent, records)
	for i := range first {
		id := uuid.New()
		first[i], second[i] = unit(id, "first", clock), unit(id, "second", clock.Add(time.Minute))
	}
	v.push(device, first...)
	v.push(device, second...)
	flaws, verified := v.verify()
	require.Empty(t, flaws)
	require.Equal(t, sync.Verified{Records: records, Earlier: records}, verified)

	const every = `organization_id = $1 AND substr(id::text, 3, 1) = `
	missing := v.count(`SELECT count(*)::int FROM records WHERE ` + every + `'1'`)
	orphans := v.count(`SELECT count(*)::int FROM records WHERE ` + every + `'2'`)
	v.tamper(`DELETE FROM record_history WHERE ` + every + `'1'`)
	v.tamper(`DELETE FROM records WHERE ` + every + `'2'`)
	flaws, _ = v.verify()
	counts := map[string]int{}
	for _, flaw := range flaws {
		counts[flaw]++
	}
	require.Equal(t, map[string]int{"1: missing": missing, "2: missing: the record itself is not there, its history is": orphans}, counts)
}
