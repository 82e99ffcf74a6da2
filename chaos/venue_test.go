//go:build linux

package chaos_test

import (
	"database/sql"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/interpos/cabinet/internal/programtest"
)

// venue is a till's database with the agent that synchronizes it. Keys begin with
// the venue's name: both venues are of one organization.
type venue struct {
	*chaos
	name, dir, config string
	db                *sql.DB
	serial            int
	writes            map[string]int // of each row, by its kind and key
	trouble           error          // of the till, or an agent that broke down

	skew   atomic.Int64 // of the clock
	behind atomic.Bool  // the clock was, in this round
	room   atomic.Int64 // for each of the agent's files, in KiB; 0: no bound
	failed atomic.Int64 // synchronizations
	sales  atomic.Int64 // that were made

	mu      sync.Mutex
	process *exec.Cmd // the agent at work
}

const tillSchema = `
	CREATE TABLE goods (id TEXT PRIMARY KEY, title TEXT NOT NULL, price INTEGER NOT NULL, changed_at TEXT NOT NULL);
	CREATE TABLE reasons (id TEXT PRIMARY KEY, title TEXT NOT NULL);
	CREATE TABLE pay_types (id TEXT PRIMARY KEY, title TEXT NOT NULL);
	CREATE TABLE checks (id TEXT PRIMARY KEY, good_id TEXT NOT NULL, pay_type_id TEXT NOT NULL, quantity INTEGER NOT NULL,
		price INTEGER NOT NULL, closed_at TEXT NOT NULL, changed_at TEXT NOT NULL)`

// tillMapping reads receipts by their mark, and the whole of them every other
// second: a clock that jumped back is noticed no other way.
const tillMapping = `
source: {driver: sqlite, dsn: "till.db"}
kinds:
  product:
    query: SELECT * FROM goods
    key: id
    modified_at: changed_at
    full_scan: 0s
    fields: {code: id, name: title, price: price, type: {value: dish}}
  waste_reason:
    query: SELECT * FROM reasons
    key: id
    fields: {name: title}
  payment_type:
    query: SELECT * FROM pay_types
    key: id
    fields: {name: title, type: {value: cash}}
  receipt:
    query: SELECT *, quantity * price AS total FROM checks
    key: id
    modified_at: changed_at
    overlap: 5s
    full_scan: 2s
    fields: {number: id, occurred_at: closed_at, closed_at: closed_at, type: {value: sale}, status: {value: closed}, total: total}
    lists:
      lines:
        query: SELECT *, quantity * price AS total FROM checks
        parent: id
        key: id
        fields: {product_id: good_id, name: good_id, quantity: quantity, price: price, total: total}
      payments:
        query: SELECT *, quantity * price AS total FROM checks
        parent: id
        fields: {payment_type_id: pay_type_id, amount: total}
`

const fullScan = 2 * time.Second

func newVenue(c *chaos, name string) *venue {
	c.Helper()
	v := &venue{chaos: c, name: name, dir: c.TempDir(), writes: map[string]int{}}
	v.config = filepath.Join(v.dir, "agent.yaml")
	mapping := filepath.Join(v.dir, "mapping.yaml")
	require.NoError(c, os.WriteFile(mapping, []byte(tillMapping), 0o600))
	var err error
	v.db, err = sql.Open("sqlite", "file:"+filepath.Join(v.dir, "till.db")+"?_pragma=busy_timeout(20000)&_pragma=synchronous(OFF)&_txlock=immediate")
	require.NoError(c, err)
	c.Cleanup(func() { _ = v.db.Close() })
	_, err = v.db.Exec(tillSchema)
	require.NoError(c, err)
	v.exec("payment_type", name+"-1", `INSERT INTO pay_types VALUES (?1, ?1 || ' cash')`)
	for range 30 {
		v.addGood()
		v.addReason()
	}
	for range 100 {
		v.addCheck(c.rng)
	}
	require.NoError(c, v.trouble)
	programtest.Agent(c.T, "init", "--url", "http://"+c.toServer.address(), "--key", c.key, "--config", v.config, "--mapping", mapping, "--device-name", "Till "+name, "--source", "Till "+name)
	programtest.Agent(c.T, "sync", "--config", v.config)
	return v
}

