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

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/client"
)

// receive adds where to what comes goes to the till's mapping.
func (v *outlet) receive(kinds ...string) {
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

// deliveredLine is one that a command was given.
type deliveredLine struct {
	Kind       string
	ID         uuid.UUID
	Version    int64
	Deleted    bool
	ModifiedAt time.Time `json:"modified_at"`
	DeviceID   uuid.UUID `json:"device_id"`
	Data       struct{ Name string }
}

// deliveredTo reads what the command has put into its file.
func (v *outlet) deliveredTo(name string) (lines []deliveredLine) {
	v.Helper()
	text, err := os.ReadFile(filepath.Join(v.dir, name))
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(v, err)
	for scanner := bufio.NewScanner(bytes.NewReader(text)); scanner.Scan(); {
		var one deliveredLine
		require.NoError(v, json.Unmarshal(scanner.Bytes(), &one), scanner.Text())
		lines = append(lines, one)
	}
	return lines
}

func (v *outlet) names(file string) (names []string) {
	for _, one := range v.deliveredTo(file) {
		names = append(names, one.Data.Name)
	}
	return names
}

// startHandedOver starts an agent that hands customers over to a command, after two have come from another device.
func startHandedOver(t *testing.T, c *cabinet) (v *outlet, other *device, r *running) {
	t.Helper()
	v = newOutlet(t, c, 1)
	v.receive("customer: {command: [sh, -c, 'cat >> got']}")
	other = c.device()
	other.push(customer("Анна"), customer("Борис"))
	r = v.start()
	r.same()
	require.Eventually(t, func() bool { return len(v.deliveredTo("got")) == 2 }, testPatience, 10*time.Millisecond, r.said())
	return v, other, r
}

func TestWhatComesIsHandedOverWithinSeconds(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v, other, r := startHandedOver(t, c)
	other.push(customer("Вера"))
	gone := customer("Анна")
	gone.Deleted = true
	other.push(gone)
	require.Eventually(t, func() bool { return len(v.deliveredTo("got")) == 4 }, testPatience, 10*time.Millisecond, r.said())
	require.Equal(t, []string{"Анна", "Борис", "Вера", ""}, v.names("got"))
	last := v.deliveredTo("got")[3]
	require.True(t, last.Deleted)
	require.EqualValues(t, 2, last.Version)
	require.Equal(t, []any{"customer", gone.ID, other.id}, []any{last.Kind, last.ID, last.DeviceID})
	require.WithinDuration(t, gone.ModifiedAt, last.ModifiedAt, time.Second)

	taken := func() bool { return strings.Contains(v.status(), "customer                  3          0") }
	require.Eventually(t, taken, testPatience, 50*time.Millisecond)
	r.kill()
	v.start().same()
	require.Len(t, v.deliveredTo("got"), 4, "what was taken is not handed over again, nor is what the till has sent itself")
	require.True(t, taken())
}

func TestWhatACommandDoesNotTakeWaitsAndIsShown(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	v.receive("customer: {command: [sh, -c, 'test -e open || { echo the box is shut >&2; exit 3; }; cat >> got']}",
		"counterparty: {command: [./missing-program]}", "outlet: {command: [sh, -c, 'cat >> outlets']}")
	other := c.device()
	other.push(customer("Анна"), client.Change{Kind: "counterparty", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"Мельница"}`)},
		client.Change{Kind: "outlet", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"Рынок"}`)})
	r := v.start()
	r.says("customer: the command sh failed: exit status 3: the box is shut; what has come is kept")
	r.says("missing-program: no such file")
	require.Eventually(t, func() bool { return len(v.deliveredTo("outlets")) == 1 }, testPatience, 10*time.Millisecond, "others are not held up")
	other.push(customer("Борис"))
	require.Eventually(t, func() bool {
		return strings.Contains(v.status(), "customer                  2          2\n  not handed over: customer: the command sh failed")
	}, testPatience, 50*time.Millisecond)
	r.kill()
	require.Empty(t, v.deliveredTo("got"))
	require.NoError(t, os.WriteFile(filepath.Join(v.dir, "open"), nil, 0o600))
	v.start()
	require.Eventually(t, func() bool { return len(v.deliveredTo("got")) == 2 }, testPatience, 10*time.Millisecond)
	require.Equal(t, []string{"Анна", "Борис"}, v.names("got"))
	require.Eventually(t, func() bool { return strings.Contains(v.status(), "customer                  2          0") }, testPatience, 50*time.Millisecond)
}

