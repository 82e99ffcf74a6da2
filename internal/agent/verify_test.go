//go:build linux

package agent_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/agent/cli"
	"github.com/interpos/cabinet/internal/agent/reconcile"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// run is the agent's command line.
func (v *outlet) run(args ...string) (code int, out string) {
	v.Helper()
	var text bytes.Buffer
	code = cli.Run(ctx, append(args, "--config", v.config), cli.Console{Out: &text, Err: &text})
	return code, text.String()
}

// differences gives the kinds that a verification finds different.
func (v *outlet) differences() map[string]reconcile.Comparison {
	v.Helper()
	config, err := agent.LoadConfig(v.config)
	require.NoError(v, err)
	found, err := agent.Verify(ctx, config, agent.Options{Progress: &notes{}, RetryFor: time.Minute})
	require.NoError(v, err)
	different := map[string]reconcile.Comparison{}
	for _, kind := range found.Kinds {
		if !kind.Same() {
			different[kind.Kind] = *kind
		}
	}
	return different
}

func TestVerifyProvesThatBothSidesHoldTheSame(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 3)
	code, out := v.run("verify")
	require.Equal(t, 1, code)
	require.Contains(t, out, "nothing has been synchronized yet")

	v.sync(agent.Options{})
	v.exec("DELETE FROM waste_reasons WHERE id = 5")
	v.sync(agent.Options{})
	code, out = v.run("verify")
	require.Equal(t, 0, code, out)
	require.Contains(t, out, "The cabinet holds the same as the source.")
	require.Empty(t, v.differences(), "the deletion is the same on both sides")
}

// What a cabinet lost is found, and only that is sent again.
func TestRepairSendsWhatDiffersAndNothingElse(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 3)
	v.sync(agent.Options{})
	want, _ := c.feed()
	dbtest.Exec(t, c.dsn, `DELETE FROM records WHERE kind = 'receipt' AND seq IN (SELECT seq FROM records WHERE kind = 'receipt' ORDER BY seq LIMIT 7)`)
	dbtest.Exec(t, c.dsn, `DELETE FROM records WHERE kind = 'unit' AND seq = (SELECT max(seq) FROM records WHERE kind = 'unit')`)
	dbtest.Exec(t, c.dsn, `UPDATE records SET data = '{"name":"?"}', hash = sha256('?') WHERE kind = 'outlet'`)

	different := v.differences()
	require.Len(t, different, 3)
	require.Equal(t, 7, different["receipt"].Missing)
	require.Equal(t, 1, different["unit"].Missing)
	require.Equal(t, 1, different["outlet"].Different)
	require.Equal(t, sum(0), v.sync(agent.Options{Full: true}), "the state alone knows nothing of it")
	code, out := v.run("verify")
	require.Equal(t, 1, code)
	require.Contains(t, out, "DIFFERENT")

	code, out = v.run("verify", "--repair")
	require.Equal(t, 0, code, out)
	require.Contains(t, out, "9 sent, 9 applied")
	require.Empty(t, v.differences())
	got, _ := c.feed()
	require.Len(t, got, len(want))
	for key, record := range want {
		require.JSONEq(t, string(record.Data), string(got[key].Data), key)
	}
	require.Equal(t, sum(0), v.sync(agent.Options{Full: true}))
}

// otherDevice is one that has said hello, and is that of a source of its own.
func otherDevice(t *testing.T, c *cabinet, name string) (*client.Client, uuid.UUID) {
	t.Helper()
	other, err := client.New(c.url, client.Token(c.key))
	require.NoError(t, err)
	device := uuid.New()
	_, err = other.Hello(ctx, client.Hello{DeviceID: device, LocalTime: time.Now()})
	require.NoError(t, err)
	_, err = other.RegisterSource(ctx, client.SourceClaim{Name: name, DeviceID: device})
	require.NoError(t, err)
	return other, device
}

