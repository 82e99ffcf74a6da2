package sync_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/pull"
	"github.com/interpos/cabinet/internal/sync"
)

// archivedTable is a table with its columns, but for those that PostgreSQL computes.
type archivedTable struct{ Name, Columns string }

// archive takes backups of an organization's rows and brings them back, as a
// restore of the whole database would.
type archive struct {
	*testing.T
	owner  *pgx.Conn
	tables []archivedTable
	taken  int
}

func newArchive(t *testing.T, dsn string) *archive {
	t.Helper()
	owner, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = owner.Close(context.Background()) })
	rows, err := owner.Query(t.Context(), `
		SELECT table_name::text, string_agg(quote_ident(column_name), ', ') FILTER (WHERE is_generated = 'NEVER')
		FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE'
		GROUP BY table_name HAVING bool_or(column_name = 'organization_id')`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[archivedTable])
	require.NoError(t, err)
	for _, needed := range []string{"feeds", "feed_marks", "records"} {
		require.True(t, slices.ContainsFunc(tables, func(table archivedTable) bool { return table.Name == needed }), needed)
	}
	return &archive{T: t, owner: owner, tables: tables}
}

func (a *archive) backup(organization uuid.UUID) (number int) {
	a.Helper()
	a.taken++
	statements := ""
	for _, table := range a.tables {
		statements += fmt.Sprintf(`CREATE TEMP TABLE %s_%d AS SELECT %s FROM %s WHERE organization_id = '%s';`,
			table.Name, a.taken, table.Columns, table.Name, organization)
	}
	a.exec(statements)
	return a.taken
}

func (a *archive) restore(organization uuid.UUID, number int) {
	a.Helper()
	statements := "BEGIN;"
	for _, table := range a.tables {
		statements += fmt.Sprintf(`DELETE FROM %s WHERE organization_id = '%s'; INSERT INTO %s (%s) SELECT %s FROM %s_%d;`,
			table.Name, organization, table.Name, table.Columns, table.Columns, table.Name, number)
	}
	a.exec(statements + "COMMIT")
}

func (a *archive) exec(statements string) {
	a.Helper()
	_, err := a.owner.Exec(context.Background(), statements)
	require.NoError(a, err)
}

func openOutlet(t *testing.T, dsn string) (outlet, *db.DB) {
	t.Helper()
	database := dbtest.Open(t, dsn, 4)
	return outlet{T: t, cabinet: newCabinet(database, atClock), db: database}, database
}

// follower reads the feed by a cursor, and keeps what it was told.
type follower struct {
	pull    pull.Request
	records map[uuid.UUID]sync.Record
}

// follow reads one page, or begins again where the cursor has expired.
func (f *follower) follow(t *rapid.T, v outlet) (whole bool) {
	page, err := v.pull(f.pull)
	if fault.Is(err, fault.CursorExpired) {
		f.pull.Cursor, f.records = "", map[uuid.UUID]sync.Record{}
		return false
	}
	require.NoError(t, err)
	for _, r := range page.changes {
		f.records[r.ID] = r
	}
	f.pull.Cursor = page.cursor
	return !page.more
}

// check holds what the follower was told against what is there now. Times that
// were taken over for equal content are not told.
func (f *follower) check(t *rapid.T, v outlet) {
	now, _ := v.read("")
	for _, r := range now {
		if r.DeviceID != f.pull.NotDevice && (len(f.pull.Kinds) == 0 || f.pull.Kinds[0] == r.Kind) {
			told := f.records[r.ID]
			require.Equal(t, []any{r.Seq, r.Version, r.Deleted, r.Data}, []any{told.Seq, told.Version, told.Deleted, told.Data}, "a change was never told")
		}
	}
	if f.pull.NotDevice == uuid.Nil && len(f.pull.Kinds) == 0 {
		require.Len(t, f.records, len(now), "there are records that the feed does not hold")
	}
}

// source is a device with records of its own, and what was acknowledged of them.
type source struct {
	id     uuid.UUID
	cursor string
	book   map[uuid.UUID]sent
}

// send pushes, and finds the way back where the feed is not the one it knew.
func (s *source) send(t *rapid.T, v outlet, change sent) {
	_, feed, err := v.pushFrom(s.cursor, s.id, change)
	if fault.Is(err, fault.CursorExpired) {
		s.greet(t, v)
		_, feed, err = v.pushFrom(s.cursor, s.id, change)
	}
	require.NoError(t, err)
	s.cursor, s.book[change["id"].(uuid.UUID)] = feed.Cursor(), change
}

// greet sends everything again where the feed does not continue.
func (s *source) greet(t *rapid.T, v outlet) {
	greeting, err := v.feed.Greet(context.Background(), v.organization, sync.Hello{DeviceID: s.id, Cursor: s.cursor})
	require.NoError(t, err)
	s.cursor = greeting.Feed.Cursor()
	if greeting.Continues {
		return
	}
	for _, change := range s.book {
		_, _, err := v.pushFrom("", s.id, change)
		require.NoError(t, err)
	}
}

