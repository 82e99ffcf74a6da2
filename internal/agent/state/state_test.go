package state_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

var ctx = context.Background()

const writeForever = "INTERPOS_TEST_WRITE_STATE"

// TestMain is a second program too: one that acknowledges batches until it is
// killed, and says each after it is kept.
func TestMain(m *testing.M) {
	path := os.Getenv(writeForever)
	if path == "" {
		os.Exit(m.Run())
	}
	s, err := state.Open(ctx, path)
	for n := 0; err == nil; n++ {
		err = s.Acknowledge(ctx, "unit", batch(n), "")
		fmt.Println(n)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func batch(n int) []state.Record {
	records := make([]state.Record, 50)
	for i := range records {
		key := strconv.Itoa(n*50 + i)
		records[i] = record(key)
	}
	return records
}

func record(key string) state.Record {
	return state.Record{
		ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(key)), Key: source.Value{Type: source.Number, Text: key},
		Hash: []byte("hash of " + key), ModifiedAt: time.UnixMicro(1779728594000000).UTC(), Status: state.Accepted, Version: 1,
	}
}

func open(t *testing.T) (*state.State, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "agent.state")
	s, err := state.Open(ctx, path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s, path
}

func TestKilledWriterLosesNothingItHasSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "agent.state")
	for round := range 8 {
		said := killed(t, path, time.Duration(20+round*15)*time.Millisecond)
		s, err := state.Open(ctx, path)
		require.NoError(t, err, "the lock went with the process")
		for n := range said + 1 {
			want := batch(n)
			known, err := s.Known(ctx, "unit", []uuid.UUID{want[0].ID, want[49].ID})
			require.NoError(t, err)
			require.Equal(t, want[0], known[want[0].ID])
			require.Len(t, known, 2, "all of a batch, or nothing")
		}
		require.NoError(t, s.Close())
	}
}

// killed runs the second program until it has written for a while, kills it
// and gives the last batch that it said.
func killed(t *testing.T, path string, after time.Duration) (said int) {
	t.Helper()
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), writeForever+"="+path)
	out, err := program.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, program.Start())
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan(), "it writes")
	time.AfterFunc(after, func() { _ = program.Process.Kill() })
	for text := lines.Text(); ; text = lines.Text() {
		if n, err := strconv.Atoi(text); err == nil {
			said = n
		}
		if !lines.Scan() {
			break
		}
	}
	require.Error(t, program.Wait())
	return said
}

func TestSecondAgentIsTurnedAway(t *testing.T) {
	s, path := open(t)
	_, err := state.Open(ctx, path)
	require.ErrorIs(t, err, state.ErrBusy)
	watcher, err := state.View(path)
	require.NoError(t, err)
	_, err = watcher.Counts(ctx)
	require.NoError(t, err, "looking is allowed")
	require.NoError(t, watcher.Close())
	require.NoError(t, s.Close())
	again, err := state.Open(ctx, path)
	require.NoError(t, err)
	require.NoError(t, again.Close())
}

func TestAnswersAreKeptAndShown(t *testing.T) {
	s, _ := open(t)
	good, bad, later := record("1"), record("2"), record("3")
	bad.Status, bad.Code, bad.Errors = state.Rejected, "total_mismatch", []client.FieldError{{Field: "total", Code: "total_mismatch", Message: "must add up"}}
	later.Status = state.Waiting
	require.NoError(t, s.Acknowledge(ctx, "receipt", []state.Record{good, bad, later}, ""))

	list, err := s.NotAccepted(ctx, "receipt", state.Rejected)
	require.NoError(t, err)
	require.Equal(t, []state.Record{bad}, list)
	list, err = s.NotAccepted(ctx, "receipt", state.Rejected, state.Waiting)
	require.NoError(t, err)
	require.Len(t, list, 2)
	counts, err := s.Counts(ctx)
	require.NoError(t, err)
	require.Equal(t, []state.Count{
		{Kind: "receipt", Status: state.Accepted, Records: 1}, {Kind: "receipt", Status: state.Rejected, Records: 1}, {Kind: "receipt", Status: state.Waiting, Records: 1},
	}, counts)

	bad.Status, bad.Code, bad.Errors = state.Accepted, "", nil
	require.NoError(t, s.Acknowledge(ctx, "receipt", []state.Record{bad}, ""))
	list, err = s.NotAccepted(ctx, "receipt", state.Rejected)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestOutstandingIsWhatTheSourceLacks(t *testing.T) {
	s, _ := open(t)
	here, gone, dead := record("1"), record("2"), record("3")
	dead.Deleted = true
	require.NoError(t, s.Acknowledge(ctx, "unit", []state.Record{here, gone, dead}, ""))
	list, err := s.Outstanding(ctx, "unit", map[uuid.UUID]bool{here.ID: true})
	require.NoError(t, err)
	require.Equal(t, []state.Record{gone}, list)
}

func TestStateKnowsWhoseFeedItGoesWith(t *testing.T) {
	s, _ := open(t)
	changed, err := s.Adopt(ctx, "org", "epoch 1", true)
	require.NoError(t, err)
	require.True(t, changed, "nothing is known of it yet")
	require.NoError(t, s.Settle(ctx, "epoch 1"))
	alive, dead := record("1"), record("2")
	dead.Deleted = true
	require.NoError(t, s.Acknowledge(ctx, "unit", []state.Record{alive, dead}, ""))
	require.NoError(t, s.Reached(ctx, "unit", state.Kind{Mark: &source.Value{Type: source.Text, Text: "2026"}, FullScanAt: time.Unix(5, 0), Fingerprint: "f"}))
	tombstones, err := s.Tombstones(ctx, "unit")
	require.NoError(t, err)
	require.Equal(t, []state.Record{dead}, tombstones)

	for range 2 {
		changed, err = s.Adopt(ctx, "org", "epoch 2", true)
		require.NoError(t, err)
		require.True(t, changed, "until it is settled")
	}
	require.NoError(t, s.Settle(ctx, "epoch 2"))
	changed, err = s.Adopt(ctx, "org", "epoch 2", true)
	require.NoError(t, err)
	require.False(t, changed)
	kind, err := s.Kind(ctx, "unit")
	require.NoError(t, err)
	require.Equal(t, "2026", kind.Mark.Text)

	require.NoError(t, s.Restart(ctx, "epoch 3"))
	kind, err = s.Kind(ctx, "unit")
	require.NoError(t, err)
	require.Zero(t, kind)
	known, err := s.Known(ctx, "unit", []uuid.UUID{alive.ID})
	require.NoError(t, err)
	require.Empty(t, known[alive.ID].Hash)
	list, err := s.Outstanding(ctx, "unit", map[uuid.UUID]bool{alive.ID: true})
	require.NoError(t, err)
	require.Len(t, list, 1, "the deletion too")

	changed, err = s.Adopt(ctx, "another org", "epoch 3", true)
	require.NoError(t, err)
	require.True(t, changed)
	counts, err := s.Counts(ctx)
	require.NoError(t, err)
	require.Empty(t, counts, "its records are none of this organization's")
}
