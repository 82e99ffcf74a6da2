//go:build linux

package agent_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/client"
)

// testPatience is for what happens within seconds on a machine that has nothing else
// to do.
const testPatience = 5 * time.Minute // a look that is held up for ten seconds is followed by three minutes without one

// running is an agent that keeps going, in a process of its own.
type running struct {
	*outlet
	process *exec.Cmd
	mu      sync.Mutex
	text    bytes.Buffer
}

// Write takes what the agent says.
func (r *running) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *running) said() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// start runs an agent that looks often.
func (v *outlet) start(flags ...string) *running {
	v.Helper()
	r := &running{outlet: v}
	r.process = exec.Command(os.Args[0], append([]string{"run", "--config", v.config, "--every", "200ms", "--whole", "1s"}, flags...)...)
	r.process.Env = append(os.Environ(), beAgent+"=1")
	r.process.Stdout, r.process.Stderr = r, r
	require.NoError(v, r.process.Start())
	v.Cleanup(func() { r.kill() })
	return r
}

func (r *running) kill() {
	_ = r.process.Process.Kill()
	_ = r.process.Wait()
}

func (r *running) says(text string) {
	r.Helper()
	require.Eventually(r, func() bool { return strings.Contains(r.said(), text) }, testPatience, 20*time.Millisecond, "%q is not said", text)
}

// same waits until the cabinet holds what the source holds.
func (r *running) same() {
	r.Helper()
	r.sameUnless(func() bool { return false })
}

// sameUnless is same that gives up as soon as something shows that it will not come to that.
func (r *running) sameUnless(hopeless func() bool) {
	r.Helper()
	var found string
	for started := time.Now(); time.Since(started) < testPatience && !hopeless(); time.Sleep(100 * time.Millisecond) {
		var code int
		if code, found = r.run("verify"); code == 0 {
			return
		}
	}
	require.Fail(r, "the cabinet does not hold the same", "%s\n%s", found, r.said())
}

// device is another one of the same organization.
type device struct {
	*cabinet
	*client.Client
	id uuid.UUID
}

func (c *cabinet) device() *device {
	c.Helper()
	other, err := client.New(c.url, client.Token(c.key))
	require.NoError(c, err)
	return &device{c, other, uuid.New()}
}

// push sends changes, each of which is applied.
// push is repeated where the cabinet has just lost its database.
func (d *device) push(changes ...client.Change) {
	d.Helper()
	require.NoError(d, client.RetryPolicy{First: 20 * time.Millisecond, GiveUp: time.Minute}.Do(ctx, func(context.Context) error {
		pushed, err := d.Push(ctx, d.id, changes, client.Compact)
		for _, result := range pushed.Results {
			require.Contains(d, []client.Status{client.Applied, client.Unchanged}, result.Status, "%+v", result)
		}
		return err
	}))
}

func TestAChangeIsOnAnotherDeviceWithinSeconds(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	r := v.start()
	r.says("Connected to the organization «Булочная»")
	r.same()

	other := c.device()
	_, head := c.feed()
	welcome, err := other.Hello(ctx, client.Hello{DeviceID: other.id, LocalTime: time.Now()})
	require.NoError(t, err)
	require.Equal(t, head, welcome.Feed.Head)
	cursor := welcome.Feed.Cursor
	var took []time.Duration
	for n := range 12 {
		v.exec("UPDATE checks SET guests = ?, changed_at = ? WHERE id = 1", n+20, time.Now().Format(time.RFC3339Nano))
		written := time.Now()
		var page client.Changes
		for len(page.Changes) == 0 && time.Since(written) < testPatience { // a look that was held up is followed by a long pause
			page, err = other.Changes(ctx, client.Page{Cursor: cursor, Wait: 30 * time.Second})
			require.NoError(t, err)
		}
		require.Len(t, page.Changes, 1, r.said())
		require.Contains(t, string(page.Changes[0].Data), `"guests":`)
		took, cursor = append(took, time.Since(written)), page.Cursor
	}
	slices.Sort(took)
	t.Logf("from the till to another device: median %s, longest %s", took[len(took)/2], took[len(took)-1])

	v.exec("DELETE FROM waste_reasons WHERE id = 5")
	v.exec("UPDATE units SET title = 'Литр, под старой отметкой' WHERE short = 'л'")
	require.Eventually(t, func() bool {
		page, err := other.Changes(ctx, client.Page{Cursor: cursor, Kinds: []string{"waste_reason"}, Wait: time.Second})
		return err == nil && len(page.Changes) == 1 && page.Changes[0].Deleted
	}, testPatience, 10*time.Millisecond, "what has vanished is found by the look at everything")
	require.Equal(t, 1, strings.Count(r.said(), "Connected"), "only what changes is said")
}

