//go:build linux

package agent_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/agent/state"
)

// all counts the records that the source has.
const all = `SELECT (SELECT count(*) FROM units) + (SELECT count(*) FROM menu_groups) + (SELECT count(*) FROM items) + (SELECT count(*) FROM places)
	+ (SELECT count(*) FROM stores) + (SELECT count(*) FROM staff) + (SELECT count(*) FROM partners) + (SELECT count(*) FROM guests)
	+ (SELECT count(*) FROM pay_types) + (SELECT count(*) FROM discounts) + (SELECT count(*) FROM halls) + (SELECT count(*) FROM waste_reasons)
	+ (SELECT count(*) FROM shifts) + (SELECT count(*) FROM checks) + (SELECT count(*) FROM invoices) + (SELECT count(*) FROM write_offs)`

func TestEverythingIsSentOnceAndSumsAreEqual(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 6)
	require.Equal(t, sum(v.number(all)), v.sync(agent.Options{}))
	records, head := c.feed()
	require.Len(t, records, v.number(all))
	require.EqualValues(t, len(records), head)

	totals := c.sales()
	require.Equal(t, v.number("SELECT count(*) FROM checks WHERE kind = 'sale' AND state = 'closed'"), totals.Receipts)
	var net, taxes string
	require.NoError(t, v.db.QueryRow(`SELECT printf('%.2f', sum(sign * (total - tip - rounding - service - vat_on_top * vat_sum))), printf('%.2f', sum(sign * vat_sum))
		FROM (SELECT *, CASE kind WHEN 'sale' THEN 1 ELSE -1 END AS sign FROM checks WHERE state = 'closed')`).Scan(&net, &taxes))
	require.JSONEq(t, net, totals.NetSales.String())
	require.JSONEq(t, taxes, totals.Taxes.String())

	require.Equal(t, sum(0), v.sync(agent.Options{}), "the second time there is nothing to send")
	require.Equal(t, sum(0), v.sync(agent.Options{Full: true}))
}

func TestChangesAndDeletionsFollow(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	before, _ := c.feed()

	v.exec("UPDATE units SET title = 'Литр, иначе' WHERE short = 'л'")
	v.exec("UPDATE items SET price = 999.99, changed_at = '2026-05-26T10:00:00+03:00' WHERE id = 100")
	v.exec("UPDATE checks SET guests = 7, changed_at = '2026-05-26T10:00:00+03:00' WHERE id = 1")
	v.exec("DELETE FROM waste_reasons WHERE id = 5")
	require.Equal(t, send.Totals{Sent: 4, Applied: 4, Deleted: 1}, v.sync(agent.Options{}))
	after, _ := c.feed()
	changed, deleted := 0, 0
	for key, now := range after {
		if now.Seq != before[key].Seq {
			changed++
		}
		if now.Deleted {
			deleted++
		}
	}
	require.Equal(t, []int{4, 1}, []int{changed, deleted})

	v.exec("INSERT INTO waste_reasons VALUES (5, 'Снова здесь', '2020-01-01T00:00:00Z')")
	require.Equal(t, sum(1), v.sync(agent.Options{}), "what comes back under its old key lives again")
	require.Equal(t, sum(0), v.sync(agent.Options{}))
}

func TestChangeUnderAnOldMarkIsFoundByTheFullReading(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	v.sync(agent.Options{}) // a hello that was slow may have made the first reading seem yet to come
	v.exec("UPDATE checks SET guests = 7 WHERE id = 1")
	require.Equal(t, sum(0), v.sync(agent.Options{}), "its mark did not move")
	require.Equal(t, sum(1), v.sync(agent.Options{Full: true}), "and it wins though its mark is that of what was sent before")
}

func TestRejectedRecordIsKeptAndHealsItself(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.exec("UPDATE checks SET total = 'much' WHERE id = 3")
	require.Equal(t, send.Totals{Sent: v.number(all), Applied: v.number(all) - 1, Rejected: 1}, v.sync(agent.Options{}), "its neighbours are not blocked")
	require.Equal(t, sum(0), v.sync(agent.Options{Full: true}), "the same is not sent again")
	require.Equal(t, send.Totals{Sent: 1, Rejected: 1}, v.sync(agent.Options{RetryRejected: true}), "unless it is asked for")
	for _, command := range [][]string{{"sync"}, {"sync", "--full"}} {
		code, out := v.run(command...)
		require.Equal(t, 0, code, out)
		require.Contains(t, out, "0 sent", "nothing is new")
		require.Contains(t, out, "1 records stand REJECTED", "and still it stands")
		code, out = v.run(append(command, "--fail-on-rejected")...)
		require.Equal(t, 3, code, out)
		require.Contains(t, out, "some records stand rejected")
	}
	status := v.status()
	require.Contains(t, status, "must be a number")
	require.Contains(t, status, "key 3: rejected")

	v.exec("UPDATE checks SET total = (SELECT sum(amount) FROM check_payments WHERE check_id = 3), changed_at = '2026-05-26T10:00:00+03:00' WHERE id = 3")
	require.Equal(t, sum(1), v.sync(agent.Options{}))
	require.NotContains(t, v.status(), "must be a number")
	require.NotContains(t, v.mustRun("sync", "--fail-on-rejected"), "REJECTED")
}

