package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/interpos/cabinet/api/client"
	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
)

// Options of one synchronization.
type Options struct {
	Full           bool          // read everything, in spite of change marks
	RetryRejected  bool          // send rejected records again though neither they nor the cabinet's rules have changed
	AllowDeletions bool          // however many records have vanished
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
	cursor  string        // up to which this device knows the feed
	offset  time.Duration // of the cabinet's clock from this computer's
	plan    *mapping.Mapping
	file    string // of the plan
	source  source.Source
	// mending is set where the state cannot be relied on: the cabinet's digests
	// then say what is to be sent.
	mending     bool
	newRules    bool // the cabinet checks by others than what is rejected was held against
	looking     bool // the state is open to look at only
	summary     Summary
	comparisons []*Comparison
}

// sourceError is a failure of one kind's reading: the others go on.
type sourceError struct{ error }

func (e sourceError) Unwrap() error { return e.error }

// Sync brings the cabinet up to the source, once. What was sent counts even if
// it fails half-way; the next one goes on from there.
func Sync(ctx context.Context, config Config, options Options) (Summary, error) {
	defer options.Progress.End()
	memory, err := state.Open(ctx, config.StateFile())
	if err != nil {
		return Summary{}, err
	}
	defer func() { _ = memory.Close() }()
	s := &session{Options: options, config: config, state: memory}
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
	extractors, err := s.bind(ctx, s.plan, s.file)
	if err != nil {
		return err
	}
	var failures []error
	for i := range s.plan.Kinds {
		kind := &s.plan.Kinds[i]
		if !slices.Contains(s.welcome.Kinds, kind.Record.Name) {
			s.Progress.Note(fmt.Sprintf("%s: this cabinet does not take the kind yet; left out", kind.Record.Name))
			continue
		}
		err := work(ctx, kind, extractors[i])
		var local sourceError
		if errors.As(err, &local) && ctx.Err() == nil {
			failures = append(failures, err)
		} else if err != nil {
			return err
		}
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
	err = s.patience().Do(ctx, func(ctx context.Context) (err error) {
		s.welcome, s.offset, err = hello(ctx, s.cabinet, s.config, facts[state.FactCursor])
		return err
	})
	if err != nil {
		return err
	}
	if s.looking {
		return s.recognize(ctx)
	}
	if err := s.adopt(ctx); err != nil {
		return err
	}
	s.newRules = facts[state.FactRules] != s.rules()
	if s.offset.Abs() > time.Minute {
		s.Progress.Note(fmt.Sprintf("This computer's clock is off by %s.", s.offset.Round(time.Second)))
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
func (s *session) bind(ctx context.Context, plan *mapping.Mapping, file string) ([]*extract.Extractor, error) {
	zone, err := time.LoadLocation(s.welcome.Organization.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("the organization's time zone %q: %w", s.welcome.Organization.TimeZone, err)
	}
	extractors := make([]*extract.Extractor, len(plan.Kinds))
	var failures []error
	for i := range plan.Kinds {
		extractors[i], err = extract.New(ctx, file, s.source, &plan.Kinds[i], s.welcome.Organization.ID, zone)
		failures = append(failures, err)
	}
	return extractors, errors.Join(failures...)
}

// rules names those that the cabinet checks by.
func (s *session) rules() string { return strconv.Itoa(s.welcome.Rules) }

func (s *session) patience() client.Patience {
	return client.Patience{GiveUp: s.Patience, Waiting: s.Progress.Waiting}
}

// now is the time by the cabinet's clock.
func (s *session) now() time.Time { return time.Now().Add(s.offset).Truncate(time.Microsecond) }
