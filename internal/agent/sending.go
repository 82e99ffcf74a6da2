package agent

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/interpos/cabinet/internal/agent/receive"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/fault"
)

const (
	helloEvery  = 5 * time.Minute
	sourceShare = 20 // each sort of scan may keep the source busy for one part in so many
)

// sending is the part of a running agent that scans the source again and again.
type sending struct {
	*outbound
	health   *health
	path     string // of the configuration
	every    time.Duration
	whole    time.Duration
	database *source.OnDemand
	seen     *scan.Seen
	receiver *receive.Receiver

	greeting  greeting
	greetedAt time.Duration // of the running clock, as those below
	nextScan  time.Duration
	nextWhole time.Duration
}

func (s *sending) runLoop(ctx context.Context) {
	for tries := 0; ctx.Err() == nil; {
		err := s.scanRound(ctx)
		s.database.Release()
		pause := s.nextPause()
		if err != nil && ctx.Err() == nil {
			pause = s.reportFailure(ctx, err, tries)
			tries++
		} else {
			tries = 0
		}
		waitFor(ctx, pause)
	}
}

// scanRound is one scan, after a hello where one is due.
func (s *sending) scanRound(ctx context.Context) error {
	if s.health.monitor.HelloDue() || s.link.ClockWasSet() || s.runningClock()-s.greetedAt > helloEvery {
		if err := s.greetCabinet(ctx); err != nil {
			return err
		}
	}
	if s.receiver.Behind() {
		return nil
	}
	if err := s.scanSource(ctx); err != nil {
		return err
	}
	if err := s.health.keepFacts(ctx, false); err != nil {
		return err
	}
	s.health.wellAgain()
	return nil
}

func (s *sending) runningClock() time.Duration { return s.link.Clock().Running }

func (s *sending) greetCabinet(ctx context.Context) error {
	before := s.link.Welcome.Organization.ID
	g, err := sayHello(ctx, s.link, s.state, s.progress)
	if err != nil {
		return err
	}
	g.unreliable = g.unreliable || s.greeting.unreliable // until a reconciliation has gone through
	s.greeting, s.greetedAt = g, s.runningClock()
	s.source.unbindReaders()
	if g.unreliable {
		if err := s.seen.Forget(ctx); err != nil {
			return err
		}
	}
	s.health.monitor.Greeted(s.link.Access())
	if organization := s.link.Welcome.Organization; organization.ID != before {
		s.health.writeLine("Connected to the organization «%s» at %s.", organization.Name, s.link.Identity.URL)
	}
	return nil
}

// scanSource reads the source: where its change marks say so, or everything.
func (s *sending) scanSource(ctx context.Context) error {
	*s.summary = send.Summary{}
	defer s.sayWhatWasSent()
	busy := s.database.Busy()
	var err error
	if s.greeting.unreliable || s.runningClock() >= s.nextWhole {
		err = s.scanWhole(ctx)
		s.nextWhole = s.nextAfter(s.whole, s.database.Busy()-busy)
	} else {
		pass := &incrementalPass{outbound: s.outbound, seen: s.seen}
		err = s.source.eachKind(ctx, s.link, s.progress, pass.passKind, s.kindFailed)
		s.noteTroubles()
	}
	s.nextScan = s.nextAfter(s.every, s.database.Busy()-busy)
	if isOneKinds(err) {
		return nil // it was said with the kind
	}
	return err
}

func (s *sending) scanWhole(ctx context.Context) error {
	s.source.unbindReaders()
	if err := s.state.Recover(ctx); err != nil {
		return err
	}
	if s.greeting.unreliable {
		pass := &reconcilingPass{outbound: s.outbound}
		err := s.source.eachKind(ctx, s.link, s.progress, pass.passKind, s.kindRead)
		if err := errors.Join(err, s.tellTroubles(ctx)); err != nil {
			return err
		}
		if err := s.trustState(ctx); err != nil {
			return err
		}
		s.greeting = greeting{}
		return nil
	}
	pass := &wholePass{outbound: s.outbound, listVanished: true, resend: resentStatuses(s.greeting.newRules), read: s.seen.Remember}
	err := s.source.eachKind(ctx, s.link, s.progress, pass.passKind, s.kindRead)
	if err := errors.Join(err, s.tellTroubles(ctx)); err != nil {
		return err
	}
	s.greeting.newRules = false
	if err := s.renewEvidence(ctx); err != nil {
		return err
	}
	return s.keepRules(ctx)
}