// now is the time by the venue's clock.
func (v *venue) now() string {
	return time.Now().Add(time.Duration(v.skew.Load())).Format("2006-01-02T15:04:05.000Z07:00")
}

// exec writes the row with a key, ?1 of the statement.
func (v *venue) exec(kind, key, statement string, args ...any) {
	done, err := v.db.Exec(statement, append([]any{key}, args...)...)
	if err != nil {
		v.trouble = fmt.Errorf("%s %s: %w", kind, key, err)
		return
	}
	if rows, _ := done.RowsAffected(); rows > 0 {
		v.writes[kind+" "+key]++
	}
}

func (v *venue) newKey() string {
	v.serial++
	return v.name + "-" + strconv.Itoa(v.serial)
}

func (v *venue) addGood() {
	key := v.newKey()
	v.exec("product", key, `INSERT INTO goods VALUES (?1, ?2, 100, ?3)`, key+" tea", v.now())
}

func (v *venue) addReason() {
	key := v.newKey()
	v.exec("waste_reason", key, `INSERT INTO reasons VALUES (?1, ?2)`, key+" broken")
}

func (v *venue) addCheck(rng *rand.Rand) {
	v.exec("receipt", v.newKey(), `INSERT INTO checks SELECT ?1, (SELECT min(id) FROM goods), (SELECT id FROM pay_types), ?2, ?3, ?4, ?4`,
		1+rng.IntN(5), 50+rng.IntN(300), v.now())
}

// some gives the key of some row.
func (v *venue) some(table string, rng *rand.Rand) (key string) {
	var count int
	if err := v.db.QueryRow("SELECT count(*) FROM " + table).Scan(&count); err != nil || count == 0 {
		return ""
	}
	_ = v.db.QueryRow("SELECT id FROM "+table+" ORDER BY id LIMIT 1 OFFSET ?", rng.IntN(count)).Scan(&key)
	return key
}

// sell does what happens at a venue within a moment.
func (v *venue) sell(rng *rand.Rand) {
	for range 1 + rng.IntN(12) {
		v.addCheck(rng)
	}
	for range rng.IntN(4) {
		v.exec("receipt", v.some("checks", rng), `UPDATE checks SET quantity = ?2, changed_at = ?3 WHERE id = ?1`, 1+rng.IntN(5), v.now())
		v.exec("product", v.some("goods", rng), `UPDATE goods SET price = ?2, changed_at = ?3 WHERE id = ?1`, 50+rng.IntN(300), v.now())
	}
	for range rng.IntN(3) {
		v.addGood()
		v.addReason()
		v.exec("product", v.some("goods", rng), `DELETE FROM goods WHERE id = ?1`)
		v.exec("waste_reason", v.some("reasons", rng), `DELETE FROM reasons WHERE id = ?1`)
	}
	back := v.name + "-" + strconv.Itoa(1+rng.IntN(v.serial)) // a deleted row may come back
	if kind := "waste_reason " + back; v.writes[kind] > 0 {
		v.exec("waste_reason", back, `INSERT OR IGNORE INTO reasons VALUES (?1, ?2)`, back+" lost")
	}
	v.sales.Add(1)
}

