package delivery

import (
	"context"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/state"
)

// deliveredAtOnce is how many records a command is given, or a transaction of the source.
const deliveredAtOnce = 100

// Deliverer hands to the source what has come of one kind.
type Deliverer struct {
	State  *state.State
	Ledger *Ledger
	Plan   *mapping.Mapping
	To     *mapping.Receive
}

// Next delivers the records that have waited longest, and counts them; 0: none waits.
func (d *Deliverer) Next(ctx context.Context) (count int, err error) {
	list, err := d.State.Undelivered(ctx, d.To.Record.Name, deliveredAtOnce)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return len(list), d.Ledger.Deliver(ctx, list, func(ctx context.Context) error {
		if d.To.Table != nil {
			return writeTable(ctx, d.Plan, d.To, list)
		}
		return runCommand(ctx, d.To, list)
	})
}
