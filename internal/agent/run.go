package agent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// RunOptions say how an agent keeps going.
type RunOptions struct {
	Every time.Duration     // between looks at what the change marks show, if the source is quick
	Whole time.Duration     // the same between looks at everything
	Say   func(line string) // told of what changes; never at the same time

	clock func() moment // nil: the computer's
}

const (
	helloEvery   = 5 * time.Minute
	factsEvery   = time.Minute
	mostPause    = time.Minute
	never        = 100 * 365 * 24 * time.Hour
	share        = 20 // each sort of look may keep the source busy for one part in so many
	newKeyWithin = time.Minute
)

// runner is an agent that keeps going. Its parts work at once: one sends, one
// receives, and one for each kind hands over.
type runner struct {
	RunOptions
	path    string // of the configuration
	journal *journal
	line    *line
	state   *state.State
	source  *source.OnDemand
	session *session // the sending part's
	greeted moment
	// behind holds up the sending while the feed is read from its beginning: what was deleted
	// meanwhile must not be sent as new.
	behind atomic.Bool
	bells  map[string]chan struct{} // by kind: something is to be handed over

	glanceAt, wholeAt time.Duration // of the running clock

	facts     sync.Mutex
	factsAt   time.Time
	factError string
}

// Run keeps the cabinet up to the source, and takes what comes from there, until ctx
// ends. Whatever fails then is tried again; an error is that of a start which cannot
// succeed.
func Run(ctx context.Context, path string, options RunOptions) error {
	config, err := LoadConfig(path)
	if err != nil {
		return err
	}
	plan, file, err := config.LoadMapping()
	if err != nil {
		return err
	}
	memory, err := state.Open(ctx, config.StateFile())
	if err != nil {
		return err
	}
	defer func() { _ = memory.Close() }()
	if options.clock == nil {
		options.clock = present
	}
	src, err := source.NewOnDemand(plan.Driver, plan.DSN)
	if err != nil {
		return err
	}
	newRunner(path, config, plan, file, memory, src, options).run(ctx)
	return nil
}

func newRunner(path string, config Config, plan *mapping.Mapping, file string, memory *state.State, src *source.OnDemand, options RunOptions) *runner {
	r := &runner{
		RunOptions: options, path: path, journal: newJournal(options.Say), line: newLine(),
		state: memory, source: src, bells: map[string]chan struct{}{},
	}
	for i := range plan.Receive {
		r.bells[plan.Receive[i].Record.Name] = make(chan struct{}, 1)
	}
	r.behind.Store(len(plan.Receive) > 0)
	r.session = &session{
		Options: Options{Deletions: true, Patience: never, Progress: quiet{r}},
		config:  config, state: memory, clock: options.clock, plan: plan, file: file, source: r.source,
		seen: map[string]sightings{}, answered: r.answered, told: r.told,
	}
	return r
}

func (r *runner) run(ctx context.Context) {
	r.journal.line("The agent is at work for «%s».", r.session.config.DeviceName)
	if err := r.state.Remember(ctx, map[string]string{state.FactRunningSince: state.Now()}); err != nil {
		r.journal.trouble(aboutAgent, err, "")
	}
	var parts sync.WaitGroup
	parts.Go(func() { r.sending(ctx) })
	if receives := r.session.plan.Receive; len(receives) > 0 {
		parts.Go(func() { r.receiving(ctx) })
		for i := range receives {
			parts.Go(func() { r.handing(ctx, &receives[i]) })
		}
	}
	parts.Wait()
	_ = r.source.Close()
	_ = r.state.Remember(context.WithoutCancel(ctx), map[string]string{state.FactRunningSince: ""})
	r.journal.line("The agent has ended.")
}

// sending looks at the source again and again.
func (r *runner) sending(ctx context.Context) {
	for tries := 0; ctx.Err() == nil; {
		err := r.round(ctx)
		r.source.Release()
		pause := r.pause()
		if err != nil && ctx.Err() == nil {
			pause = r.failed(ctx, err, tries)
			tries++
		} else {
			tries = 0
		}
		sleep(ctx, pause)
	}
}

// round is one look, after a hello where one is due.
func (r *runner) round(ctx context.Context) error {
	now := r.clock()
	if r.line.inDoubt() || r.session.time.jumped(now) || now.running-r.greeted.running > helloEvery {
		if err := r.greet(ctx); err != nil {
			return err
		}
	}
	if r.behind.Load() {
		return nil
	}
	if err := r.look(ctx); err != nil {
		return err
	}
	if err := r.remember(ctx, false); err != nil {
		return err
	}
	if r.journal.well(aboutSource) {
		r.journal.line("The source can be read again.")
	}
	if r.journal.well(aboutAgent) {
		r.journal.line("The agent is well again.")
	}
	return nil
}

func (r *runner) greet(ctx context.Context) error {
	s := r.session
	before := s.welcome.Organization.ID
	if err := s.greet(ctx); err != nil {
		return err
	}
	r.greeted = r.clock()
	if s.mending {
		clear(s.seen)
	}
	r.line.open(access{s.cabinet, s.config, s.welcome})
	if s.welcome.Organization.ID != before {
		r.journal.line("Connected to the organization «%s» at %s.", s.welcome.Organization.Name, s.config.URL)
	}
	return nil
}

