package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// Options of one synchronization.
type Options struct {
	Full           bool          // read everything, in spite of change marks
	RetryRejected  bool          // send rejected records again though neither they nor the cabinet's rules have changed
	AllowDeletions bool          // however many records have vanished
	Deletions      bool          // look for vanished records also where change marks spare a whole reading
	Patience       time.Duration // how long to repeat what fails for the moment
	Progress       Progress
}

// Progress is told how a synchronization goes.
type Progress interface {
	// Kind begins a kind of which so many rows are to be read.
	Kind(name string, rows int)
	// Advance says that so many more rows are done, of which some were sent.
	Advance(rows, sent int)
	// Waiting says that the cabinet is away, and until when.
	Waiting(err error, wait time.Duration)
	// Note is a line for people.
	Note(text string)
	// End comes last, in any case.
	End()
}

// session is an agent at work: with its state, its cabinet and its source.
type session struct {
	Options
	config  Config
	state   *state.State
	cabinet *client.Client
	welcome client.Welcome
	cursor  string // up to which this device knows the feed
	time    cabinetTime
	clock   func() moment
	plan    *mapping.Mapping
	file    string // of the plan
	source  source.Source
	readers []*extract.Extractor // of the plan's kinds; nil: to be bound to the source
	// answered, when set, is told of every answer of the cabinet.
	answered func()
	// told, when set, is told how the reading of each kind has ended: nil, or why it failed.
	told  func(kind string, err error)
	whole bool // the look at work is one at everything
	// mending is set where the state cannot be relied on: the cabinet's digests
	// then say what is to be sent.
	mending     bool
	newRules    bool                 // the cabinet checks by others than what is rejected was held against
	seen        map[string]sightings // by kind, of an agent that runs on; nil: of none
	looking     bool                 // the state is open to look at only
	underway    underway             // to the source, from the cabinet
	summary     Summary
	comparisons []*Comparison
}

// sourceError is a failure of one kind's reading: the others go on.
type sourceError struct{ error }

func (e sourceError) Unwrap() error { return e.error }

// unavailable says whether the source failed as a whole, so that no other kind
// can be read either.
func unavailable(err error) bool {
	var away *source.Unavailable
	return errors.As(err, &away)
}

// Sync brings the cabinet up to the source, once. What was sent counts even if
// it fails half-way; the next one goes on from there.
func Sync(ctx context.Context, config Config, options Options) (Summary, error) {
	defer options.Progress.End()
	memory, err := state.Open(ctx, config.StateFile())
	if err != nil {
		return Summary{}, err
	}
	defer func() { _ = memory.Close() }()
	s := &session{Options: options, config: config, state: memory, clock: present}
	err = s.once(ctx)
	return s.summary, err
}

// once is one whole synchronization: from hello to the last kind.
func (s *session) once(ctx context.Context) error {
	return s.noted(ctx, func() error {
		if err := s.open(ctx); err != nil {
			return err
		}
		defer s.close()
		err := s.pass(ctx)
		if client.IsCode(err, "cursor_expired") { // an older backup was restored meanwhile
			if err = s.greet(ctx); err == nil {
				err = s.pass(ctx)
			}
		}
		return err
	})
}

// noted does some work and remembers how it went, for `agent status`.
func (s *session) noted(ctx context.Context, work func() error) error {
	if err := s.state.Remember(ctx, map[string]string{state.FactLastTry: state.Now()}); err != nil {
		return err
	}
	started := time.Now()
	err := work()
	s.summary.Took = time.Since(started)
	facts := map[string]string{state.FactLastSuccess: state.Now(), state.FactLastError: ""}
	if err != nil {
		facts = map[string]string{state.FactLastError: err.Error()}
	}
	return errors.Join(err, s.state.Remember(context.WithoutCancel(ctx), facts))
}

// open reads the mapping, says hello and opens the source.
func (s *session) open(ctx context.Context) (err error) {
	if s.plan, s.file, err = s.config.LoadMapping(); err != nil {
		return err
	}
	if err := s.greet(ctx); err != nil {
		return err
	}
	s.source, err = source.Open(ctx, s.plan.Driver, s.plan.DSN)
	return err
}

func (s *session) close() { _ = s.source.Close() }