// Deletions are sent for what is this source's, and for nothing else.
func TestRepairDeletesOnlyWhatWasSentFromHere(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 3)
	v.sync(agent.Options{})
	other, device := otherDevice(t, c, "Мира, 1")
	_, err := other.Push(ctx, device, []client.Change{{
		Kind: "waste_reason", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"Чужая"}`),
	}}, client.Compact)
	require.NoError(t, err)
	require.Empty(t, v.differences(), "another source's record is its own matter")

	v.exec("DELETE FROM waste_reasons WHERE id = 5")
	different := v.differences()
	require.Len(t, different, 1)
	reasons := different["waste_reason"]
	require.Equal(t, []int{1, 1, 0}, []int{reasons.Gone, reasons.Others, reasons.Strangers})
	code, out := v.run("verify", "--repair")
	require.Equal(t, 0, code, out)
	require.Contains(t, out, "1 sent, 1 applied, 1 of them deletions")
	require.Empty(t, v.differences())

	// The cabinet of a backup that is older than the deletion.
	dbtest.Exec(t, c.dsn, `UPDATE records SET deleted = false, data = '{"name":"Бой"}', hash = sha256('x'), modified_at = modified_at - interval '1 hour'
		WHERE kind = 'waste_reason' AND deleted`)
	code, out = v.run("verify", "--repair")
	require.Equal(t, 0, code, out)
	require.Contains(t, out, "1 sent, 1 applied, 1 of them deletions")
	require.Empty(t, v.differences())
}

// Where several tills send records of one kind, all its buckets differ from what one of
// them has.
func TestVerifyListsManyBucketsAtOnce(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	there, err := url.Parse(c.url)
	require.NoError(t, err)
	requests, proxy := atomic.Int64{}, httputil.NewSingleHostReverseProxy(there)
	counting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/digest/records") {
			requests.Add(1)
		}
		proxy.ServeHTTP(w, r)
	}))
	defer counting.Close()
	c.url = counting.URL
	v := newOutlet(t, c, 3)
	v.sync(agent.Options{})
	require.Empty(t, v.differences())
	require.Zero(t, requests.Load(), "equal digests prove equal records")

	other, device := otherDevice(t, c, "Мира, 1")
	var changes []client.Change
	for first := range 256 {
		id := uuid.New()
		id[0] = byte(first)
		changes = append(changes, client.Change{Kind: "unit", ID: id, ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"пачка","code":"5"}`)})
	}
	_, err = other.Push(ctx, device, changes, client.Compact)
	require.NoError(t, err)
	require.Empty(t, v.differences())
	require.EqualValues(t, 256/client.MaxBuckets, requests.Load())

	v.exec("DELETE FROM units WHERE id = 1")
	require.Equal(t, 1, v.differences()["unit"].Gone)
}

func TestRepairHasTheBrakeOfDeletionsToo(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	v.exec("DELETE FROM guests")
	code, out := v.run("verify", "--repair")
	require.Equal(t, 1, code)
	require.Contains(t, out, "customer: 80 of 80 records are missing in the source; nothing is deleted")
	require.Equal(t, 80, v.differences()["customer"].Gone)
	code, _ = v.run("verify", "--repair", "--allow-deletions")
	require.Equal(t, 0, code)
	require.Empty(t, v.differences())
}

func TestCabinetOfAnotherEpochGetsOnlyWhatItLacks(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	v.exec("DELETE FROM waste_reasons WHERE id = 5")
	v.sync(agent.Options{})
	dbtest.Exec(t, c.dsn, "DELETE FROM records WHERE kind = 'waste_reason'")
	dbtest.Exec(t, c.dsn, "DELETE FROM records WHERE kind = 'receipt' AND seq % 10 = 0")
	dbtest.Exec(t, c.dsn, "UPDATE feeds SET epoch = gen_random_uuid()")
	missing := v.differences()["receipt"].Missing
	require.Positive(t, missing)
	want := send.Totals{Sent: missing + 5, Applied: missing + 5, Deleted: 1}
	require.Equal(t, want, v.sync(agent.Options{}), "the deletion too")
	require.Empty(t, v.differences())
	require.Equal(t, sum(0), v.sync(agent.Options{}))
}

// A lost state is made again of what the cabinet has; what has changed
// meanwhile is sent.
func TestLostStateIsMadeAgainByDigests(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	require.NoError(t, os.Remove(filepath.Join(v.dir, "agent.state")))
	v.exec("UPDATE checks SET guests = 7, changed_at = '2026-05-26T10:00:00+03:00' WHERE id = 1")
	v.exec("UPDATE units SET title = 'Литр, иначе' WHERE short = 'л'")
	require.Equal(t, sum(2), v.sync(agent.Options{}))
	require.Empty(t, v.differences())
	require.Equal(t, sum(0), v.sync(agent.Options{Full: true}))
	v.exec("DELETE FROM waste_reasons WHERE id = 5")
	require.Equal(t, send.Totals{Sent: 1, Applied: 1, Deleted: 1}, v.sync(agent.Options{}), "it is known again what was sent")
}

// tell runs a command in a terminal in which this is typed.
func (v *outlet) tell(typed string, args ...string) (code int, out string) {
	v.Helper()
	var text bytes.Buffer
	code = cli.Run(ctx, append(args, "--config", v.config), cli.Console{In: strings.NewReader(typed), Out: &text, Err: &text, Prompts: true})
	return code, text.String()
}