// Whatever the moment of a backup, of its restore, and of the pushes and reads
// around: a reader is told every change or that its cursor has expired, and a
// device learns that it has to send again.
func TestARestoredBackupHidesNothing(t *testing.T) {
	dsn := dbtest.DSN(t)
	v, database := openOutlet(t, dsn)
	backups := newArchive(t, dsn)
	rapid.Check(t, func(rt *rapid.T) {
		v.organization = dbtest.Organization(t, database)
		backups.exec("DISCARD TEMP") // those of the case before: all at once would need more locks than there are
		sources := []*source{{id: uuid.New()}, {id: uuid.New()}}
		var ids []uuid.UUID
		for _, s := range sources {
			s.book = map[uuid.UUID]sent{}
			ids = append(ids, uuid.New(), uuid.New(), uuid.New())
		}
		followers := []*follower{{}, {pull: pull.Request{Kinds: []string{"unit"}}}, {pull: pull.Request{NotDevice: sources[0].id}}}
		for _, f := range followers {
			f.records = map[uuid.UUID]sync.Record{}
		}
		var taken []int
		at := clock
		rt.Repeat(map[string]func(*rapid.T){
			"push": func(rt *rapid.T) {
				which := rapid.IntRange(0, len(ids)-1).Draw(rt, "record")
				at = at.Add(time.Second)
				change := unit(ids[which], rapid.StringMatching(`[a-z]{1,2}`).Draw(rt, "name"), at)
				if which%2 == 1 {
					change = change.with("kind", "outlet")
				}
				sources[which/3].send(rt, v, change.with("deleted", rapid.Bool().Draw(rt, "deleted")))
			},
			"push of many": func(rt *rapid.T) { // a page may end within it
				changes := make([]sent, rapid.IntRange(2, 6).Draw(rt, "changes"))
				for i := range changes {
					changes[i] = unit(uuid.New(), "kg", at)
				}
				v.push(uuid.New(), changes...)
			},
			"read": func(rt *rapid.T) {
				f := rapid.SampledFrom(followers).Draw(rt, "reader")
				f.pull.Limit = rapid.IntRange(1, 4).Draw(rt, "limit")
				if f.follow(rt, v) {
					f.check(rt, v)
				}
			},
			"backup": func(*rapid.T) {
				if len(taken) < 40 { // all are dropped in one transaction, whose locks are bounded
					taken = append(taken, backups.backup(v.organization))
				}
			},
			"restore": func(rt *rapid.T) {
				if len(taken) > 0 {
					backups.restore(v.organization, rapid.SampledFrom(taken).Draw(rt, "backup"))
				}
			},
		})
		for _, s := range sources {
			s.greet(rt, v)
			now, _ := v.read("")
			for id, change := range s.book {
				require.Contains(rt, contents(now), content(id, change), "acknowledged, and lost")
			}
		}
		for _, f := range followers {
			f.pull.Limit = 3
			for !f.follow(rt, v) {
				continue
			}
			f.check(rt, v)
		}
	})
}

func contents(records []sync.Record) (list []string) {
	for _, r := range records {
		list = append(list, r.ID.String()+string(r.Data))
	}
	return list
}

func content(id uuid.UUID, change sent) string {
	if change["deleted"] == true {
		return id.String() + "{}"
	}
	return fmt.Sprintf(`%s{"name":%q}`, id, change["data"].(sent)["name"])
}

func TestAPushFromALostPlaceIsRefused(t *testing.T) {
	dsn := dbtest.DSN(t)
	v, database := openOutlet(t, dsn)
	v.organization = dbtest.Organization(t, database)
	backups := newArchive(t, dsn)
	device := uuid.New()
	_, before, err := v.pushFrom("", device, unit(uuid.New(), "kg", clock))
	require.NoError(t, err)
	number := backups.backup(v.organization)
	_, lost, err := v.pushFrom(before.Cursor(), device, unit(uuid.New(), "l", clock))
	require.NoError(t, err)

	backups.restore(v.organization, number)
	v.push(uuid.New(), unit(uuid.New(), "m", clock))
	stored, _ := v.read("")
	_, _, err = v.pushFrom(lost.Cursor(), device, unit(uuid.New(), "g", clock))
	require.True(t, fault.Is(err, fault.CursorExpired), "%v", err)
	after, _ := v.read("")
	require.Equal(t, stored, after, "nothing of it is taken")
	_, _, err = v.pushFrom(before.Cursor(), device, unit(uuid.New(), "g", clock))
	require.NoError(t, err, "the feed goes on from what the backup held")
	_, _, err = v.pushFrom("made up", device, unit(uuid.New(), "g", clock))
	require.True(t, fault.Is(err, fault.Malformed), "%v", err)
}