func TestARunningAgentEndsAtOnceAndCleanly(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.receive("customer: {command: [sh, -c, 'sleep 300']}")
	c.device().push(customer("1"))
	r := v.start()
	r.same()
	r.says("Received 1 records")
	started := time.Now()
	require.NoError(t, r.process.Process.Signal(syscall.SIGTERM))
	require.NoError(t, r.process.Wait(), "exit code 0, though a poll is held and a command runs")
	require.Less(t, time.Since(started), 20*time.Second, "the poll is held for thirty, and the command takes three hundred")
	t.Logf("ended within %s", time.Since(started))
	require.Contains(t, v.status(), "Running:       no")

	c.stop()
	defer c.start(hostOf(c.url))
	r = v.start()
	r.says("no answer from the cabinet")
	require.NoError(t, r.process.Process.Signal(syscall.SIGTERM))
	require.NoError(t, r.process.Wait())
}

func hostOf(address string) string {
	parsed, _ := url.Parse(address)
	return parsed.Host
}

func TestStatusTellsOfARunningAgentAndThereIsOnlyOne(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	r := v.start()
	r.same()
	require.Eventually(t, func() bool {
		status := v.status()
		return strings.Contains(status, "Running:       since 20") && strings.Contains(status, "has last answered 20")
	}, testPatience, 50*time.Millisecond)
	code, out := v.run("run")
	require.Equal(t, 75, code)
	require.Contains(t, out, "another agent is at work")
	r.kill()
	require.Contains(t, v.status(), "Running:       no", "it was killed")
}

func TestACabinetThatIsAwayIsSaidOnceAndWaitedFor(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.receive("customer: {command: ['true']}")
	r := v.start()
	r.same()
	for round := range 2 {
		c.stop()
		v.exec("UPDATE checks SET guests = ?, changed_at = ? WHERE id = 1", round+20, time.Now().Format(time.RFC3339Nano))
		require.Eventually(t, func() bool { return strings.Count(r.said(), "the agent goes on trying") == round+1 }, testPatience, 20*time.Millisecond, r.said())
		require.Eventually(t, func() bool { return strings.Contains(v.status(), "no answer from the cabinet") }, testPatience, 50*time.Millisecond)
		time.Sleep(2 * time.Second) // it goes on trying meanwhile
		c.start(hostOf(c.url))
		require.Eventually(t, func() bool { return strings.Count(r.said(), "The cabinet answers again.") == round+1 }, testPatience, 20*time.Millisecond, r.said())
		r.same()
	}
	require.Equal(t, 2, strings.Count(r.said(), "the agent goes on trying"), "said once each time")
}

func TestAReplacedKeyIsTakenOverWithoutARestart(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.receive("customer: {command: ['true']}")
	r := v.start()
	r.same()
	key, err := c.user.ReplaceSyncKey(ctx, c.org.ID)
	require.NoError(t, err)
	v.exec("UPDATE checks SET guests = 33, changed_at = ? WHERE id = 1", time.Now().Format(time.RFC3339Nano))
	r.says("takes the new key over without a restart")
	require.Contains(t, r.said(), "agent init --config")
	_, err = agent.Init(ctx, v.config, agent.Config{URL: c.url, Key: key}, nobody{})
	require.NoError(t, err)
	r.says("The cabinet answers again.")
	r.same()
}

func TestALockedOrMissingSourceIsTriedAgain(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	v.exec("PRAGMA journal_mode = DELETE")
	r := v.start()
	r.same()
	held, err := v.db.Conn(ctx)
	require.NoError(t, err)
	_, err = held.ExecContext(ctx, "BEGIN EXCLUSIVE")
	require.NoError(t, err)
	r.says("database is locked")
	_, err = held.ExecContext(ctx, "UPDATE checks SET guests = 44, changed_at = ? WHERE id = 1", time.Now().Format(time.RFC3339Nano))
	require.NoError(t, err)
	_, err = held.ExecContext(ctx, "COMMIT")
	require.NoError(t, err)
	require.NoError(t, held.Close())
	r.says("The source can be read again.")
	r.same()

	file := filepath.Join(v.dir, "pos.db")
	require.NoError(t, os.Rename(file, file+".away"))
	r.says("no such file")
	require.NoError(t, os.Rename(file+".away", file))
	require.Eventually(t, func() bool { return strings.Count(r.said(), "The source can be read again.") == 2 }, testPatience, 20*time.Millisecond, r.said())
	require.Equal(t, 1, strings.Count(r.said(), "database is locked"), "said once")
	require.Equal(t, 1, strings.Count(r.said(), "no such file"), "said once")
}

