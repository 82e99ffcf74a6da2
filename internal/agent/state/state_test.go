package state_test

import (
	"bufio"
	"bytes"
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
	bad.Status, bad.Code, bad.Errors = state.Rejected, "required", []client.FieldError{{Field: "total", Code: "required", Message: "must be given"}}
	later.Status = state.Waiting
	require.NoError(t, s.Acknowledge(ctx, "receipt", []state.Record{good, bad, later}, ""))

	list, err := notAccepted(s, "receipt", state.Rejected)
	require.NoError(t, err)
	require.Equal(t, []state.Record{bad}, list)
	list, err = notAccepted(s, "receipt", state.Rejected, state.Waiting)
	require.NoError(t, err)
	require.Len(t, list, 2)
	counts, err := s.Counts(ctx)
	require.NoError(t, err)
	require.Equal(t, []state.Count{
		{Kind: "receipt", Status: state.Accepted, Records: 1}, {Kind: "receipt", Status: state.Rejected, Records: 1}, {Kind: "receipt", Status: state.Waiting, Records: 1},
	}, counts)

	bad.Status, bad.Code, bad.Errors = state.Accepted, "", nil
	require.NoError(t, s.Acknowledge(ctx, "receipt", []state.Record{bad}, ""))
	list, err = notAccepted(s, "receipt", state.Rejected)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestOutstandingIsWhatTheCabinetHas(t *testing.T) {
	s, _ := open(t)
	here, gone, dead := record("1"), record("2"), record("3")
	dead.Deleted = true
	require.NoError(t, s.Acknowledge(ctx, "unit", []state.Record{here, gone, dead}, ""))
	list, err := outstandingOf(s, "unit")
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]bool{here.ID: false, gone.ID: false}, list)
}

// However many records there are, few of them are in memory at once, and none twice; what is
// written meanwhile is in nobody's way.
func TestRecordsAreReadSomeAtATime(t *testing.T) {
	s, _ := open(t)
	const count = 2500
	var records []state.Record
	for i := range count {
		r := record(strconv.Itoa(i))
		r.Status, r.Deleted = state.Waiting, i%2 == 0
		records = append(records, r)
	}
	require.NoError(t, s.Acknowledge(ctx, "unit", records, ""))
	seen := map[uuid.UUID]bool{}
	require.NoError(t, s.NotAccepted(ctx, "unit", []state.Status{state.Rejected, state.Waiting}, func(page []state.Record) error {
		require.LessOrEqual(t, len(page), 1000)
		for i := range page {
			require.False(t, seen[page[i].ID])
			seen[page[i].ID] = true
			page[i].Status = state.Accepted
		}
		return s.Acknowledge(ctx, "unit", page, "")
	}))
	require.Len(t, seen, count)
	last, dead := uuid.Nil, 0
	require.NoError(t, s.Tombstones(ctx, "unit", func(page []state.Record) error {
		require.LessOrEqual(t, len(page), 1000)
		for i := range page {
			require.Negative(t, bytes.Compare(last[:], page[i].ID[:]), "in the order of their ids")
			last = page[i].ID
			dead++
		}
		return nil
	}))
	require.Equal(t, count/2, dead)
	first, troubles, err := s.Troubles(ctx, "unit", 10)
	require.NoError(t, err)
	require.Empty(t, first)
	require.Zero(t, troubles)
}

func TestOnlyTheFirstTroublesAreRead(t *testing.T) {
	s, _ := open(t)
	var records []state.Record
	for i := range 30 {
		r := record(strconv.Itoa(i))
		r.Status = []state.Status{state.Accepted, state.Rejected, state.Stale}[i%3]
		if i > 20 {
			r.Code = "conflict"
		}
		records = append(records, r)
	}
	require.NoError(t, s.Acknowledge(ctx, "unit", records, ""))
	first, count, err := s.Troubles(ctx, "unit", 4)
	require.NoError(t, err)
	require.Len(t, first, 4)
	require.Equal(t, 13, count, "what is simply older than the cabinet's is none")
}

func notAccepted(s *state.State, kind string, statuses ...state.Status) (list []state.Record, err error) {
	return list, s.NotAccepted(ctx, kind, statuses, func(page []state.Record) error {
		list = append(list, page...)
		return nil
	})
}

func tombstones(s *state.State, kind string) (list []state.Record, err error) {
	return list, s.Tombstones(ctx, kind, func(page []state.Record) error {
		list = append(list, page...)
		return nil
	})
}

// outstandingOf says of each whether it is deleted here already.
func outstandingOf(s *state.State, kind string) (map[uuid.UUID]bool, error) {
	deleted := map[uuid.UUID]bool{}
	return deleted, s.Outstanding(ctx, kind, func(page []state.Outstanding) error {
		for _, one := range page {
			deleted[one.ID] = one.Deleted
		}
		return nil
	})
}

func TestStateKnowsWhoseFeedItGoesWith(t *testing.T) {
	s, _ := open(t)
	org := uuid.New()
	changed, err := s.Adopt(ctx, org, org, "epoch 1", true)
	require.NoError(t, err)
	require.True(t, changed, "nothing is known of it yet")
	require.NoError(t, s.Settle(ctx, "epoch 1"))
	alive, dead := record("1"), record("2")
	dead.Deleted = true
	require.NoError(t, s.Acknowledge(ctx, "unit", []state.Record{alive, dead}, ""))
	require.NoError(t, s.Reached(ctx, "unit", state.Kind{Mark: &source.Value{Type: source.Text, Text: "2026"}, FullScanAt: time.Unix(5, 0), Fingerprint: "f"}))
	deletions, err := tombstones(s, "unit")
	require.NoError(t, err)
	require.Equal(t, []state.Record{dead}, deletions)

	for range 2 {
		changed, err = s.Adopt(ctx, org, org, "epoch 2", true)
		require.NoError(t, err)
		require.True(t, changed, "until it is settled")
	}
	require.NoError(t, s.Settle(ctx, "epoch 2"))
	changed, err = s.Adopt(ctx, org, org, "epoch 2", true)
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
	list, err := outstandingOf(s, "unit")
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]bool{alive.ID: false, dead.ID: true}, list, "the deletion too")

	changed, err = s.Adopt(ctx, uuid.New(), org, "epoch 3", true)
	require.NoError(t, err)
	require.True(t, changed)
	counts, err := s.Counts(ctx)
	require.NoError(t, err)
	require.Empty(t, counts, "its records are none of this organization's")

	for range 2 {
		changed, err = s.Adopt(ctx, org, org, "epoch 3", true)
		require.NoError(t, err)
		require.True(t, changed)
		require.NoError(t, s.Settle(ctx, "epoch 3"))
		require.NoError(t, s.Acknowledge(ctx, "unit", []state.Record{alive}, ""))
		changed, err = s.Adopt(ctx, org, uuid.New(), "epoch 3", true)
		require.NoError(t, err)
		require.True(t, changed)
		counts, err = s.Counts(ctx)
		require.NoError(t, err)
		require.Empty(t, counts, "its records are none of this source's")
	}
}
