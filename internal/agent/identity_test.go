//go:build linux

package agent_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/agent/cli"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// shopMapping reads a till of two tables.
const shopMapping = `source: {driver: sqlite, dsn: pos.db}
kinds:
  product: {query: SELECT * FROM goods, key: id, %sfields: {name: title, type: {value: dish}}}
  receipt:
    query: SELECT * FROM checks
    key: id
    fields: {number: id, occurred_at: at, closed_at: at, type: {value: sale}, total: total}
    lists:
      lines: {query: 'SELECT * FROM checks', key: id, parent: id, fields: {product_id: good_id, name: title, quantity: {value: 1}, price: total, total: total}}
      payments: {query: SELECT * FROM checks, parent: id, fields: {payment_type_id: {value: 1, ref: payment_type}, amount: total}}
`

// newShop is a till that counts from 1, with a product and receipts of these totals.
func newShop(t *testing.T, product, sharing string, minute int, totals ...int) *outlet {
	t.Helper()
	v := &outlet{T: t, dir: t.TempDir()}
	v.config = filepath.Join(v.dir, "agent.yaml")
	var err error
	v.db, err = sql.Open("sqlite", filepath.Join(v.dir, "pos.db")+"?_pragma=busy_timeout(20000)")
	require.NoError(t, err)
	t.Cleanup(func() { _ = v.db.Close() })
	v.exec("CREATE TABLE goods (id INTEGER PRIMARY KEY, title TEXT)")
	v.exec("CREATE TABLE checks (id INTEGER PRIMARY KEY, at TEXT, good_id INTEGER, title TEXT, total INTEGER)")
	v.exec("INSERT INTO goods VALUES (1, ?)", product)
	for i, total := range totals {
		v.exec("INSERT INTO checks VALUES (?, ?, 1, ?, ?)", i+1, fmt.Sprintf("2026-05-25 12:%02d:00", minute+i), product, total)
	}
	require.NoError(t, os.WriteFile(filepath.Join(v.dir, "m.yaml"), []byte(fmt.Sprintf(shopMapping, sharing)), 0o600))
	return v
}

// init runs `agent init`, with these answers in a terminal, or without one.
func (v *outlet) init(c *cabinet, answers string, flags ...string) (code int, out string) {
	v.Helper()
	var text bytes.Buffer
	args := append([]string{"init", "--url", c.url, "--key", c.key, "--config", v.config, "--mapping", filepath.Join(v.dir, "m.yaml")}, flags...)
	code = cli.Run(ctx, args, cli.Console{In: strings.NewReader(answers), Out: &text, Err: &text, Prompts: answers != ""})
	return code, text.String()
}

func (v *outlet) mustInit(c *cabinet, answers string, flags ...string) (out string) {
	v.Helper()
	code, out := v.init(c, answers, flags...)
	require.Equal(v, 0, code, out)
	return out
}

func (v *outlet) mustRun(args ...string) (out string) {
	v.Helper()
	code, out := v.run(args...)
	require.Equal(v, 0, code, out)
	return out
}

// Two outlets of one organization, each with a database that counts from 1: both stand in the figures, and
// each is equal to the cabinet.
func TestTwoDatabasesThatCountFromOneStandBesideEachOther(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	first, second := newShop(t, "Капучино", "", 0, 10, 20), newShop(t, "Чай", "", 7, 4, 5)
	require.Contains(t, first.mustInit(c, "", "--source", "Ленина, 5"), "called «Ленина, 5» there from now on")
	first.mustRun("sync")
	require.Contains(t, second.mustInit(c, "", "--source", "Мира, 1"), "called «Мира, 1» there from now on")
	second.mustRun("sync")
	totals := c.sales()
	require.Equal(t, "39", totals.NetSales.String())
	require.Equal(t, 4, totals.Receipts)
	for _, v := range []*outlet{first, second} {
		require.Contains(t, v.mustRun("verify"), "The cabinet holds the same as the source.")
		v.mustRun("verify", "--repair")
	}
	require.Equal(t, totals, c.sales(), "a repair leaves another source's records alone")
	first.exec("UPDATE goods SET title = 'Эспрессо'")
	first.exec("DELETE FROM checks WHERE id = 1")
	first.mustRun("sync")
	second.mustRun("verify")
}