// try synchronizes once, and may fail.
func (v *venue) try(args ...string) (out string, ok bool) {
	command := programtest.Command(v.T, "agent", append([]string{"sync", "--config", v.config}, args...)...)
	if room := v.room.Load(); room > 0 {
		limited := append([]string{"-c", `ulimit -f "$1"; shift; exec "$@"`, "bash", strconv.FormatInt(room, 10)}, command.Args...)
		command = exec.Command("bash", limited...)
	}
	var text strings.Builder
	command.Stdout, command.Stderr = &text, &text
	v.mu.Lock()
	err := command.Start()
	v.process = command
	v.mu.Unlock()
	if err == nil {
		err = command.Wait()
	}
	v.mu.Lock()
	v.process = nil
	v.mu.Unlock()
	v.syncs.Add(1)
	if err != nil {
		v.failures.Add(1)
		v.failed.Add(1)
	}
	if strings.Contains(text.String(), "goroutine ") {
		v.trouble = fmt.Errorf("the agent broke down: %s", text.String())
	}
	return text.String(), err == nil
}

func (v *venue) running() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.process != nil
}

func (v *venue) kill() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.process != nil && v.process.Process.Kill() == nil
}

// hurry ends a synchronization that still waits, as Ctrl-C does.
func (v *venue) hurry() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.process != nil {
		_ = v.process.Process.Signal(os.Interrupt)
	}
}

// heal gives the disk its room and the clock its time back, and synchronizes once,
// as the venue would anyway. Records with times that are still to come get the
// present one: the cabinet would let them wait.
func (v *venue) heal() {
	v.Helper()
	v.room.Store(0)
	v.skew.Store(0)
	if v.behind.Swap(false) {
		time.Sleep(fullScan + 5*time.Second) // marks that are older than those before wait for the whole reading, whose time a slow hello puts seconds ahead
	}
	for _, table := range []string{"goods", "checks"} {
		_, err := v.db.Exec("UPDATE "+table+" SET changed_at = ? WHERE changed_at > ?", v.now(), time.Now().Add(23*time.Hour).Format(time.RFC3339))
		require.NoError(v, err)
	}
	require.NoError(v, v.trouble)
	out, ok := v.try()
	if strings.Contains(out, "--allow-deletions") {
		out, ok = v.allow(out)
	}
	require.True(v, ok, "%s: venue %s does not find the way back:\n%s", v.story, v.name, out)
}

// allow is the word that an agent asks for where more rows have vanished, while nothing
// came through, than it believes. It must miss all that the cabinet still has of them,
// and none that the till never had.
func (v *venue) allow(asked string) (out string, ok bool) {
	v.Helper()
	held, own := cabinetRows(v.T, v.server.Feed(v.key)), v.rows()
	gone := func(kind string, keys iter.Seq[string]) (count int) {
		for key := range keys {
			if _, there := own[key]; !there && strings.HasPrefix(key, kind+" "+v.name+"-") {
				count++
			}
		}
		return count
	}
	for _, told := range regexp.MustCompile(`(\w+): (\d+) of \d+ records are missing in the source`).FindAllStringSubmatch(asked, -1) {
		missing, err := strconv.Atoi(told[2])
		require.NoError(v, err)
		require.GreaterOrEqual(v, missing, gone(told[1], maps.Keys(held)), "%s: venue %s\n%s", v.story, v.name, asked)
		require.LessOrEqual(v, missing, gone(told[1], maps.Keys(v.writes)), "%s: venue %s\n%s", v.story, v.name, asked)
	}
	return v.try("--allow-deletions")
}

// rows are those of the till: by kind and key what the cabinet is to hold of them.
func (v *venue) rows() map[string]string {
	v.Helper()
	rows, err := v.db.Query(`
		SELECT 'product ' || id, title || ' ' || price FROM goods UNION ALL SELECT 'waste_reason ' || id, title FROM reasons UNION ALL
		SELECT 'payment_type ' || id, title FROM pay_types UNION ALL SELECT 'receipt ' || id, quantity || ' × ' || price FROM checks`)
	require.NoError(v, err)
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var key, content string
		require.NoError(v, rows.Scan(&key, &content))
		found[key] = content
	}
	require.NoError(v, rows.Err())
	return found
}