func TestARowThatIsNoRecordIsNamedAndItsNeighboursGo(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	v.sync(agent.Options{})
	v.exec("ALTER TABLE units RENAME TO real_units")
	v.exec(`CREATE VIEW units AS SELECT * FROM real_units UNION ALL SELECT id, 'twice', title, short, changed_at FROM real_units WHERE id = 1
		UNION ALL SELECT NULL, 'none', 'Бочка', 'боч', '2026-05-25' UNION ALL SELECT 99, '99', 'Ведро', 'вед', '2026-05-25'`)
	require.Equal(t, send.Totals{Sent: 1, Applied: 1, LeftOut: 2}, v.sync(agent.Options{}), "what has vanished is nothing")
	require.Equal(t, send.Totals{LeftOut: 2}, v.sync(agent.Options{}), "each time it is said")
	require.Contains(t, v.status(), "unit: 2 rows are LEFT OUT, such as a row has no key (id is empty): code none, title Бочка, short боч, changed_at 2026-05-25; the key 1 stands in more than one row")
	code, out := v.run("verify")
	require.Equal(t, 1, code, out)
	_, out = v.run("verify", "--repair")
	require.Contains(t, out, "LEFT OUT")
	code, out = v.run("sync", "--fail-on-rejected")
	require.Equal(t, 3, code, out)
	require.Contains(t, out, "2 rows LEFT OUT")
	v.exec("DROP VIEW units")
	v.exec("ALTER TABLE real_units RENAME TO units")
	require.Equal(t, send.Totals{Sent: 1, Applied: 1, Deleted: 1}, v.sync(agent.Options{}))
	require.NotContains(t, v.status(), "LEFT OUT")
}

func TestWhatWasTakenWithRemarksIsCounted(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	v.sync(agent.Options{})
	v.exec("UPDATE checks SET total = total + 1, changed_at = '2026-05-26T10:00:00+03:00' WHERE id = 3")
	require.Contains(t, v.mustRun("sync", "--fail-on-rejected"), "1 sent, 1 applied, 1 with remarks", "it counts, and is no rejection")
}

// A reading by change marks does not meet the row again: what the last whole one has found is said until the next.
func TestARowThatIsLeftOutIsSaidUntilAWholeReadingNoLongerFindsIt(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newShop(t, "Капучино", "", 0, 10, 20)
	v.exec("INSERT INTO checks VALUES (7, '2026-05-24 12:00:00', 1, 'Чай', 5)")
	const mapping = `source: {driver: sqlite, dsn: pos.db}
kinds: {unit: {query: 'SELECT nullif(id, 7) AS no, at, title FROM checks', key: no, modified_at: at, overlap: 1m, deletes: never, fields: {name: title}}}`
	require.NoError(t, os.WriteFile(filepath.Join(v.dir, "m.yaml"), []byte(mapping), 0o600))
	v.mustInit(c, "", "--source", "Ленина, 5")
	const said = "unit: 1 rows are LEFT OUT, such as a row has no key"
	for range 3 {
		require.Contains(t, v.mustRun("sync"), said)
		require.Contains(t, v.status(), said)
	}
	v.exec("DELETE FROM checks WHERE id = 7")
	require.NotContains(t, v.mustRun("sync", "--full"), "LEFT OUT")
	require.NotContains(t, v.mustRun("sync"), "LEFT OUT")
	require.NotContains(t, v.status(), "LEFT OUT")
}

func TestWhatWasRejectedIsSentAgainWhenTheCabinetsRulesHaveChanged(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.exec("UPDATE checks SET total = 'much' WHERE id = 3")
	v.sync(agent.Options{})
	require.Equal(t, sum(0), v.sync(agent.Options{}))
	config, err := agent.LoadConfig(v.config)
	require.NoError(t, err)
	memory, err := state.Open(t.Context(), config.StateFile())
	require.NoError(t, err)
	require.NoError(t, memory.Remember(t.Context(), map[string]string{state.FactRules: "0"}), "as an older cabinet had them")
	require.NoError(t, memory.Close())

	require.Equal(t, send.Totals{Sent: 1, Rejected: 1}, v.sync(agent.Options{}))
	require.Equal(t, sum(0), v.sync(agent.Options{}), "once")
}

// A record that is ahead of time waits for its time, and is sent every time.
func TestRecordOfAClockThatRanAheadWaits(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	v.exec("UPDATE checks SET guests = 3, changed_at = '2094-01-01T00:00:00Z' WHERE id = 1")
	require.Equal(t, send.Totals{Sent: 1, Waiting: 1}, v.sync(agent.Options{}))
	require.Equal(t, send.Totals{Sent: 1, Waiting: 1}, v.sync(agent.Options{}))
	v.exec("UPDATE checks SET guests = 5, changed_at = '2026-05-26T10:00:00+03:00' WHERE id = 2")
	require.Equal(t, send.Totals{Sent: 2, Applied: 1, Waiting: 1}, v.sync(agent.Options{}), "it does not hide the changes after it")
	v.exec("UPDATE checks SET changed_at = '2026-05-26T10:00:00+03:00' WHERE id = 1")
	require.Equal(t, sum(1), v.sync(agent.Options{}))
}

