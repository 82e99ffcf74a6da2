package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
)

// boundSource is the outlet's database with a reader for each kind of the mapping.
type boundSource struct {
	plan       *mapping.Mapping
	file       string // of the plan
	source     source.Source
	readers    []*extract.Extractor // nil: to be bound
	recognized bool                 // it was found not to be another database than the one that its source is known by
}

// loadSource reads the mapping. The source is not open yet.
func loadSource(config Config) (*boundSource, error) {
	plan, file, err := config.LoadMapping()
	if err != nil {
		return nil, err
	}
	return &boundSource{plan: plan, file: file}, nil
}

// openSource opens the source, unless it is open.
func (b *boundSource) openSource(ctx context.Context) (err error) {
	if b.source == nil {
		b.source, err = source.Open(ctx, b.plan.Driver, b.plan.DSN)
	}
	return err
}

func (b *boundSource) closeSource() {
	if b.source != nil {
		_ = b.source.Close()
	}
}

// bindReader finds the columns of a kind. Where its queries do not have them, the other kinds can be
// read. Error: *extract.Failure, which is mapping.Errors, or *source.Unavailable.
func (b *boundSource) bindReader(ctx context.Context, i int, cabinet *link.Link) (*extract.Extractor, error) {
	if b.readers == nil {
		b.readers = make([]*extract.Extractor, len(b.plan.Kinds))
	}
	if b.readers[i] != nil {
		return b.readers[i], nil
	}
	organization := cabinet.Welcome.Organization
	zone, err := time.LoadLocation(organization.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("the organization's time zone %q: %w", organization.TimeZone, err)
	}
	names := extract.Namespaces{Source: cabinet.Source.ID, Shared: organization.ID}
	reader, err := extract.New(ctx, b.file, b.source, &b.plan.Kinds[i], names, zone)
	if mistakes := new(mapping.Errors); errors.As(err, mistakes) {
		return nil, &extract.Failure{Err: err}
	}
	if err != nil {
		return nil, err
	}
	b.readers[i] = reader
	return reader, nil
}

// unbindReaders has the columns found anew, and the database recognized.
func (b *boundSource) unbindReaders() { b.readers, b.recognized = nil, false }

// isUnavailable says whether the source failed as a whole, so that no other kind
// can be read either.
func isUnavailable(err error) bool {
	var unavailable *source.Unavailable
	return errors.As(err, &unavailable)
}

// isOneKinds says whether an error is that of one kind, so that the others can be read.
func isOneKinds(err error) bool {
	var failure *extract.Failure
	return errors.As(err, &failure) && !isUnavailable(err)
}

// kindWork is what is done with one kind after the other.
type kindWork func(ctx context.Context, kind *mapping.Kind, reader *extract.Extractor) error

// eachKind does some work with each kind that the cabinet takes. One that cannot be read does not
// hold up the others; ended is told how it went with each. Error: ErrOtherDatabase, before any work.
func (b *boundSource) eachKind(ctx context.Context, cabinet *link.Link, progress Progress, work kindWork, ended func(kind string, err error)) error {
	if err := b.refuseOther(ctx, cabinet); err != nil {
		return err
	}
	var failures []error
	for i := range b.plan.Kinds {
		kind := &b.plan.Kinds[i]
		if !slices.Contains(cabinet.Welcome.Kinds, kind.Record.Name) {
			progress.Note(fmt.Sprintf("%s: this cabinet does not take the kind yet; left out", kind.Record.Name))
			continue
		}
		reader, err := b.bindReader(ctx, i, cabinet)
		if err == nil {
			err = work(ctx, kind, reader)
		}
		if err != nil && (!isOneKinds(err) || ctx.Err() != nil) {
			return err
		}
		if err != nil {
			b.readers[i] = nil // its columns may be others now
		}
		ended(kind.Record.Name, err)
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}