// Where nobody says which database it is, it is asked, and nothing is written before the answer.
func TestAnotherDatabaseIsNeverTakenForTheFirst(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	first := newShop(t, "Капучино", "", 0, 10, 20)
	first.mustInit(c, "", "--source", "Ленина, 5")
	first.mustRun("sync")
	second := newShop(t, "Чай", "", 7, 4, 5)
	code, out := second.init(c, "")
	require.Equal(t, 1, code)
	require.Contains(t, out, "which database of the organization is this? Known are:\n  Ленина, 5 (computer ")
	require.NoFileExists(t, second.config)
	code, out = second.init(c, "", "--source", "ленина, 5")
	require.Equal(t, 1, code)
	require.Contains(t, out, "This database is another one than what is known as «Ленина, 5»: of 2 rows that are known of that one, 2 are others here (receipt ")
	require.NoFileExists(t, second.config)
	code, out = second.init(c, "1\nn\n")
	require.Equal(t, 1, code, out)
	require.Contains(t, out, "Go on all the same? [y/N]")
	require.NoFileExists(t, second.config)
	require.Contains(t, second.mustInit(c, "7\n0\nМира, 1\n"), "called «Мира, 1»")
	second.mustRun("sync")
	require.Equal(t, 4, c.sales().Receipts)
}

// An agent that is installed again on another computer finds its database again by what stands in it.
func TestAReinstalledAgentFindsItsDatabaseAgain(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	first, second := newShop(t, "Капучино", "", 0, 10, 20), newShop(t, "Чай", "", 7, 4, 5)
	for name, v := range map[string]*outlet{"Ленина, 5": first, "Мира, 1": second} {
		v.mustInit(c, "", "--source", name)
		v.mustRun("sync")
	}
	want, _ := c.feed()
	for name, v := range map[string]*outlet{"Ленина, 5": first, "Мира, 1": second} {
		for _, file := range []string{"agent.yaml", "agent.state"} {
			require.NoError(t, os.Remove(filepath.Join(v.dir, file)))
		}
		require.Contains(t, v.mustInit(c, ""), "This database is known there as «"+name+"»")
		require.Contains(t, v.mustRun("sync"), "0 sent")
		require.Contains(t, v.mustRun("verify"), "The cabinet holds the same as the source.")
	}
	got, _ := c.feed()
	require.Equal(t, want, got)
	code, out := first.init(c, "", "--source", "Новая")
	require.Equal(t, 1, code)
	require.Contains(t, out, "This database is known already, as «Ленина, 5»")
}

// A folder that was copied to another computer, with the configuration and the state in it, reads another database:
// it is stopped before it sends anything.
func TestACopiedAgentIsStoppedAtAnotherDatabase(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	first, second := newShop(t, "Капучино", "", 0, 10, 20), newShop(t, "Чай", "", 7, 4, 5)
	first.mustInit(c, "", "--source", "Ленина, 5")
	first.mustRun("sync")
	want, _ := c.feed()
	for _, file := range []string{"agent.yaml", "agent.state"} {
		text, err := os.ReadFile(filepath.Join(first.dir, file))
		require.NoError(t, err)
		text = bytes.ReplaceAll(text, []byte(first.dir), []byte(second.dir))
		require.NoError(t, os.WriteFile(filepath.Join(second.dir, file), text, 0o600))
	}
	for _, command := range [][]string{{"sync"}, {"sync", "--full"}, {"verify"}, {"verify", "--repair"}} {
		code, out := second.run(command...)
		require.Equal(t, 1, code)
		require.Contains(t, out, "this is another database than the one that «Булочная» knows as «Ленина, 5»")
		require.Contains(t, out, "agent init --source NAME")
	}
	got, _ := c.feed()
	require.Equal(t, want, got)
	second.mustInit(c, "", "--source", "Мира, 1")
	second.mustRun("sync")
	require.Equal(t, 4, c.sales().Receipts)
	first.mustRun("verify")
}