// The power fails after the cabinet's answer and before it was remembered.
func TestLostAnswerCostsARepeatAndNothingElse(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.exec("DELETE FROM checks WHERE id > 50")
	v.sync(agent.Options{})
	restore := v.keepState()
	v.exec("INSERT INTO waste_reasons VALUES (6, 'Новая', '2026-05-26T10:00:00+03:00')")
	v.exec("DELETE FROM waste_reasons WHERE id = 4")
	v.exec("UPDATE checks SET guests = 9, changed_at = '2026-05-26T10:00:00+03:00' WHERE id = 1")
	require.Equal(t, send.Totals{Sent: 3, Applied: 3, Deleted: 1}, v.sync(agent.Options{}))
	before, head := c.feed()

	restore()
	require.Equal(t, send.Totals{Sent: 3, Unchanged: 3}, v.sync(agent.Options{}))
	after, headAfter := c.feed()
	require.Equal(t, head, headAfter)
	require.Len(t, after, len(before))
	require.Equal(t, sum(0), v.sync(agent.Options{}))

	require.NoError(t, os.Remove(filepath.Join(v.dir, "agent.state")))
	require.Equal(t, sum(0), v.sync(agent.Options{}), "a new installation finds by digests that all is there")
	require.Equal(t, sum(0), v.sync(agent.Options{Full: true}), "and remembers it")
	_, headAfter = c.feed()
	require.Equal(t, head, headAfter)
}

func TestAgentThatIsKilledAgainAndAgainGetsThere(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 12)
	for range 12 {
		program := exec.Command(os.Args[0], "sync", "--config", v.config)
		program.Env = append(os.Environ(), beAgent+"=1")
		require.NoError(t, program.Start())
		time.Sleep(time.Duration(30+rand.IntN(400)) * time.Millisecond)
		_ = program.Process.Kill()
		_ = program.Wait()
	}
	v.sync(agent.Options{})
	records, head := c.feed()
	require.Len(t, records, v.number(all))
	require.EqualValues(t, len(records), head, "nothing was taken twice")
	require.Equal(t, sum(0), v.sync(agent.Options{Full: true}))
}

func TestAnotherOrganizationGetsItsOwnRecords(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	first, _ := c.feed()
	c.register("other@example.org")
	config, err := agent.LoadConfig(v.config)
	require.NoError(t, err)
	_, err = agent.Init(ctx, v.config, agent.Config{URL: c.url, Key: c.key}, nobody{})
	require.NoError(t, err)
	again, err := agent.LoadConfig(v.config)
	require.NoError(t, err)
	require.Equal(t, config.DeviceID, again.DeviceID)
	require.Equal(t, sum(v.number(all)), v.sync(agent.Options{}))
	second, _ := c.feed()
	require.Len(t, second, len(first))
	for key := range second {
		require.NotContains(t, first, key)
	}
}

func TestEmptySourceDoesNotEmptyTheCabinet(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	v.exec("DELETE FROM guests")
	v.exec("UPDATE staff SET post = 'Бариста' WHERE id = 5")
	totals, err := v.try(agent.Options{})
	require.ErrorContains(t, err, "customer: 80 of 80 records are missing in the source; nothing is deleted")
	require.Equal(t, 1, totals.Applied, "the other kinds go on")
	require.Contains(t, v.status(), "failed: customer: 80 of 80")
	require.Equal(t, send.Totals{Sent: 80, Applied: 80, Deleted: 80}, v.sync(agent.Options{AllowDeletions: true}))
}

// Each mistake with address or key says what was found and what to write; nothing is written before it is right.
func TestInitSaysWhatIsWrongWithAddressOrKey(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	config := filepath.Join(t.TempDir(), "b.yaml")
	for name, mistake := range map[string]struct{ url, key, says string }{
		"another key":      {c.url, "isk_wrong", "the cabinet does not know this sync key: copy it again from the organization's form"},
		"what is no key":   {c.url, "abcdef", `a sync key begins with isk_, and this one with "abcd": copy it whole`},
		"the API":          {c.url + "/api/v1", c.key, "write it without /api/v1, as " + c.url},
		"a page":           {c.url + "/o/" + c.org.ID.String() + "/organization", c.key, "/organization, as " + c.url},
		"no address":       {"cabinet.example.org", c.key, "must be like https://cabinet.example.org"},
		"another server":   {elsewhere.URL, c.key, "at " + elsewhere.URL + " there is no cabinet"},
		"a path of a host": {c.url + "/cabinet", c.key, "at " + c.url + "/cabinet there is no cabinet"},
	} {
		_, err := agent.Init(ctx, config, agent.Config{URL: mistake.url, Key: mistake.key}, nobody{})
		require.ErrorContains(t, err, mistake.says, name)
		require.NoFileExists(t, config)
	}
}
