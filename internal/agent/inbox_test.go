//go:build linux

package agent_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/api/client"
	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// receive adds where to what comes goes to the till's mapping.
func (v *till) receive(kinds ...string) {
	v.Helper()
	file := filepath.Join(v.dir, "pos.yaml")
	text, err := os.ReadFile(file)
	require.NoError(v, err)
	text, _, _ = bytes.Cut(text, []byte("\nreceive:\n"))
	require.NoError(v, os.WriteFile(file, []byte(string(text)+"\nreceive:\n  "+strings.Join(kinds, "\n  ")+"\n"), 0o600))
}

func customer(name string) client.Change {
	return client.Change{
		Kind: "customer", ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)), ModifiedAt: time.Now(),
		Data: json.RawMessage(`{"name":"` + name + `","phone":"+7900"}`),
	}
}

// line is one that a command was given.
type line struct {
	Kind       string
	ID         uuid.UUID
	Version    int64
	Deleted    bool
	ModifiedAt time.Time `json:"modified_at"`
	DeviceID   uuid.UUID `json:"device_id"`
	Data       struct{ Name string }
}

// handedTo reads what the command has put into its file.
func (v *till) handedTo(name string) (lines []line) {
	v.Helper()
	text, err := os.ReadFile(filepath.Join(v.dir, name))
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(v, err)
	for scanner := bufio.NewScanner(bytes.NewReader(text)); scanner.Scan(); {
		var one line
		require.NoError(v, json.Unmarshal(scanner.Bytes(), &one), scanner.Text())
		lines = append(lines, one)
	}
	return lines
}

func (v *till) names(file string) (names []string) {
	for _, one := range v.handedTo(file) {
		names = append(names, one.Data.Name)
	}
	return names
}

func TestWhatComesIsHandedOverWithinSeconds(t *testing.T) {
	c := newCabinet(t)
	v := newTill(t, c, 1)
	v.receive("customer: {command: [sh, -c, 'cat >> got']}")
	other := c.device()
	other.push(customer("Анна"), customer("Борис"))
	r := v.start()
	r.same()
	require.Eventually(t, func() bool { return len(v.handedTo("got")) == 2 }, patience, 10*time.Millisecond, r.said())
	other.push(customer("Вера"))
	gone := customer("Анна")
	gone.Deleted = true
	other.push(gone)
	require.Eventually(t, func() bool { return len(v.handedTo("got")) == 4 }, patience, 10*time.Millisecond, r.said())
	require.Equal(t, []string{"Анна", "Борис", "Вера", ""}, v.names("got"))
	last := v.handedTo("got")[3]
	require.True(t, last.Deleted)
	require.EqualValues(t, 2, last.Version)
	require.Equal(t, []any{"customer", gone.ID, other.id}, []any{last.Kind, last.ID, last.DeviceID})
	require.WithinDuration(t, gone.ModifiedAt, last.ModifiedAt, time.Second)

	taken := func() bool { return strings.Contains(v.status(), "customer                  3          0") }
	require.Eventually(t, taken, patience, 50*time.Millisecond)
	r.kill()
	v.start().same()
	require.Len(t, v.handedTo("got"), 4, "what was taken is not handed over again, nor is what the till has sent itself")
	require.True(t, taken())
}

func TestWhatACommandDoesNotTakeWaitsAndIsShown(t *testing.T) {
	c := newCabinet(t)
	v := newTill(t, c, 1)
	v.receive("customer: {command: [sh, -c, 'test -e open || { echo the box is shut >&2; exit 3; }; cat >> got']}",
		"counterparty: {command: [./missing-program]}", "outlet: {command: [sh, -c, 'cat >> outlets']}")
	other := c.device()
	other.push(customer("Анна"), client.Change{Kind: "counterparty", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"Мельница"}`)},
		client.Change{Kind: "outlet", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"Рынок"}`)})
	r := v.start()
	r.says("customer: the command sh failed: exit status 3: the box is shut; what has come is kept")
	r.says("missing-program: no such file")
	require.Eventually(t, func() bool { return len(v.handedTo("outlets")) == 1 }, patience, 10*time.Millisecond, "others are not held up")
	other.push(customer("Борис"))
	require.Eventually(t, func() bool {
		return strings.Contains(v.status(), "customer                  2          2\n  not handed over: customer: the command sh failed")
	}, patience, 50*time.Millisecond)
	r.kill()
	require.Empty(t, v.handedTo("got"))
	require.NoError(t, os.WriteFile(filepath.Join(v.dir, "open"), nil, 0o600))
	v.start()
	require.Eventually(t, func() bool { return len(v.handedTo("got")) == 2 }, patience, 10*time.Millisecond)
	require.Equal(t, []string{"Анна", "Борис"}, v.names("got"))
	require.Eventually(t, func() bool { return strings.Contains(v.status(), "customer                  2          0") }, patience, 50*time.Millisecond)
}