// The first documents of a database are evidence as soon as they are there.
func TestANewDatabaseIsKnownByItsFirstDocuments(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	first, second := newShop(t, "Капучино", "", 0), newShop(t, "Капучино", "", 7, 4, 5)
	first.mustInit(c, "", "--source", "Ленина, 5")
	first.mustRun("sync")
	first.exec("INSERT INTO checks VALUES (1, '2026-05-25 12:00:00', 1, 'Капучино', 10)")
	first.mustRun("sync")
	code, out := second.init(c, "", "--source", "Ленина, 5")
	require.Equal(t, 1, code)
	require.Contains(t, out, "This database is another one than what is known as «Ленина, 5»: of 1 rows")
}

// What was synchronized before sources had names keeps its ids; of two agents that went over each other, the
// second is stopped.
func TestWhatIsSynchronizedKeepsItsIDs(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	first, second := newShop(t, "Капучино", "", 0, 10, 20), newShop(t, "Чай", "", 7, 4, 5, 6)
	for _, v := range []*outlet{first, second} { // two agents as they were: nobody asked
		v.mustInit(c, "", "--source", "old", "--confirm-source")
		v.mustRun("sync")
		v.forgetSource()
		dbtest.Exec(t, c.dsn, "UPDATE sources SET evidence = ''")
	}
	dbtest.Exec(t, c.dsn, "UPDATE sources SET name = 'main'")
	require.Equal(t, 3, c.sales().Receipts, "one has gone over the other")

	require.Contains(t, first.mustRun("sync"), "0 sent")
	code, out := second.run("sync")
	require.Equal(t, 1, code)
	require.Contains(t, out, "this is another database than the one that «Булочная» knows as «main»")
	second.mustInit(c, "", "--source", "Мира, 1")
	second.mustRun("sync")
	code, out = first.run("verify")
	require.Equal(t, 1, code)
	require.Contains(t, out, "KEPT: 1 receipt", "what the second has left under the ids of the first")
	first.mustRun("verify", "--repair", "--yes")
	require.Equal(t, "45", c.sales().NetSales.String())
	require.Equal(t, 5, c.sales().Receipts)
	first.mustRun("verify")
	second.mustRun("verify")
}

// forgetSource makes configuration and state what they were before there were sources.
func (v *outlet) forgetSource() {
	v.Helper()
	config, err := agent.LoadConfig(v.config)
	require.NoError(v, err)
	config.SourceID, config.SourceName = uuid.Nil, ""
	require.NoError(v, config.Save(v.config))
	memory, err := sql.Open("sqlite", filepath.Join(v.dir, "agent.state"))
	require.NoError(v, err)
	_, err = memory.Exec("DELETE FROM facts WHERE name IN ('source', 'evidence_at')")
	require.NoError(v, err)
	require.NoError(v, memory.Close())
}

// Directories that the mapping shares are one for all databases; each verifies as equal.
func TestSharedDirectoriesAreOneForAllDatabases(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	const sharing = "shared: true, "
	first, second := newShop(t, "Капучино", sharing, 0, 10, 20), newShop(t, "Капучино", sharing, 7, 4, 5)
	for name, v := range map[string]*outlet{"Ленина, 5": first, "Мира, 1": second} {
		v.mustInit(c, "", "--source", name)
		v.mustRun("sync")
	}
	products := 0
	records, _ := c.feed()
	for _, record := range records {
		if record.Kind == "product" {
			products++
		}
	}
	require.Equal(t, 1, products)
	require.Equal(t, 4, c.sales().Receipts)
	for _, v := range []*outlet{first, second} {
		v.mustRun("verify")
	}
	first.exec("DELETE FROM goods")
	first.mustRun("sync", "--full")
	require.Contains(t, second.mustRun("verify"), "The cabinet holds the same as the source.", "one source's deletion is not another's")
}

// A cabinet that was restored from a backup of before a source was named takes it up again under its id.
func TestARestoredCabinetLearnsOfItsSourcesAgain(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	first, second := newShop(t, "Капучино", "", 0, 10, 20), newShop(t, "Чай", "", 7, 4, 5)
	first.mustInit(c, "", "--source", "Ленина, 5")
	first.mustRun("sync")
	second.mustInit(c, "", "--source", "Мира, 1")
	second.mustRun("sync")
	dbtest.Exec(t, c.dsn, "DELETE FROM sources WHERE name = 'Мира, 1'")
	require.Contains(t, second.mustRun("sync"), "0 sent")
	second.mustRun("verify")
	require.Equal(t, 4, c.sales().Receipts)
}