// kindFailed is told how the incremental scan of a kind has ended.
func (s *sending) kindFailed(kind string, err error) {
	if err != nil {
		s.health.beginTrouble(kind, err, "")
	}
}

// kindRead is told how the whole scan of a kind has ended: only that shows that what was wrong is
// right again.
func (s *sending) kindRead(kind string, err error) {
	s.kindFailed(kind, err)
	if err == nil && s.health.endTrouble(kind) {
		s.health.writeLine("%s: in order again.", kind)
	}
}

// nextAfter is when a sort of scan may come again that has kept the source busy for
// so long.
func (s *sending) nextAfter(every, busy time.Duration) time.Duration {
	return s.runningClock() + max(every, busy*(sourceShare-1))
}

func (s *sending) nextPause() time.Duration {
	if s.receiver.Behind() {
		return 100 * time.Millisecond
	}
	return s.nextScan - s.runningClock()
}

// reportFailure says what has failed, and gives the time until the next try.
func (s *sending) reportFailure(ctx context.Context, err error, tries int) time.Duration {
	retry := client.RetryPolicy{First: s.every, Most: longestPause}
	switch {
	case client.IsCode(err, fault.SyncKeyInvalid):
		s.awaitKey(ctx, err)
		return 0
	case client.IsCode(err, fault.CursorExpired): // an older backup was restored: hello says the rest
		s.health.monitor.RequireHello()
		if tries == 0 {
			return 0
		}
	case client.Temporary(err):
		s.health.cabinetAway(err)
	case isUnavailable(err):
		s.health.reportTrouble(aboutSource, err, goesOnTrying)
		s.source.unbindReaders()
	default:
		s.health.monitor.RequireHello()
		s.health.reportTrouble(aboutAgent, err, goesOnTrying)
	}
	return retry.Wait(tries, err)
}

// awaitKey waits until the configuration holds another key or address, but not for ever: the old one
// may be valid again.
func (s *sending) awaitKey(ctx context.Context, err error) {
	s.health.monitor.RequireHello()
	s.health.reportTrouble(aboutCabinet, err, fmt.Sprintf("\nThen run `agent init --config %s`; this agent takes the new key over without a restart.", s.path))
	for waited := time.Duration(0); waited < newKeyWithin && ctx.Err() == nil; waited += s.every {
		waitFor(ctx, s.every)
		now, err := LoadConfig(s.path)
		identity := &s.link.Identity
		if err == nil && (now.Key != identity.Key || now.URL != identity.URL) {
			*identity, s.link.Source = now.linkIdentity(), client.Source{} // which is to be found out anew
			return
		}
	}
}

// sayWhatWasSent is one line for all kinds; nothing for what only waits.
func (s *sending) sayWhatWasSent() {
	total := s.summary.Total()
	if total.Sent == total.Waiting {
		if total.Waiting > 0 {
			s.health.writeOnce(fmt.Sprintf("%d records wait: `agent status` shows for what.", total.Waiting))
		}
		return
	}
	var kinds []string
	for _, kind := range s.summary.Kinds {
		if kind.Sent > 0 {
			kinds = append(kinds, fmt.Sprintf("%s %d", kind.Kind, kind.Sent))
		}
	}
	text := fmt.Sprintf("Sent %d records (%s)", total.Sent, strings.Join(kinds, ", "))
	if total.Remarked > 0 {
		text += fmt.Sprintf("; %d with remarks, which the cabinet shows", total.Remarked)
	}
	if total.Rejected > 0 {
		text += fmt.Sprintf("; %d REJECTED", total.Rejected)
	}
	if standing, err := s.state.Rejected(context.Background()); err == nil && standing > 0 {
		text += fmt.Sprintf("; %d stand REJECTED: `agent status` shows why", standing)
	}
	s.health.writeLine("%s.", text)
}
