package scan_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/source"
	_ "github.com/interpos/cabinet/internal/agent/source/sqlite"
	"github.com/interpos/cabinet/internal/agent/state"
)

var (
	ctx = context.Background()
	now = time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)
)

// units is a kind of a source, with room for its keys and a state.
type units struct {
	*testing.T
	db     *sql.DB
	source source.Source
	reader *extract.Extractor
	room   *scratch.DB
	state  *state.State
}

func newUnits(t *testing.T, rows string) *units {
	t.Helper()
	u := &units{T: t}
	path := filepath.Join(t.TempDir(), "pos.db")
	var err error
	u.db, err = sql.Open("sqlite", path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = u.db.Close() })
	u.exec("CREATE TABLE t (id, at TEXT)")
	u.exec(rows)
	plan, err := mapping.Parse("m.yaml", []byte("source: {driver: sqlite, dsn: '"+path+"'}\nkinds: {unit: {query: SELECT * FROM t, key: id, modified_at: at, fields: {name: id}}}"))
	require.NoError(t, err)
	src, err := source.Open(ctx, plan.Driver, plan.DSN)
	require.NoError(t, err)
	t.Cleanup(func() { _ = src.Close() })
	u.source = src
	u.reader, err = extract.New(ctx, "m.yaml", src, &plan.Kinds[0], extract.Namespaces{Source: uuid.NameSpaceDNS, Shared: uuid.NameSpaceDNS}, time.UTC)
	require.NoError(t, err)
	u.room, err = scratch.Open(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, u.room.Close()) })
	u.state, err = state.Open(ctx, filepath.Join(t.TempDir(), "agent.state"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, u.state.Close()) })
	return u
}

func (u *units) exec(statement string) {
	u.Helper()
	_, err := u.db.Exec(statement)
	require.NoError(u, err)
}

func (u *units) list() *scan.Listing {
	u.Helper()
	listing, err := scan.List(ctx, u.room, u.reader, nil, now)
	require.NoError(u, err)
	return listing
}

func (u *units) record(key string) state.Record {
	u.Helper()
	value := source.Value{Type: source.Number, Text: key}
	id, err := u.reader.ID(value)
	require.NoError(u, err)
	return state.Record{ID: id, Key: value, Hash: []byte("h"), Status: state.Accepted}
}

// gather collects the texts of keys as they come.
func gather(texts *[]string) func([]source.Value) error {
	return func(keys []source.Value) error {
		for _, key := range keys {
			*texts = append(*texts, key.Text)
		}
		return nil
	}
}

func TestRowsComeInTheOrderOfTheirMarksAndWhatIsDueBefore(t *testing.T) {
	u := newUnits(t, `INSERT INTO t VALUES (1, '2026-05-25 11:00:00'), (2, '2026-05-25 10:00:00'), (3, NULL),
		(4, '2026-05-25T12:30:00+02:00'), (5, '2094-01-01 00:00:00'), ('6', '2026-05-25 11:00:00')`)
	listing := u.list()
	require.Equal(t, 6, listing.Rows)
	require.Equal(t, "2026-05-25 11:00:00", listing.Newest.Text, "a clock that ran wild is not believed")
	deleted := u.record("8")
	deleted.Deleted = true
	require.NoError(t, listing.AddDue(ctx, []state.Record{u.record("7"), u.record("6"), deleted}))
	require.NoError(t, listing.AddDue(ctx, []state.Record{u.record("7")}))
	require.Equal(t, 1, listing.Due, "what is listed anyway is not due, nor is a deletion")
	var keys []string
	require.NoError(t, listing.Keys(ctx, gather(&keys)))
	require.Equal(t, []string{"7", "3", "2", "4", "1", "6", "5"}, keys)
}

// Nobody knows which of two rows is right: neither is read, and their record has not vanished.
func TestAKeyThatStandsTwiceHoldsUpNobodyElse(t *testing.T) {
	u := newUnits(t, "INSERT INTO t VALUES (1, NULL), (2, NULL), ('2', NULL), (NULL, NULL)")
	listing := u.list()
	require.Equal(t, 2, listing.Refused)
	require.Equal(t, extract.KeyMissing, listing.Refusals[0].Code)
	require.Equal(t, "the key 2 stands in more than one row: a join in the query may double rows", listing.Refusals[1].Text)
	var keys []string
	require.NoError(t, listing.Keys(ctx, gather(&keys)))
	require.Equal(t, []string{"1"}, keys)
	require.NoError(t, u.state.Acknowledge(ctx, "unit", []state.Record{u.record("2"), u.record("3")}, ""))
	missing, err := listing.Missing(ctx, u.state)
	require.NoError(t, err)
	require.Equal(t, 1, missing.Alive)
	u.exec("DELETE FROM t WHERE id = '2'")
	require.Equal(t, 3, u.list().Rows)
}

