package agent

import (
	"context"
	"sync"
	"time"

	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/state"
)

// factsEvery spares the POS's disk, which has other work.
const factsEvery = time.Minute

// health is how a running agent fares: what it says of that, and what it keeps for `agent
// status`. It is safe for concurrent use.
type health struct {
	*eventLog
	monitor *link.Monitor
	state   *state.State

	facts     sync.Mutex
	factsAt   time.Time
	factError string
}

const goesOnTrying = "; the agent goes on trying"

// reportTrouble says a trouble that is new, and keeps it.
func (h *health) reportTrouble(about string, err error, advice string) {
	if h.beginTrouble(about, err, advice) {
		_ = h.keepFacts(context.Background(), true) // else the next round does
	}
}

// cabinetAway is told that the cabinet has not answered.
func (h *health) cabinetAway(err error) {
	h.monitor.RequireHello()
	h.reportTrouble(aboutCabinet, err, goesOnTrying)
}

// cabinetAnswered is told that the cabinet has.
func (h *health) cabinetAnswered() {
	h.monitor.Answered()
	if h.endTrouble(aboutCabinet) {
		h.writeLine("The cabinet answers again.")
	}
}

// wellAgain is told that a scan has gone through.
func (h *health) wellAgain() {
	if h.endTrouble(aboutSource) {
		h.writeLine("The source can be read again.")
	}
	if h.endTrouble(aboutAgent) {
		h.writeLine("The agent is well again.")
	}
}

// keepFacts keeps for `agent status` how it goes, now and then.
func (h *health) keepFacts(ctx context.Context, now bool) error {
	h.facts.Lock()
	defer h.facts.Unlock()
	failure := h.openTroubles()
	if !now && failure == h.factError && time.Since(h.factsAt) < factsEvery {
		return nil
	}
	facts := map[string]string{state.FactLastTry: state.Now(), state.FactLastError: failure}
	if failure == "" {
		facts[state.FactLastSuccess] = state.Now()
	}
	if at := h.monitor.LastAnswer(); !at.IsZero() {
		facts[state.FactLastContact] = at.Format(time.RFC3339)
	}
	if err := h.state.Remember(context.WithoutCancel(ctx), facts); err != nil {
		return err
	}
	h.factsAt, h.factError = time.Now(), failure
	return nil
}

// quietProgress is the progress of an agent that runs on: it tells of changes only.
type quietProgress struct{ health *health }

func (quietProgress) Kind(string, int)                     {}
func (quietProgress) Advance(int, int)                     {}
func (quietProgress) End()                                 {}
func (q quietProgress) Note(text string)                   { q.health.writeOnce(text) }
func (q quietProgress) Waiting(err error, _ time.Duration) { q.health.cabinetAway(err) }