// The agent is killed while it receives and while its command is at work, and
// the command fails now and then.
func TestWhatComesIsHandedOverAtLeastOnceAndInOrder(t *testing.T) {
	c := newCabinet(t)
	v := newTill(t, c, 1)
	v.receive("customer: {command: [sh, -c, 'cat > part.$$; cat part.$$ >> got; sleep 0.05; test $(($(date +%N | sed s/^0*//) % 4)) -ne 0']}")
	other := c.device()
	const rounds, each = 10, 25
	n := 0
	for range rounds {
		r := v.start()
		for range each {
			other.push(customer(fmt.Sprint(n)))
			n++
		}
		time.Sleep(time.Duration(300+rand.IntN(700)) * time.Millisecond)
		r.kill()
	}
	v.start()
	waits := func() bool { return strings.Contains(v.status(), fmt.Sprintf("customer         %10d %10d", n, 0)) }
	require.Eventually(t, waits, patience, 100*time.Millisecond)
	seen, next := map[string]bool{}, 0
	names := v.names("got")
	for _, name := range names {
		if !seen[name] {
			require.Equal(t, fmt.Sprint(next), name, "nothing is passed over")
			seen[name] = true
			next++
		}
	}
	require.Equal(t, n, next)
	t.Logf("%d records, %d lines handed over", n, len(names))
}

// A backup is restored that knows nothing of the last customers, and another one
// has come since.
func TestWhatAReReadFeedDoesNotHoldIsHandedOverAsDeleted(t *testing.T) {
	c := newCabinet(t)
	v := newTill(t, c, 1)
	v.receive("customer: {command: [sh, -c, 'cat >> got']}")
	other := c.device()
	other.push(customer("Анна"), customer("Борис"))
	r := v.start()
	r.same()
	require.Eventually(t, func() bool { return len(v.handedTo("got")) == 2 }, patience, 10*time.Millisecond)
	restore := c.backup()
	other.push(customer("Вера"))
	require.Eventually(t, func() bool { return len(v.handedTo("got")) == 3 }, patience, 10*time.Millisecond)
	restore()
	other.push(customer("Глеб"))
	require.Eventually(t, func() bool { return len(v.handedTo("got")) == 5 }, patience, 10*time.Millisecond, r.said())
	r.same()
	names, lines := v.names("got"), v.handedTo("got")
	require.Equal(t, []string{"Анна", "Борис", "Вера"}, names[:3])
	require.ElementsMatch(t, []string{"Глеб", ""}, names[3:], "either comes first: the reading may end before Глеб is pushed")
	gone := lines[slices.Index(names, "")]
	require.True(t, gone.Deleted)
	require.Equal(t, customer("Вера").ID, gone.ID)
}

func TestAnotherOrganizationsRecordsAreForgotten(t *testing.T) {
	c := newCabinet(t)
	v := newTill(t, c, 1)
	v.receive("customer: {command: [sh, -c, 'cat >> got']}")
	c.device().push(customer("Анна"))
	r := v.start()
	r.same()
	require.Eventually(t, func() bool { return strings.Contains(v.status(), "customer                  1          0") }, patience, 50*time.Millisecond)
	r.kill()
	c.register("other@example.org")
	c.device().push(customer("Борис"))
	_, err := agent.Init(ctx, v.config, agent.Config{URL: c.url, Key: c.key})
	require.NoError(t, err)
	v.start().same()
	require.Eventually(t, func() bool { return len(v.handedTo("got")) == 2 }, patience, 10*time.Millisecond)
	require.Equal(t, []string{"Анна", "Борис"}, v.names("got"))
	require.Contains(t, v.status(), "customer                  1 ", "the first one's are not kept")
}

// takesOrders gives the till a table of delivery orders, which it sends.
func (v *till) takesOrders(c *cabinet) {
	v.Helper()
	dbtest.Exec(v, c.dsn, "UPDATE licenses SET valid_until = now() + interval '1 year'")
	v.exec(`CREATE TABLE web_orders (id TEXT PRIMARY KEY, no TEXT, status TEXT, kind TEXT, phone TEXT, placed TEXT, total DECIMAL(9,2), body TEXT, gone BOOLEAN, note TEXT)`)
	text, err := os.ReadFile(filepath.Join(v.dir, "pos.yaml"))
	require.NoError(v, err)
	require.NoError(v, os.WriteFile(filepath.Join(v.dir, "pos.yaml"), []byte(strings.TrimRight(string(text), "\n")+`
  delivery_order:
    query: SELECT * FROM web_orders WHERE gone IS NOT 1
    id: id
    deletes: detect
    fields: {number: no, status: status, type: kind, phone: phone, placed_at: placed, total: total, note: note}
    lists:
      lines: {query: "SELECT o.id AS o, 1 AS k, i.* FROM web_orders o, items i WHERE i.id = 100", parent: o, key: k, fields: {product_id: id, name: title, quantity: {value: 1}, price: {value: 450}, total: {value: 450}}}
`), 0o600))
}