// pass brings all kinds up to the source.
func (s *session) pass(ctx context.Context) error {
	if err := s.state.Recover(ctx); err != nil {
		return err
	}
	if err := s.kinds(ctx, s.kind); err != nil {
		return err
	}
	if err := s.state.Remember(ctx, map[string]string{state.FactRules: s.rules()}); err != nil {
		return err
	}
	s.newRules = false
	if !s.mending {
		return nil
	}
	s.mending = false
	return s.state.Settle(ctx, s.welcome.Feed.Epoch)
}

// kinds does some work with each in its turn. One that cannot be read does not
// hold up the others.
func (s *session) kinds(ctx context.Context, work func(context.Context, *mapping.Kind, *extract.Extractor) error) error {
	if err := s.bind(ctx); err != nil {
		return err
	}
	var failures []error
	for i := range s.plan.Kinds {
		kind := &s.plan.Kinds[i]
		if !slices.Contains(s.welcome.Kinds, kind.Record.Name) {
			s.Progress.Note(fmt.Sprintf("%s: this cabinet does not take the kind yet; left out", kind.Record.Name))
			continue
		}
		err := work(ctx, kind, s.readers[i])
		var local sourceError
		if err != nil && (!errors.As(err, &local) || unavailable(err) || ctx.Err() != nil) {
			return err
		}
		if s.told != nil {
			s.told(kind.Record.Name, err)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// greet says hello, and finds out whether the state goes with what answers.
func (s *session) greet(ctx context.Context) (err error) {
	if s.cabinet, err = connect(s.config); err != nil {
		return err
	}
	facts, err := s.state.Facts(ctx)
	if err != nil {
		return err
	}
	err = s.call(ctx, func(ctx context.Context) (err error) {
		s.welcome, s.time, err = hello(ctx, s.cabinet, s.config, facts[state.FactCursor], s.clock)
		return err
	})
	if err != nil {
		return err
	}
	s.readers = nil
	if s.looking {
		return s.recognize(ctx)
	}
	if err := s.adopt(ctx); err != nil {
		return err
	}
	s.newRules = facts[state.FactRules] != s.rules()
	if offset := s.time.offset(); offset.Abs() > time.Minute {
		s.Progress.Note(fmt.Sprintf("This computer's clock is off by %s.", offset.Round(time.Second)))
	}
	organization := s.welcome.Organization
	s.cursor = s.welcome.Feed.Cursor
	return s.state.Remember(ctx, map[string]string{
		state.FactCursor:           s.cursor,
		state.FactOrganizationName: organization.Name, state.FactTimeZone: organization.TimeZone,
		state.FactCurrency: organization.Currency,
	})
}

// adopt binds the state to the feed that answers.
func (s *session) adopt(ctx context.Context) error {
	feed := s.welcome.Feed
	changed, err := s.state.Adopt(ctx, s.welcome.Organization.ID.String(), feed.Epoch, feed.Continues)
	switch {
	case err != nil || !changed:
		return err
	case feed.Head == 0:
		return s.state.Restart(ctx, feed.Epoch)
	}
	s.Progress.Note("What the cabinet has already is found out by digests.")
	s.mending = true
	return nil
}

// bind finds all columns of all kinds before anything is sent.
func (s *session) bind(ctx context.Context) error {
	if s.readers != nil {
		return nil
	}
	zone, err := time.LoadLocation(s.welcome.Organization.TimeZone)
	if err != nil {
		return fmt.Errorf("the organization's time zone %q: %w", s.welcome.Organization.TimeZone, err)
	}
	readers := make([]*extract.Extractor, len(s.plan.Kinds))
	var failures []error
	for i := range s.plan.Kinds {
		readers[i], err = extract.New(ctx, s.file, s.source, &s.plan.Kinds[i], s.welcome.Organization.ID, zone)
		if unavailable(err) {
			return err
		}
		failures = append(failures, err)
	}
	if err := errors.Join(failures...); err != nil {
		return err
	}
	s.readers = readers
	return nil
}

// rules names those that the cabinet checks by.
func (s *session) rules() string { return strconv.Itoa(s.welcome.Rules) }

// call does an exchange with the cabinet, with the session's patience.
func (s *session) call(ctx context.Context, exchange func(context.Context) error) error {
	patience := client.RetryPolicy{GiveUp: s.Patience, Waiting: s.Progress.Waiting}
	err := patience.Do(ctx, exchange)
	if err == nil && s.answered != nil {
		s.answered()
	}
	return err
}

// now is the time by the cabinet's clock.
func (s *session) now() time.Time { return s.time.now(s.clock()).Truncate(time.Microsecond) }