// look reads the source: where its change marks say so, or everything.
func (r *runner) look(ctx context.Context) error {
	s, now := r.session, r.clock().running
	s.summary = Summary{}
	defer r.sayWhatWasSent()
	busy := r.source.Busy()
	var err error
	if s.mending || now >= r.wholeAt {
		s.whole = true
		err = s.pass(ctx)
		r.wholeAt = r.next(r.Whole, r.source.Busy()-busy)
	} else {
		s.whole = false
		err = s.kinds(ctx, s.glance)
	}
	r.glanceAt = r.next(r.Every, r.source.Busy()-busy)
	if local := (sourceError{}); errors.As(err, &local) && !unavailable(err) {
		return nil // told has said it
	}
	return err
}

// next is when a sort of look may come again that has kept the source busy for
// so long.
func (r *runner) next(every, busy time.Duration) time.Duration {
	return r.clock().running + max(every, busy*(share-1))
}

func (r *runner) pause() time.Duration {
	if r.behind.Load() {
		return 100 * time.Millisecond
	}
	return r.glanceAt - r.clock().running
}

// told is how the reading of a kind has ended. Only a whole look shows that what
// was wrong is right again.
func (r *runner) told(kind string, err error) {
	if err != nil {
		r.journal.trouble(kind, err, "")
	} else if r.session.whole && r.journal.well(kind) {
		r.journal.line("%s: in order again.", kind)
	}
}

// failed says what has failed, and gives the time until the next try.
func (r *runner) failed(ctx context.Context, err error, tries int) time.Duration {
	patience := client.RetryPolicy{First: r.Every, Most: mostPause}
	switch {
	case client.IsCode(err, "sync_key_invalid"):
		r.awaitKey(ctx, err)
		return 0
	case client.IsCode(err, "cursor_expired"): // an older backup was restored: hello says the rest
		r.line.doubt()
		if tries == 0 {
			return 0
		}
	case client.Temporary(err):
		r.away(err)
	case unavailable(err):
		r.trouble(ctx, aboutSource, err, "; the agent goes on trying")
		r.session.readers = nil
	default:
		r.line.doubt()
		r.trouble(ctx, aboutAgent, err, "; the agent goes on trying")
	}
	return patience.Wait(tries, err)
}

func (r *runner) trouble(ctx context.Context, about string, err error, advice string) {
	if r.journal.trouble(about, err, advice) {
		_ = r.remember(ctx, true) // else the next round does
	}
}

// away is told that the cabinet has not answered.
func (r *runner) away(err error) {
	r.line.doubt()
	r.trouble(context.Background(), aboutCabinet, err, "; the agent goes on trying")
}

// answered is told that the cabinet has.
func (r *runner) answered() {
	r.line.touch()
	if r.journal.well(aboutCabinet) {
		r.journal.line("The cabinet answers again.")
	}
}

// awaitKey waits until the configuration holds another key or address, but not for ever: the old one
// may be valid again.
func (r *runner) awaitKey(ctx context.Context, err error) {
	r.line.doubt()
	r.trouble(ctx, aboutCabinet, err, fmt.Sprintf("\nThen run `agent init --config %s`; this agent takes the new key over without a restart.", r.path))
	for waited := time.Duration(0); waited < newKeyWithin && ctx.Err() == nil; waited += r.Every {
		sleep(ctx, r.Every)
		now, err := LoadConfig(r.path)
		config := &r.session.config
		if err == nil && (now.Key != config.Key || now.URL != config.URL) {
			config.Key, config.URL, config.DeviceName = now.Key, now.URL, now.DeviceName
			return
		}
	}
}

// remember keeps for `agent status` how it goes, now and then: the till's disk has
// other work.
func (r *runner) remember(ctx context.Context, now bool) error {
	r.facts.Lock()
	defer r.facts.Unlock()
	failure := r.journal.open()
	if !now && failure == r.factError && time.Since(r.factsAt) < factsEvery {
		return nil
	}
	facts := map[string]string{state.FactLastTry: state.Now(), state.FactLastError: failure}
	if failure == "" {
		facts[state.FactLastSuccess] = state.Now()
	}
	if at := r.line.lastAnswer(); !at.IsZero() {
		facts[state.FactLastContact] = at.Format(time.RFC3339)
	}
	if err := r.state.Remember(context.WithoutCancel(ctx), facts); err != nil {
		return err
	}
	r.factsAt, r.factError = time.Now(), failure
	return nil
}

// sayWhatWasSent is one line for all kinds; nothing for what only waits.
func (r *runner) sayWhatWasSent() {
	total := r.session.summary.Total()
	if total.Sent == total.Waiting {
		if total.Waiting > 0 {
			r.journal.once(fmt.Sprintf("%d records wait: `agent status` shows for what.", total.Waiting))
		}
		return
	}
	var kinds []string
	for _, kind := range r.session.summary.Kinds {
		if kind.Sent > 0 {
			kinds = append(kinds, fmt.Sprintf("%s %d", kind.Kind, kind.Sent))
		}
	}
	text := fmt.Sprintf("Sent %d records (%s)", total.Sent, strings.Join(kinds, ", "))
	if total.Rejected > 0 {
		text += fmt.Sprintf("; %d REJECTED: `agent status` shows why", total.Rejected)
	}
	r.journal.line("%s.", text)
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