// A kind without change marks is read whole now and then only; what is new in it is seen by its key.
func TestNewRowsAreSeenAtOnceWithoutChangeMarks(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	v.sync(agent.Options{})
	r := v.start("--whole", "24h")
	r.says("Connected to the organization")
	r.same()
	v.exec("INSERT INTO waste_reasons VALUES (77, 'Новая', '2020-01-01T00:00:00Z')")
	r.says("Sent 1 records (waste_reason 1).")
	v.exec("INSERT INTO waste_reasons VALUES (78, 'Ещё одна', '2020-01-01T00:00:00Z')")
	r.same()
}

// The limit on a file's size does what a full disk does: the state cannot grow.
func TestAFullDiskStopsTheSendingAndLosesNothing(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	r := v.start()
	r.same()
	limit := func(bytes string) {
		out, err := exec.Command("prlimit", "--pid", strconv.Itoa(r.process.Process.Pid), "--fsize="+bytes+":unlimited").CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	limit("1")
	v.exec("UPDATE checks SET guests = guests + 1, changed_at = ?", time.Now().Format(time.RFC3339Nano))
	r.says("write the state: ")
	require.Contains(t, r.said(), "the agent goes on trying")
	v.exec("UPDATE checks SET guests = 55, changed_at = ? WHERE id <= 9", time.Now().Format(time.RFC3339Nano))
	time.Sleep(time.Second)
	limit("unlimited")
	r.says("The agent is well again.")
	r.same()
}

func TestAKilledAgentGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 3)
	for round := range 10 {
		r := v.start()
		for range 3 {
			v.exec("UPDATE checks SET guests = ?, changed_at = ? WHERE id % 50 = ?", rand.IntN(90), time.Now().Format(time.RFC3339Nano), rand.IntN(50))
			time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
		}
		v.exec("INSERT INTO waste_reasons VALUES (?, 'Новая', ?)", 100+round, time.Now().Format(time.RFC3339Nano))
		v.exec("DELETE FROM waste_reasons WHERE id = ?", 98+round)
		r.kill()
	}
	r := v.start()
	r.says("The agent is at work") // else a look at its state could get in its way
	r.same()
	code, out := v.run("verify")
	require.Zero(t, code, out)
}

func TestARestoredBackupIsFoundWhileTheAgentRuns(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 2)
	r := v.start()
	r.same()
	restore := c.backup()
	v.exec("UPDATE checks SET guests = 9, changed_at = ? WHERE id <= 10", time.Now().Format(time.RFC3339Nano))
	r.same()
	restore()
	c.others(30)
	v.exec("UPDATE checks SET guests = 8, changed_at = ? WHERE id = 20", time.Now().Format(time.RFC3339Nano))
	r.same()
	r.says("found out by digests")
}

func TestRunsWordsAreChecked(t *testing.T) {
	t.Parallel()
	v := &outlet{T: t, dir: t.TempDir(), config: filepath.Join(t.TempDir(), "none.yaml")}
	code, out := v.run("run", "--every", "1ms")
	require.Equal(t, 2, code)
	require.Contains(t, out, "--every must be at least 100ms")
	code, out = v.run("run")
	require.Equal(t, 1, code)
	require.Contains(t, out, "make it with `agent init`")
}

func TestTheCabinetsClockIsAskedAgainWhenTheTillsIsSet(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	v := newOutlet(t, c, 1)
	clock := agent.NewClock()
	alive, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		options := agent.RunOptions{Every: 200 * time.Millisecond, Whole: time.Second, Say: func(line string) { t.Log(line) }}
		ended <- agent.RunWithClock(alive, v.config, clock, options)
	}()
	seen := func() (hours int) {
		var status struct {
			Items []struct {
				Skew int64 `json:"clock_skew_seconds"`
			}
		}
		require.NoError(t, c.user.Get(ctx, c.org.ID, "sync/devices", &status))
		require.Len(t, status.Items, 1)
		return int((time.Duration(status.Items[0].Skew) * time.Second).Round(time.Hour).Hours())
	}
	(&running{outlet: v}).same()
	require.Zero(t, seen())
	clock.Set(7 * time.Hour)
	require.Eventually(t, func() bool { return seen() == 7 }, testPatience, 50*time.Millisecond)
	v.exec("UPDATE units SET title = 'После скачка' WHERE short = 'л'") // a change without a mark of its own
	(&running{outlet: v}).same()
	stop()
	require.NoError(t, <-ended)
}
