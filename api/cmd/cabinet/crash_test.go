//go:build linux

package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/programtest"
)

// kills is how often a process is killed in the middle of its work.
const kills = 8

func TestMain(m *testing.M) { programtest.Main(m) }

func TestAKilledServerLosesAndDoublesNothing(t *testing.T) {
	s := programtest.NewServer(t)
	key := s.Organization()
	stop, done := make(chan struct{}), make(chan struct{})
	var wanted []uuid.UUID
	var failure error
	go func() {
		defer close(done)
		wanted, failure = pushUntil(t.Context(), s.Address, key, stop)
	}()
	for range kills {
		time.Sleep(time.Duration(100+rand.IntN(900)) * time.Millisecond)
		s.Kill()
		s.Start()
	}
	close(stop)
	<-done
	require.NoError(t, failure)
	records := s.Feed(key)
	require.Len(t, records, len(wanted))
	for _, id := range wanted {
		require.EqualValues(t, 1, records["unit "+id.String()].Version, "%s is lost or was applied twice", id)
	}
	t.Logf("%d records", len(wanted))
}

// pushUntil pushes new records until it is stopped, each push again until it is
// acknowledged, and gives the ids of all of them.
func pushUntil(ctx context.Context, address, key string, stop <-chan struct{}) (ids []uuid.UUID, err error) {
	c, err := client.New("http://"+address, client.Token(key))
	if err != nil {
		return nil, err
	}
	device := uuid.New()
	patience := client.RetryPolicy{First: 20 * time.Millisecond, Most: 200 * time.Millisecond, GiveUp: 2 * time.Minute}
	for {
		select {
		case <-stop:
			return ids, nil
		default:
		}
		changes := make([]client.Change, 100)
		for i := range changes {
			changes[i] = client.Change{Kind: "unit", ID: uuid.New(), ModifiedAt: time.Now(), Data: json.RawMessage(`{"name":"kg"}`)}
			ids = append(ids, changes[i].ID)
		}
		err := patience.Do(ctx, func(ctx context.Context) error {
			pushed, err := c.Push(ctx, device, changes, client.Compact)
			for _, result := range pushed.Results {
				if result.Status != client.Applied && result.Status != client.Unchanged {
					return fmt.Errorf("%s is %s", result.ID, result.Status)
				}
			}
			return err
		})
		if err != nil {
			return ids, err
		}
	}
}

func TestAKilledAgentLosesAndDoublesNothing(t *testing.T) {
	s := programtest.NewServer(t)
	key := s.Organization()
	dir := t.TempDir()
	source, config := filepath.Join(dir, "venue.db"), filepath.Join(dir, "agent.yaml")
	programtest.MakeSource(t, source, filepath.Join(dir, "mapping.yaml"), 20)
	programtest.Agent(t, "init", "--url", "http://"+s.Address, "--key", key, "--config", config, "--mapping", filepath.Join(dir, "mapping.yaml"))
	killed := 0
	for range kills {
		process := programtest.Command(t, "agent", "sync", "--config", config)
		require.NoError(t, process.Start())
		time.Sleep(time.Duration(100+rand.IntN(700)) * time.Millisecond)
		if process.Process.Kill() == nil && process.Wait() != nil {
			killed++
		}
	}
	require.Positive(t, killed, "the agent was never caught at work")
	programtest.Agent(t, "sync", "--config", config)
	records := s.Feed(key)
	require.Greater(t, len(records), 1000)
	for name, record := range records {
		require.EqualValues(t, 1, record.Version, "%s was changed by a repeat", name)
	}

	unkilled := programtest.NewServer(t)
	calm, calmKey := filepath.Join(dir, "calm.yaml"), unkilled.Organization()
	programtest.Agent(t, "init", "--url", "http://"+unkilled.Address, "--key", calmKey, "--config", calm, "--mapping", filepath.Join(dir, "mapping.yaml"))
	programtest.Agent(t, "sync", "--config", calm)
	require.Equal(t, kindCounts(unkilled.Feed(calmKey)), kindCounts(records), "as many records of each kind as without a kill")
	t.Logf("%d kills, %d records", killed, len(records))
}

func kindCounts(records map[string]client.FeedChange) map[string]int {
	counts := map[string]int{}
	for _, record := range records {
		counts[record.Kind]++
	}
	return counts
}
