//go:build linux

package main_test

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/programtest"
)

// Server and agent are killed in turns while the venue goes on selling and another
// device writes too: both sides end with the same.
func TestARunningAgentGetsOverKillsOfBothSides(t *testing.T) {
	s := programtest.NewServer(t)
	key := s.Organization()
	dir := t.TempDir()
	source, mapping, config := filepath.Join(dir, "venue.db"), filepath.Join(dir, "mapping.yaml"), filepath.Join(dir, "agent.yaml")
	programtest.MakeSource(t, source, mapping, 5)
	text, err := os.ReadFile(mapping)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(mapping, append(text, "\nreceive:\n  customer: {command: [sh, -c, 'cat >> got']}\n"...), 0o600))
	programtest.Agent(t, "init", "--url", "http://"+s.Address, "--key", key, "--config", config, "--mapping", mapping)
	till, err := sql.Open("sqlite", source+"?_pragma=busy_timeout(30000)")
	require.NoError(t, err)
	defer till.Close()
	other, err := client.New("http://"+s.Address, client.Token(key))
	require.NoError(t, err)
	device, patience := uuid.New(), client.RetryPolicy{First: 50 * time.Millisecond, GiveUp: time.Minute}
	var guests []uuid.UUID
	moscow, err := time.LoadLocation("Europe/Moscow") // as the venue writes its marks: they are compared as texts
	require.NoError(t, err)

	for round := range kills {
		running := programtest.Command(t, "agent", "run", "--config", config, "--every", "200ms", "--whole", "1s")
		require.NoError(t, running.Start())
		for range 3 {
			_, err := till.Exec("UPDATE checks SET guests = ?, changed_at = ? WHERE id % 7 = ?", rand.IntN(90), time.Now().In(moscow).Format(time.RFC3339Nano), rand.IntN(7))
			require.NoError(t, err)
			guests = append(guests, uuid.New())
			change := client.Change{Kind: "customer", ID: guests[len(guests)-1], ModifiedAt: time.Now(), Data: []byte(`{"name":"Гость"}`)}
			require.NoError(t, patience.Do(t.Context(), func(ctx context.Context) error {
				_, err := other.Push(ctx, device, []client.Change{change}, client.Compact)
				return err
			}))
			time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
		}
		if round%2 == 0 {
			s.Kill()
			time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
			s.Start()
		}
		time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond)
		require.NoError(t, running.Process.Kill())
		_ = running.Wait()
	}

	running := programtest.Command(t, "agent", "run", "--config", config, "--every", "200ms", "--whole", "1s")
	require.NoError(t, running.Start())
	require.Eventually(t, func() bool { return programtest.Command(t, "agent", "verify", "--config", config).Run() == nil }, 5*time.Minute, 500*time.Millisecond)
	require.Eventually(t, func() bool {
		got, err := os.ReadFile(filepath.Join(dir, "got"))
		for _, id := range guests {
			if err != nil || !strings.Contains(string(got), id.String()) {
				return false
			}
		}
		return true
	}, 5*time.Minute, 100*time.Millisecond, "what came is handed over")
	require.NoError(t, running.Process.Signal(os.Interrupt))
	require.NoError(t, running.Wait(), "it ends cleanly")
}
