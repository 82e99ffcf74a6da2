package agent

import (
	"context"
	"sync"
	"time"

	"github.com/interpos/cabinet/internal/agent/delivery"
	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/receive"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// RunOptions say how an agent keeps going.
type RunOptions struct {
	Every time.Duration     // between incremental scans, if the source is quick
	Whole time.Duration     // the same between whole scans
	Say   func(line string) // told of what changes; never at the same time

	clock link.Clock // nil: the computer's
}

const (
	longestPause = time.Minute
	never        = 100 * 365 * 24 * time.Hour
	newKeyWithin = time.Minute
)

// Run keeps the cabinet up to the source, and takes what comes from there, until ctx
// ends. Whatever fails then is tried again; an error is that of a start which cannot
// succeed. path is that of the configuration.
func Run(ctx context.Context, path string, options RunOptions) error {
	config, err := LoadConfig(path)
	if err != nil {
		return err
	}
	bound, err := loadSource(config)
	if err != nil {
		return err
	}
	database, err := source.NewOnDemand(bound.plan.Driver, bound.plan.DSN)
	if err != nil {
		return err
	}
	memory, err := state.Open(ctx, config.StateFile())
	if err != nil {
		return err
	}
	defer func() { _ = memory.Close() }()
	room, err := scratch.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = room.Close() }()
	seen, err := scan.NewSeen(ctx, room)
	if err != nil {
		return err
	}
	bound.source = database
	if options.clock == nil {
		options.clock = link.Present
	}
	runAll(ctx, newParts(path, config, options, bound, database, memory, room, seen))
	return nil
}

// parts of a running agent. They work at once: one sends, one receives, and one for each kind
// delivers.
type parts struct {
	health     *health
	sending    *sending
	receiving  *receiving
	deliveries []*delivering
}

func newParts(path string, config Config, options RunOptions, bound *boundSource, database *source.OnDemand, memory *state.State, room *scratch.DB, seen *scan.Seen) *parts {
	monitor := link.NewMonitor()
	h := &health{eventLog: newEventLog(options.Say), monitor: monitor, state: memory}
	receiver, ledger := receive.New(memory, bound.plan), delivery.NewLedger(memory, bound.plan.Receive)
	p := &parts{health: h, receiving: &receiving{health: h, receiver: receiver}}
	p.sending = &sending{
		outbound: &outbound{
			link: &link.Link{
				Identity: config.linkIdentity(), Clock: options.clock, Answered: h.cabinetAnswered,
				Retry: client.RetryPolicy{GiveUp: never, Waiting: quietProgress{h}.Waiting},
			},
			state: memory, source: bound, scratch: room, ledger: ledger, progress: quietProgress{h}, summary: &send.Summary{},
		},
		health: h, path: path, every: options.Every, whole: options.Whole, database: database, seen: seen, receiver: receiver,
	}
	for i := range bound.plan.Receive {
		deliverer := &delivery.Deliverer{State: memory, Ledger: ledger, Plan: bound.plan, To: &bound.plan.Receive[i]}
		p.deliveries = append(p.deliveries, &delivering{health: h, deliverer: deliverer, arrived: make(chan struct{}, 1)})
	}
	p.receiving.deliveries = p.deliveries
	return p
}

func runAll(ctx context.Context, p *parts) {
	h := p.health
	h.writeLine("The agent is at work for «%s».", p.sending.link.Identity.DeviceName)
	if err := h.state.Remember(ctx, map[string]string{state.FactRunningSince: state.Now()}); err != nil {
		h.beginTrouble(aboutAgent, err, "")
	}
	var running sync.WaitGroup
	running.Go(func() { p.sending.runLoop(ctx) })
	if len(p.deliveries) > 0 {
		running.Go(func() { p.receiving.runLoop(ctx) })
		for _, d := range p.deliveries {
			running.Go(func() { d.runLoop(ctx) })
		}
	}
	running.Wait()
	_ = p.sending.database.Close()
	_ = h.state.Remember(context.WithoutCancel(ctx), map[string]string{state.FactRunningSince: ""})
	h.writeLine("The agent has ended.")
}

func waitFor(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
