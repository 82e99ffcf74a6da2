package source_test

import (
	"context"
	"database/sql"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/source"
)

const manyRows = `PRAGMA journal_mode = DELETE; CREATE TABLE t (k TEXT PRIMARY KEY COLLATE NOCASE, n INTEGER, at TEXT);
	WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 20000)
	INSERT INTO t SELECT printf('k%05d', n), n, '2026-01-01' FROM i; CREATE INDEX t_at ON t (at)`

// writeAsThePOS writes a row while the source is being read, as a POS does that waits 5 seconds at the most.
func writeAsThePOS(t *testing.T, db *sql.DB, key string) {
	t.Helper()
	conn, err := db.Conn(context.Background())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = conn.ExecContext(context.Background(), "PRAGMA busy_timeout = 5000")
	require.NoError(t, err)
	_, err = conn.ExecContext(context.Background(), "INSERT INTO t VALUES (?, 0, '2026-01-02')", key)
	require.NoError(t, err)
}

// The callback does not return before the POS has written: only an agent that ends its transaction gets on. Every
// row comes once all the same.
func TestAScanOfSQLiteGivesWayToThePOS(t *testing.T) {
	for name, order := range map[string]string{"by key": "k", "by mark": "at", "by nothing that has an index": "n"} {
		t.Run(name, func(t *testing.T) {
			db, src := file(t, manyRows)
			ctx := context.Background()
			selection := source.Selection{Query: "SELECT * FROM t", Columns: []string{"k", "n", "at"}, OrderBy: []string{order}}
			holds, err := src.Holds(ctx, selection)
			require.NoError(t, err)
			require.Equal(t, order == "n", holds)
			if holds {
				return
			}
			seen := map[string]int{}
			rows := 0
			require.NoError(t, src.Scan(ctx, selection, func(row source.Row) error {
				seen[row[0].Text]++
				if rows++; rows%5000 == 10 {
					writeAsThePOS(t, db, row[0].Text+"A")
				}
				return nil
			}))
			for key, times := range seen {
				require.Equal(t, 1, times, key)
			}
			require.GreaterOrEqual(t, len(seen), 20000)
		})
	}
}

// A POS may give one mark to all its rows at once: that place is not gone on from, and no row comes twice.
func TestAScanOfManyRowsInOnePlaceEndsWithoutGivingWay(t *testing.T) {
	db, src := file(t, manyRows+"; INSERT INTO t SELECT k || 'x', n, at FROM t")
	seen := map[string]int{}
	rows, late := 0, make(chan error, 1)
	require.NoError(t, src.Scan(context.Background(), source.Selection{Query: "SELECT * FROM t", Columns: []string{"k", "at"}, OrderBy: []string{"at"}}, func(row source.Row) error {
		seen[row[0].Text]++
		switch rows++; rows {
		case 5000:
			writeAsThePOS(t, db, "zz")
		case 30_000:
			go func() {
				late <- errOf(db.Exec("PRAGMA busy_timeout = 20000; INSERT INTO t VALUES ('zzz', 0, '2026-01-02')"))
			}()
			time.Sleep(50 * time.Millisecond)
		}
		return nil
	}))
	require.NoError(t, <-late)
	require.Len(t, seen, 40_001)
	require.Equal(t, 40_001, rows)
}

func errOf(_ sql.Result, err error) error { return err }

// A reading of some rows begins anew, and gives way less and less, so that it comes to an end.
func TestAReadingOfSQLiteBeginsAnewAfterThePOS(t *testing.T) {
	db, src := file(t, manyRows)
	ctx := context.Background()
	require.Zero(t, src.RowsAtOnce())
	tries, rows := 0, 0
	require.NoError(t, src.Read(ctx, func(reader source.Reader) error {
		tries++
		rows = 0
		return reader.Select(ctx, source.Selection{Query: "SELECT * FROM t", Columns: []string{"k"}}, func(source.Row) error {
			if rows++; rows == 10 && tries < 4 {
				writeAsThePOS(t, db, string(rune('a'+tries)))
			}
			return nil
		})
	}))
	require.Equal(t, 4, tries)
	require.Equal(t, 20003, rows, "one state of the database, the last one")
	require.Equal(t, 100, src.RowsAtOnce(), "short readings while the POS is at work")
}

func TestADatabaseWithAWriteAheadLogIsReadAtOnce(t *testing.T) {
	_, src := file(t, "PRAGMA journal_mode = WAL; CREATE TABLE t (k INTEGER); INSERT INTO t VALUES (1)")
	require.Zero(t, src.RowsAtOnce())
	holds, err := src.Holds(context.Background(), source.Selection{Query: "SELECT * FROM t", Columns: []string{"k"}, OrderBy: []string{"k"}})
	require.NoError(t, err)
	require.False(t, holds)
}

// BenchmarkWritesOfThePOS says how long the POS's writes take, alone and while the source is scanned over and
// over: the 99th percentile of each, and their ratio.
func BenchmarkWritesOfThePOS(b *testing.B) {
	var alone time.Duration
	for _, beside := range []bool{false, true} {
		b.Run(map[bool]string{false: "alone", true: "beside"}[beside], func(b *testing.B) {
			db, src := fileOf(b, manyRows)
			if _, err := db.Exec("PRAGMA busy_timeout = 5000"); err != nil {
				b.Fatal(err)
			}
			db.SetMaxOpenConns(1)
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan struct{})
			go func() {
				defer close(done)
				for beside && ctx.Err() == nil {
					_ = src.Scan(ctx, source.Selection{Query: "SELECT * FROM t", Columns: []string{"k"}, OrderBy: []string{"k"}}, func(source.Row) error { return nil })
				}
			}()
			var took []time.Duration
			for b.Loop() {
				time.Sleep(5 * time.Millisecond) // a cashier is slower still
				started := time.Now()
				if _, err := db.Exec("UPDATE t SET n = n + 1 WHERE k = 'k00500'"); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(started))
			}
			cancel()
			<-done
			slices.Sort(took)
			p99 := took[len(took)*99/100]
			b.ReportMetric(float64(p99.Microseconds())/1000, "p99-ms")
			if !beside {
				alone = p99
			} else if alone > 0 {
				b.ReportMetric(float64(p99)/float64(alone), "p99-ratio")
			}
		})
	}
}