func orderData(id uuid.UUID, status string) json.RawMessage {
	return json.RawMessage(`{"number":"7","status":"` + status + `","type":"courier","phone":"+79001234567","placed_at":"2026-05-25T12:00:00+03:00","total":450,
		"lines":[{"id":"` + id.String() + `","product_id":"` + id.String() + `","name":"Пирог","quantity":1,"price":450,"total":450}]}`)
}

// intoOrders has the orders of others written into that table.
const intoOrders = "delivery_order: {table: web_orders, key: id, deleted: gone, data: body, fields: {number: no, status: status, type: kind, phone: phone, placed_at: placed, total: total}}"

// The till and the cabinet both write an order. The till takes what it is handed
// over into its table, and goes on from there.
func TestAnOrderThatBothSidesWriteGoesBackAndForth(t *testing.T) {
	c := newCabinet(t)
	v := newTill(t, c, 1)
	v.takesOrders(c)
	v.receive(intoOrders)

	other := c.device()
	id := uuid.New()
	order := func(status string, base int64) client.Change {
		change := client.Change{Kind: "delivery_order", ID: id, ModifiedAt: time.Now(), Data: orderData(id, status)}
		if base > 0 {
			change.BaseVersion = &base
		}
		return change
	}
	other.push(order("new", 0))
	r := v.start()
	taken := func() bool { // and remembered as taken: the till's next change is made from it
		return strings.Contains(v.status(), fmt.Sprintf("%-16s %10d %10d\n", "delivery_order", 1, 0))
	}
	var status, total string
	has := func(want string) func() bool {
		return func() bool {
			err := v.db.QueryRow("SELECT status, total FROM web_orders WHERE id = ?", id.String()).Scan(&status, &total)
			return err == nil && status == want
		}
	}
	require.Eventually(t, has("new"), patience, 10*time.Millisecond, r.said())
	require.Eventually(t, taken, patience, 50*time.Millisecond)
	require.Equal(t, "450", total)
	stands := func() client.FeedChange {
		records, _ := c.feed()
		return records["delivery_order "+id.String()]
	}

	v.exec("UPDATE web_orders SET status = 'cooking', note = 'печь' WHERE id = ?", id.String())
	require.Eventually(t, func() bool { return strings.Contains(string(stands().Data), "cooking") }, patience, 50*time.Millisecond,
		"the till's change names the version that it was handed; %s", r.said())
	other.push(order("ready", stands().Version))
	require.Eventually(t, has("ready"), patience, 10*time.Millisecond, r.said())
	require.Eventually(t, taken, patience, 50*time.Millisecond)
	v.exec("UPDATE web_orders SET status = 'on_way' WHERE id = ?", id.String())
	require.Eventually(t, func() bool { return strings.Contains(string(stands().Data), "on_way") }, patience, 50*time.Millisecond, r.said())

	// Both write at once: the cabinet's change comes while the till cannot know of it.
	r.kill()
	other.push(order("delivered", stands().Version))
	v.exec("UPDATE web_orders SET note = 'позвонить' WHERE id = ?", id.String())
	v.receive("customer: {command: ['true']}")
	code, out := v.run("sync")
	require.Zero(t, code, out)
	require.Contains(t, string(stands().Data), "delivered", "what the till did not know is not written over")
	require.Contains(t, v.status(), "stale conflict")
}

// The till takes the order into its table, and changes it, before the command that
// brings it has ended.
func TestARowIsNotSentWhileItIsBeingHandedOver(t *testing.T) {
	c := newCabinet(t)
	v := newTill(t, c, 1)
	v.takesOrders(c)
	v.receive("delivery_order: {command: [sh, -c, 'touch begun; sleep 4']}")
	other, id := c.device(), uuid.New()
	other.push(client.Change{Kind: "delivery_order", ID: id, ModifiedAt: time.Now(), Data: orderData(id, "new")})
	r := v.start()
	require.Eventually(t, func() bool { _, err := os.Stat(filepath.Join(v.dir, "begun")); return err == nil }, patience, 10*time.Millisecond, r.said())
	v.exec("INSERT INTO web_orders VALUES (?, '7', 'accepted', 'courier', '+79001234567', '2026-05-25T12:00:00+03:00', 450, NULL, NULL, NULL)", id.String())
	r.same()
	records, _ := c.feed()
	require.Contains(t, string(records["delivery_order "+id.String()].Data), "accepted", "as made from what was handed over")
}

func TestAStateWithoutAnInboxIsShown(t *testing.T) {
	c := newCabinet(t)
	v := newTill(t, c, 1)
	v.sync(agent.Options{})
	require.NotContains(t, v.status(), "FROM THE CABINET")
}
