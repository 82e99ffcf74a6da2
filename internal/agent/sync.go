package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	RetryRejected  bool          // send rejected records again though they have not changed
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

// session is one synchronization.
type session struct {
	Options
	cabinet *client.Client
	config  Config
	source  source.Source
	state   *state.State
	welcome client.Welcome
	offset  time.Duration
	summary Summary
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
	if err := memory.Remember(ctx, map[string]string{state.FactLastTry: state.Now()}); err != nil {
		return Summary{}, err
	}
	s := &session{Options: options, config: config, state: memory}
	started := time.Now()
	err = s.run(ctx)
	s.summary.Took = time.Since(started)
	facts := map[string]string{state.FactLastSuccess: state.Now(), state.FactLastError: ""}
	if err != nil {
		facts = map[string]string{state.FactLastError: err.Error()}
	}
	return s.summary, errors.Join(err, memory.Remember(context.WithoutCancel(ctx), facts))
}

func (s *session) run(ctx context.Context) error {
	plan, file, err := s.config.LoadMapping()
	if err != nil {
		return err
	}
	if err := s.greet(ctx); err != nil {
		return err
	}
	s.source, err = source.Open(ctx, plan.Driver, plan.DSN)
	if err != nil {
		return err
	}
	defer func() { _ = s.source.Close() }()
	extractors, err := s.bind(ctx, plan, file)
	if err != nil {
		return err
	}
	var failures []error
	for i := range plan.Kinds {
		kind := &plan.Kinds[i]
		if !slices.Contains(s.welcome.Kinds, kind.Record.Name) {
			s.Progress.Note(fmt.Sprintf("%s: this cabinet does not take the kind yet; left out", kind.Record.Name))
			continue
		}
		err := s.kind(ctx, kind, extractors[i])
		var local sourceError
		if errors.As(err, &local) && ctx.Err() == nil {
			failures = append(failures, err)
		} else if err != nil {
			return err
		}
	}
	return errors.Join(failures...)
}

// greet says hello and binds the state to the feed that answers.
func (s *session) greet(ctx context.Context) (err error) {
	if s.cabinet, err = connect(s.config); err != nil {
		return err
	}
	err = s.patience().Do(ctx, func(ctx context.Context) (err error) {
		s.welcome, s.offset, err = hello(ctx, s.cabinet, s.config)
		return err
	})
	if err != nil {
		return err
	}
	organization := s.welcome.Organization
	resend, err := s.state.Adopt(ctx, organization.ID.String(), s.welcome.Feed.Epoch)
	if err != nil {
		return err
	}
	if resend {
		s.Progress.Note("The cabinet's feed is another one than before: everything is sent again.")
	}
	if s.offset.Abs() > time.Minute {
		s.Progress.Note(fmt.Sprintf("This computer's clock is off by %s.", s.offset.Round(time.Second)))
	}
	return s.state.Remember(ctx, map[string]string{
		state.FactOrganizationName: organization.Name, state.FactTimeZone: organization.TimeZone,
		state.FactCurrency: organization.Currency,
	})
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

func (s *session) patience() client.Patience {
	return client.Patience{GiveUp: s.Patience, Waiting: s.Progress.Waiting}
}

// now is the time by the cabinet's clock.
func (s *session) now() time.Time { return time.Now().Add(s.offset).Truncate(time.Microsecond) }
