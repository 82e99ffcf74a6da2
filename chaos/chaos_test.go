//go:build linux

package chaos_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/programtest"
)

func TestMain(m *testing.M) { programtest.Main(m) }

// fault is one kind of trouble. cause returns when it has happened, or begun:
// what goes on ends with heal. It says whether it met what it was meant for.
type fault struct {
	name  string
	cause func(c *chaos) bool
}

// faults are all that can befall the programs, the lines between them, the
// venue's computer and the database.
var faults = []fault{
	{"line to the server: latency", func(c *chaos) bool { return c.toServer.spoil(c.latency()) }},
	{"line to the server: cut after n bytes", func(c *chaos) bool { return c.toServer.spoil(c.cut(60_000)) }},
	{"line to the server: reset", func(c *chaos) bool { return c.toServer.spoil(c.reset()) }},
	{"line to the server: slow close", func(c *chaos) bool { return c.toServer.spoil(c.slowClose()) }},
	{"line to the server: silent", func(c *chaos) bool { return c.toServer.spoil(c.silence()) }},
	{"line to the database: latency", func(c *chaos) bool { return c.toDatabase.spoil(c.latency()) }},
	{"line to the database: cut after n bytes", func(c *chaos) bool { return c.toDatabase.spoil(c.cut(200_000)) }},
	{"line to the database: reset", func(c *chaos) bool { return c.toDatabase.spoil(c.reset()) }},
	{"kill -9 of the server", (*chaos).killServer},
	{"kill -9 of the agent", (*chaos).killAgent},
	{"kill -9 of PostgreSQL", (*chaos).killDatabase},
	{"the server stands still", (*chaos).pauseServer},
	{"the venue's clock jumps ahead by hours", func(c *chaos) bool { return c.jump(time.Duration(1+c.rng.IntN(20)) * time.Hour) }},
	{"the venue's clock jumps ahead by weeks", func(c *chaos) bool { return c.jump(time.Duration(10+c.rng.IntN(30)) * 24 * time.Hour) }},
	{"the venue's clock jumps back", func(c *chaos) bool { return c.jump(-time.Duration(1+c.rng.IntN(500)) * time.Hour) }},
	{"the agent's disk is full", (*chaos).fillDisk},
	{"an older backup is restored", (*chaos).restore},
}

// After each round of faults everybody finds the way back by ordinary
// synchronizations alone: nothing acknowledged is lost, nothing is doubled.
// CHAOS_ROUNDS says how many rounds; SEED chooses the same faults again, though not the
// same moments of the programs that they meet.
func TestEverybodyFindsTheWayBackFromEveryFault(t *testing.T) {
	rounds, seed := setting(t, "CHAOS_ROUNDS", 20), setting(t, "SEED", time.Now().UnixNano())
	t.Logf("SEED=%d", seed)
	c := newChaos(t, uint64(seed))
	var deck []fault
	for round := range int(rounds) {
		if len(deck) == 0 { // every fault comes once before any comes again
			deck = append(deck, faults...)
			c.rng.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
		}
		chosen := []fault{deck[0]}
		deck = deck[1:]
		for c.rng.IntN(2) == 0 && len(chosen) < 4 {
			chosen = append(chosen, faults[c.rng.IntN(len(faults))])
		}
		c.round(round, chosen)
	}
	c.sum(int(rounds), seed)
}

func setting(t *testing.T, name string, otherwise int64) int64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	value, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err, name)
	return value
}

// round lets everybody work, makes trouble, heals, and holds that all is well.
func (c *chaos) round(number int, chosen []fault) {
	c.Helper()
	var names []string
	for _, f := range chosen {
		names = append(names, f.name)
	}
	c.story = fmt.Sprintf("round %d: %s", number, strings.Join(names, "; "))
	started := time.Now()
	if number == 0 || c.rng.IntN(4) == 0 {
		c.database.backup()
	}
	rest := c.work()
	for _, f := range chosen {
		c.pass(400 * time.Millisecond)
		if f.cause(c) {
			c.met[f.name]++
		}
	}
	c.pass(600 * time.Millisecond)
	rest()
	c.heal()
	c.prove()
	c.Logf("%s: %s", c.story, time.Since(started).Round(time.Millisecond))
}

// pass lets some time pass, up to a bound.
func (c *chaos) pass(most time.Duration) { time.Sleep(time.Duration(c.rng.Int64N(int64(most)))) }

func (c *chaos) sum(rounds int, seed int64) {
	total := 0
	for _, f := range faults {
		c.Logf("%5d  %s", c.met[f.name], f.name)
		total += c.met[f.name]
	}
	c.Logf("%5d  faults in %d rounds, SEED=%d; %d records, %d synchronizations of which %d failed, %d restarts of the reading",
		total, rounds, seed, len(c.server.Feed(c.key)), c.syncs.Load(), c.failures.Load(), c.reader.restarts)
	c.verifyHistory()
	if rounds >= len(faults) {
		for _, f := range faults {
			require.Positive(c, c.met[f.name], "%s never met anything", f.name)
		}
	}
}

// newRandom is a source of its own for one more goroutine.
func (c *chaos) newRandom() *rand.Rand { return rand.New(rand.NewPCG(c.rng.Uint64(), c.rng.Uint64())) }