// What stays in the cabinet though the source no longer has it makes reports too high: that is no equality, and
// can be mended.
func TestWhatIsKeptIsADifferenceThatARepairRemovesWhenAsked(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newShop(t, "Капучино", "", 0, 10, 20, 30)
	require.Contains(t, v.mustInit(c, "", "--source", "Ленина, 5"), "What is deleted here of receipt stays in the cabinet (`deletes: never`)")
	v.mustRun("sync")
	v.exec("DELETE FROM checks WHERE id = 1")
	require.Contains(t, v.mustRun("sync"), "0 sent")
	require.Equal(t, 3, c.sales().Receipts)
	code, out := v.run("verify")
	require.Equal(t, 1, code)
	require.Contains(t, out, "KEPT: 1 receipt (2026-05-25 to 2026-05-25): the source no longer has them")
	require.Contains(t, out, "The cabinet does NOT hold the same as the source.")
	for _, nobodySaysYes := range []func() (int, string){
		func() (int, string) { return v.run("verify", "--repair") },
		func() (int, string) { return v.tell("n\n", "verify", "--repair") },
		func() (int, string) { return v.tell("", "verify", "--repair") },
	} {
		code, out = nobodySaysYes()
		require.Equal(t, 1, code)
		require.Contains(t, out, "1 records differ still")
		require.Equal(t, 3, c.sales().Receipts)
	}
	code, out = v.tell("y\n", "verify", "--repair")
	require.Equal(t, 0, code, out)
	require.Contains(t, out, "Remove them from the cabinet? [y/N]")
	require.Equal(t, 2, c.sales().Receipts)
	v.mustRun("verify")
	v.exec("DELETE FROM checks WHERE id = 2")
	v.mustRun("verify", "--repair", "--yes")
	require.Equal(t, 1, c.sales().Receipts)
	require.Contains(t, v.mustRun("verify"), "The cabinet holds the same as the source.")
	v.exec("INSERT INTO checks VALUES (2, '2026-05-25 12:01:00', 1, 'Капучино', 20)")
	v.mustRun("sync")
	require.Equal(t, 2, c.sales().Receipts, "a row that comes back counts again")
}

// What vanished while the state was gone, and on another computer, is found all the same.
func TestWhatVanishedWhileTheStateWasGoneIsFound(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newShop(t, "Капучино", "", 0, 10, 20, 30)
	v.mustInit(c, "", "--source", "Ленина, 5")
	v.exec("INSERT INTO goods VALUES (2, 'Чай')")
	v.mustRun("sync")
	for round, files := range [][]string{{"agent.state"}, {"agent.state", "agent.yaml"}} {
		for _, file := range files {
			require.NoError(t, os.Remove(filepath.Join(v.dir, file)))
		}
		v.exec("DELETE FROM checks WHERE id = ?", 1+round)
		v.mustInit(c, "")
		v.mustRun("sync")
		code, out := v.run("verify")
		require.Equal(t, 1, code)
		require.Contains(t, out, "KEPT: 1 receipt")
		v.mustRun("verify", "--repair", "--yes")
		require.Equal(t, 2-round, c.sales().Receipts)
		v.mustRun("verify")
	}
	require.NoError(t, os.Remove(filepath.Join(v.dir, "agent.state")))
	v.exec("DELETE FROM goods WHERE id = 2")
	require.Contains(t, v.mustRun("sync"), "1 of them deletions", "a kind that detects deletions deletes it at once")
	v.mustRun("verify")
}

// Records that belong to no source are nobody's to prove: the reports hold them, and the source does not.
func TestRecordsOfNoSourceAreADifference(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newShop(t, "Капучино", "", 0, 10)
	v.mustInit(c, "", "--source", "Ленина, 5")
	v.mustRun("sync")
	stranger, err := client.New(c.url, client.Token(c.key))
	require.NoError(t, err)
	device := uuid.New()
	_, err = stranger.Push(ctx, device, []client.Change{{
		Kind: "product", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"Чужой","type":"dish"}`),
	}}, client.Compact)
	require.NoError(t, err)
	for _, command := range [][]string{{"verify"}, {"verify", "--repair", "--yes"}} {
		code, out := v.run(command...)
		require.Equal(t, 1, code)
		require.Contains(t, out, "OTHERS: 1 product of the device "+device.String()+", which belongs to no database")
	}
	_, err = stranger.Hello(ctx, client.Hello{DeviceID: device, LocalTime: time.Now()})
	require.NoError(t, err)
	_, err = stranger.RegisterSource(ctx, client.SourceClaim{Name: "Сайт", DeviceID: device})
	require.NoError(t, err)
	require.Contains(t, v.mustRun("verify"), "OTHERS: 1 product of «Сайт»")
}

// A shared record that another source has changed later is its own: it is said, and no repair goes over it.
func TestARepairLeavesAloneWhatAnotherSourceHasChanged(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	first, second := newShop(t, "Капучино", "shared: true, ", 0, 10), newShop(t, "Капучино", "shared: true, ", 7, 4)
	for name, v := range map[string]*outlet{"Ленина, 5": first, "Мира, 1": second} {
		v.mustInit(c, "", "--source", name)
		v.mustRun("sync")
	}
	second.exec("UPDATE goods SET title = 'Капучино большой'")
	second.mustRun("sync")
	want, _ := c.feed()
	for _, command := range [][]string{{"verify"}, {"verify", "--repair", "--yes"}} {
		code, out := first.run(command...)
		require.Equal(t, 1, code)
		require.Contains(t, out, "DIFFERENT: 1 product are shared, and another database has changed them later")
	}
	require.Contains(t, first.mustRun("sync", "--full"), "0 sent")
	got, _ := c.feed()
	require.Equal(t, want, got)
	first.exec("UPDATE goods SET title = 'Капучино большой'")
	first.mustRun("sync")
	first.mustRun("verify")
	second.mustRun("verify")
}
