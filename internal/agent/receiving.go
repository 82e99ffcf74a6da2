package agent

import (
	"context"
	"errors"

	"github.com/interpos/cabinet/internal/agent/receive"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/fault"
)

// receiving is the part of a running agent that keeps what the cabinet sends, as soon as it is there.
type receiving struct {
	health     *health
	receiver   *receive.Receiver
	deliveries []*delivering // told of what has come
}

func (r *receiving) runLoop(ctx context.Context) {
	monitor := r.health.monitor
	for tries := 0; ctx.Err() == nil; {
		access, err := monitor.WaitForAccess(ctx)
		if err != nil {
			return
		}
		answer, err := r.receiver.Pull(ctx, access)
		r.takeAnswer(answer)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			tries = 0
			r.health.endTrouble(aboutInbox)
			continue
		case errors.Is(err, receive.ErrNothingWanted):
			r.health.writeOnce("This cabinet does not know the kinds that the mapping wants to receive.")
			monitor.WaitForHello(ctx, never)
			continue
		case client.IsCode(err, fault.SyncKeyInvalid): // the sending part says it
			monitor.RequireHello()
			monitor.WaitForHello(ctx, newKeyWithin)
			continue
		case client.Temporary(err):
			r.health.cabinetAway(err)
		default:
			r.health.reportTrouble(aboutInbox, err, goesOnTrying)
		}
		waitFor(ctx, client.RetryPolicy{Most: longestPause}.Wait(tries, err))
		tries++
	}
}

// takeAnswer goes on with what an answer has brought.
func (r *receiving) takeAnswer(answer receive.Answer) {
	if answer.Came {
		r.health.cabinetAnswered()
	}
	if answer.Expired {
		r.health.monitor.RequireHello() // hello says whether also what was sent is missing
	}
	if answer.Fresh == 0 {
		return
	}
	r.health.writeLine("Received %d records.", answer.Fresh)
	for _, d := range r.deliveries {
		d.wakeUp()
	}
}
