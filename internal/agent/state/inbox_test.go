package state_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

var (
	here     = uuid.New()
	kinds    = []string{"customer", "unit"}
	modified = time.UnixMicro(1779728594000000).UTC()
)

func came(seq int64, name string, version int64) client.FeedChange {
	return client.FeedChange{
		Kind: "unit", ID: record(name).ID, Version: version, Seq: seq, ModifiedAt: modified.Add(time.Duration(version) * time.Second),
		DeviceID: uuid.NameSpaceDNS, Data: json.RawMessage(`{"name":"` + name + `"}`),
	}
}

func page(cursor string, more bool, changes ...client.FeedChange) client.Changes {
	return client.Changes{Changes: changes, Cursor: cursor, More: more}
}

func inbox(t *testing.T, s *state.State) state.Inbox {
	t.Helper()
	at, err := s.Inbox(ctx, kinds)
	require.NoError(t, err)
	return at
}

func receive(t *testing.T, s *state.State, p client.Changes) (fresh int) {
	t.Helper()
	fresh, err := s.Receive(ctx, inbox(t, s), p, here)
	require.NoError(t, err)
	return fresh
}

func waiting(t *testing.T, s *state.State) (list []state.Received, names []string) {
	t.Helper()
	list, err := s.Undelivered(ctx, "unit", 100)
	require.NoError(t, err)
	for _, r := range list {
		names = append(names, fmt.Sprint(string(r.Data), r.Version, r.Deleted))
	}
	return list, names
}

func TestWhatComesIsKeptWithItsCursorAndHandedOverInOrder(t *testing.T) {
	s, _ := open(t)
	require.Equal(t, state.Inbox{Kinds: kinds, Reading: 1}, inbox(t, s))
	require.Equal(t, 2, receive(t, s, page("a", true, came(1, "x", 1), came(2, "y", 1))))
	at := inbox(t, s)
	require.Equal(t, []any{"a", false}, []any{at.Cursor, at.Whole})
	require.Equal(t, 2, receive(t, s, page("b", false, came(4, "x", 2), came(5, "z", 1))))
	require.True(t, inbox(t, s).Whole)

	list, names := waiting(t, s)
	require.Equal(t, []string{`{"name":"y"}1 false`, `{"name":"x"}2 false`, `{"name":"z"}1 false`}, names, "each at its latest change")
	receive(t, s, page("c", false, came(6, "y", 2))) // while the command is at work
	require.NoError(t, s.MarkDelivered(ctx, list))
	_, names = waiting(t, s)
	require.Equal(t, []string{`{"name":"y"}2 false`}, names, "what has come since is not taken for handed over")
	handed, err := s.Delivered(ctx, "unit", []uuid.UUID{list[0].ID, list[1].ID, uuid.New()})
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]state.Delivered{list[0].ID: {Version: 1}, list[1].ID: {Version: 2, ModifiedAt: list[1].ModifiedAt}}, handed,
		"of the first there is something newer")
	counts, err := s.InboxCounts(ctx)
	require.NoError(t, err)
	require.Equal(t, []state.InboxCount{{Kind: "unit", Received: 3, Waiting: 1}}, counts)

	_, err = s.Receive(ctx, at, page("d", false, came(7, "x", 3)), here)
	require.ErrorIs(t, err, state.ErrOvertaken, "an answer to an earlier question")
	require.Equal(t, "c", inbox(t, s).Cursor)
}

func TestAReadingFromTheBeginningFindsWhatWasDeletedMeanwhile(t *testing.T) {
	s, _ := open(t)
	dead := came(3, "dead", 2)
	dead.Deleted, dead.Data = true, json.RawMessage("{}")
	receive(t, s, page("a", false, came(1, "kept", 1), came(2, "gone", 1), dead, came(4, "mine since", 1), came(5, "changed", 1)))
	list, _ := waiting(t, s)
	require.NoError(t, s.MarkDelivered(ctx, list))

	_, err := s.Reread(ctx, inbox(t, s))
	require.NoError(t, err)
	mine := came(9, "mine since", 2)
	mine.DeviceID = here
	require.Equal(t, 0, receive(t, s, page("b", true, came(7, "kept", 1), mine)))
	_, names := waiting(t, s)
	require.Empty(t, names, "nothing is given up before the end")
	require.Equal(t, 2, receive(t, s, page("c", false, came(10, "changed", 2))))
	_, names = waiting(t, s)
	require.Equal(t, []string{`{"name":"changed"}2 false`, `{}1 true`}, names)
	counts, err := s.InboxCounts(ctx)
	require.NoError(t, err)
	require.Equal(t, 4, counts[0].Received, "a deletion that was handed over is forgotten")

	other, err := s.Inbox(ctx, []string{"unit"})
	require.NoError(t, err)
	require.Equal(t, []any{"", int64(3)}, []any{other.Cursor, other.Reading}, "other kinds are read from the beginning")
}

func TestAnOlderStateDoesNotTakeBackWhatTheSourceSendsToo(t *testing.T) {
	s, _ := open(t)
	receive(t, s, page("a", false, came(1, "both ways", 3), came(2, "one way", 3)))
	list, _ := waiting(t, s)
	require.NoError(t, s.MarkDelivered(ctx, list))
	_, err := s.Reread(ctx, inbox(t, s))
	require.NoError(t, err)

	read := func(cursor string, name string, version int64, sent ...string) (names []string) {
		at := inbox(t, s)
		at.Sent = sent
		_, err := s.Receive(ctx, at, page(cursor, true, came(9, name, version)), here)
		require.NoError(t, err)
		_, names = waiting(t, s)
		return names
	}
	require.Empty(t, read("b", "both ways", 2, "unit"))
	require.Len(t, read("c", "one way", 2), 1)
	require.Len(t, read("d", "both ways", 4, "unit"), 2)
	require.Zero(t, receive(t, s, page("e", false)), "all were met")
}

// A disk that is full keeps all of a page or nothing of it, cursor and all, and what
// was there.
func TestAFullDiskLosesNothing(t *testing.T) {
	s, _ := open(t)
	receive(t, s, page("a", false, came(1, "x", 1)))
	s.LimitPages(t, true)
	var many []client.FeedChange
	for i := range 5000 {
		many = append(many, came(int64(i+2), fmt.Sprint("n", i), 1))
	}
	_, err := s.Receive(ctx, inbox(t, s), page("b", false, many...), here)
	require.ErrorContains(t, err, "database or disk is full")
	require.ErrorContains(t, s.Acknowledge(ctx, "unit", manyRecords(5000), "later"), "database or disk is full")
	require.Equal(t, "a", inbox(t, s).Cursor)
	known, err := s.Known(ctx, "unit", []uuid.UUID{record("0").ID})
	require.NoError(t, err)
	require.Empty(t, known)

	s.LimitPages(t, false)
	require.Equal(t, 5000, receive(t, s, page("b", false, many...)))
	require.NoError(t, s.Acknowledge(ctx, "unit", manyRecords(5000), "later"))
	list, err := s.Undelivered(ctx, "unit", 6000)
	require.NoError(t, err)
	require.Len(t, list, 5001)
}

func manyRecords(n int) (list []state.Record) {
	for i := range n {
		list = append(list, record(fmt.Sprint(i)))
	}
	return list
}