// The agent is killed while it receives and while its command is at work, and
// the command fails now and then.
func TestWhatComesIsHandedOverAtLeastOnceAndInOrder(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
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
	require.Eventually(t, waits, testPatience, 100*time.Millisecond)
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
	t.Parallel()
	c := newCabinet(t)
	v, other, r := startHandedOver(t, c)
	restore := c.backup()
	other.push(customer("Вера"))
	require.Eventually(t, func() bool { return len(v.deliveredTo("got")) == 3 }, testPatience, 10*time.Millisecond)
	restore()
	other.push(customer("Глеб"))
	require.Eventually(t, func() bool { return len(v.deliveredTo("got")) == 5 }, testPatience, 10*time.Millisecond, r.said())
	r.same()
	names, lines := v.names("got"), v.deliveredTo("got")
	require.Equal(t, []string{"Анна", "Борис", "Вера"}, names[:3])
	require.ElementsMatch(t, []string{"Глеб", ""}, names[3:], "either comes first: the reading may end before Глеб is pushed")
	gone := lines[slices.Index(names, "")]
	require.True(t, gone.Deleted)
	require.Equal(t, customer("Вера").ID, gone.ID)
}

func TestAnotherOrganizationsRecordsAreForgotten(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	v.receive("customer: {command: [sh, -c, 'cat >> got']}")
	c.device().push(customer("Анна"))
	r := v.start()
	r.same()
	require.Eventually(t, func() bool { return strings.Contains(v.status(), "customer                  1          0") }, testPatience, 50*time.Millisecond)
	r.kill()
	c.register("other@example.org")
	c.device().push(customer("Борис"))
	_, err := agent.Init(ctx, v.config, agent.Config{URL: c.url, Key: c.key}, nobody{})
	require.NoError(t, err)
	v.start().same()
	require.Eventually(t, func() bool { return len(v.deliveredTo("got")) == 2 }, testPatience, 10*time.Millisecond)
	require.Equal(t, []string{"Анна", "Борис"}, v.names("got"))
	require.Contains(t, v.status(), "customer                  1 ", "the first one's are not kept")
}

// The till and the cabinet both write an order. The till takes what it is handed
// over into its table, and goes on from there.
func TestAnOrderThatBothSidesWriteGoesBackAndForth(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	v.takesOrders(c)
	v.receive(intoOrders)

	other, id := c.device(), uuid.New()
	other.pushOrder(id, "new", 0)
	r := v.start()
	taken := func(want string) func() bool { // and remembered as taken: the till's next change is made from it
		return func() bool {
			return v.orderStatus(id) == want && strings.Contains(v.status(), fmt.Sprintf("%-16s %10d %10d\n", "delivery_order", 1, 0))
		}
	}
	has := func(text string) func() bool {
		return func() bool { return strings.Contains(string(c.order(id).Data), text) }
	}
	require.Eventually(t, taken("new"), testPatience, 50*time.Millisecond, r.said())
	require.Equal(t, 450, v.number("SELECT total FROM web_orders"))

	v.exec("UPDATE web_orders SET status = 'cooking', note = 'печь' WHERE id = ?", id.String())
	require.Eventually(t, has("cooking"), testPatience, 50*time.Millisecond, "the till's change names the version that it was handed; %s", r.said())
	other.pushOrder(id, "ready", c.order(id).Version)
	require.Eventually(t, taken("ready"), testPatience, 50*time.Millisecond, r.said())
	v.exec("UPDATE web_orders SET status = 'on_way' WHERE id = ?", id.String())
	require.Eventually(t, has("on_way"), testPatience, 50*time.Millisecond, r.said())

	// Both write at once: the cabinet's change comes while the till cannot know of it.
	r.kill()
	other.pushOrder(id, "delivered", c.order(id).Version)
	v.exec("UPDATE web_orders SET note = 'позвонить' WHERE id = ?", id.String())
	v.receive("customer: {command: ['true']}")
	code, out := v.run("sync")
	require.Zero(t, code, out)
	require.Contains(t, string(c.order(id).Data), "delivered", "what the till did not know is not written over")
	require.Contains(t, v.status(), "stale conflict")
}

// The till takes the order into its table, and changes it, before the command that
// brings it has ended.
func TestARowIsNotSentWhileItIsBeingHandedOver(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	v.takesOrders(c)
	v.receive("delivery_order: {command: [sh, -c, 'touch begun; sleep 4']}")
	other, id := c.device(), uuid.New()
	other.pushOrder(id, "new", 0)
	r := v.start()
	require.Eventually(t, func() bool { _, err := os.Stat(filepath.Join(v.dir, "begun")); return err == nil }, testPatience, 10*time.Millisecond, r.said())
	v.insertOrder(id, "accepted")
	r.same()
	require.Contains(t, string(c.order(id).Data), "accepted", "as made from what was handed over")
}

func TestAStateWithoutAnInboxIsShown(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	v.sync(agent.Options{})
	require.NotContains(t, v.status(), "FROM THE CABINET")
}
