package agent

import (
	"context"
	"time"

	"github.com/interpos/cabinet/internal/agent/delivery"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// delivering is the part of a running agent that gives what has come of one kind to the source, in the
// order of arrival and again until it is taken.
type delivering struct {
	health    *health
	deliverer *delivery.Deliverer
	arrived   chan struct{}
}

// wakeUp says that something has come.
func (d *delivering) wakeUp() {
	select {
	case d.arrived <- struct{}{}:
	default: // it is awake already
	}
}

func (d *delivering) runLoop(ctx context.Context) {
	kind := d.deliverer.To.Record.Name
	about := kind + " handed over"
	for tries := 0; ctx.Err() == nil; {
		count, err := d.deliverer.Next(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			d.reportFailure(ctx, about, err)
			waitFor(ctx, client.RetryPolicy{First: time.Second, Most: longestPause}.Wait(tries, err))
			tries++
			continue
		case count > 0 && d.health.endTrouble(about):
			d.health.writeLine("%s: what has come is taken again.", kind)
			_ = d.health.state.Remember(ctx, map[string]string{state.FactDelivery(kind): ""})
		}
		tries = 0
		if count == 0 {
			select {
			case <-ctx.Done():
			case <-d.arrived:
			}
		}
	}
}

func (d *delivering) reportFailure(ctx context.Context, about string, err error) {
	if d.health.beginTrouble(about, err, "; what has come is kept, and handed over again") {
		kind := d.deliverer.To.Record.Name
		_ = d.health.state.Remember(ctx, map[string]string{state.FactDelivery(kind): err.Error()}) // the event log has it too
	}
}