func TestNewRowsOfAKindWithoutMarksAreListedByTheirKeys(t *testing.T) {
	u := newUnits(t, "INSERT INTO t VALUES (9, NULL), (10, NULL), ('text', NULL)")
	plan, err := mapping.Parse("m.yaml", []byte("source: {driver: sqlite, dsn: x}\nkinds: {unit: {query: SELECT * FROM t, key: id, fields: {name: id}}}"))
	require.NoError(t, err)
	u.reader, err = extract.New(ctx, "m.yaml", u.source, &plan.Kinds[0], extract.Namespaces{}, time.UTC)
	require.NoError(t, err)
	listing := u.list()
	require.Equal(t, "10", listing.Newest.Text, "as a number")
	u.exec("INSERT INTO t VALUES (11, NULL)")
	listing, err = scan.List(ctx, u.room, u.reader, listing.Newest, now)
	require.NoError(t, err)
	var keys []string
	require.NoError(t, listing.Keys(ctx, gather(&keys)))
	require.ElementsMatch(t, []string{"10", "11", "text"}, keys)
}

func TestWhatWasSeenUnderItsMarkIsNotReadAgain(t *testing.T) {
	u := newUnits(t, `INSERT INTO t VALUES (1, '2026-05-25 11:00:00'), (2, '2026-05-25 11:59:58'), (3, NULL)`)
	seen, err := scan.NewSeen(ctx, u.room)
	require.NoError(t, err)
	unseen := func() (keys []string) {
		require.NoError(t, seen.UnseenKeys(ctx, u.list(), gather(&keys)))
		return keys
	}
	require.Equal(t, []string{"3", "1", "2"}, unseen())
	require.NoError(t, seen.Remember(ctx, u.list(), now))
	require.Equal(t, []string{"3", "2"}, unseen(), "one has no mark, and one may change again under its own")
	u.exec("UPDATE t SET at = '2026-05-25 11:30:00' WHERE id = 1")
	require.Equal(t, []string{"3", "1", "2"}, unseen())
	require.NoError(t, seen.Remember(ctx, u.list(), now.Add(time.Minute)))
	require.Equal(t, []string{"3"}, unseen())
	require.NoError(t, seen.Forget(ctx))
	require.Len(t, unseen(), 3)
}

// Ids are merged page by page; the source has more, and the state has more.
func TestMissingIsWhatWasSentAndIsNotListed(t *testing.T) {
	u := newUnits(t, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i, NULL FROM n WHERE i % 3 > 0")
	var sent []state.Record
	want := map[uuid.UUID]bool{}
	alive := 0
	for i := 1; i <= 3500; i++ {
		if i%2 == 0 {
			continue // it was never sent
		}
		r := u.record(fmt.Sprint(i))
		gone := i%3 == 0 || i > 3000
		switch {
		case i%5 == 0: // its deletion was sent
			r.Deleted = true
		case i%7 == 0: // its deletion waits
			r.Deleted, r.Status = true, state.Waiting
			want[r.ID] = gone
		default:
			want[r.ID] = gone
			if gone {
				alive++
			}
		}
		sent = append(sent, r)
	}
	require.NoError(t, u.state.Acknowledge(ctx, "unit", sent, ""))
	missing, err := u.list().Missing(ctx, u.state)
	require.NoError(t, err)
	require.Equal(t, alive, missing.Alive)
	got := map[uuid.UUID]bool{}
	require.NoError(t, missing.Each(ctx, 100, func(ids []uuid.UUID) error {
		require.LessOrEqual(t, len(ids), 100)
		for _, id := range ids {
			require.True(t, want[id])
			got[id] = true
		}
		return nil
	}))
	for id, gone := range want {
		require.Equal(t, gone, got[id])
	}
}

func TestTheGuardStopsManyDeletionsOnly(t *testing.T) {
	require.NoError(t, scan.GuardDeletions("unit", 20, 0))
	require.NoError(t, scan.GuardDeletions("unit", 25, 75))
	require.ErrorContains(t, scan.GuardDeletions("unit", 26, 74), "unit: 26 of 100 records are missing in the source; nothing is deleted")
}
