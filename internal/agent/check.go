package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/currency"
)

// Check is a trial of a mapping against its source. Nothing is sent.
type Check struct {
	Out      io.Writer
	Show     int // records to show of each kind
	Problems int // problems to list of each kind
}

// ErrProblems is the error of a check that found some.
var ErrProblems = errors.New("the mapping has problems")

// place is what a check has to know of the organization. Before the first
// hello it is not known: ids are then not those that will be sent.
type place struct {
	names       extract.Namespaces
	zone        *time.Location
	minorDigits int
}

// Config checks the mapping of a configuration, for the organization that the
// last synchronization found.
func (c Check) Config(ctx context.Context, config Config) error {
	plan, file, err := config.LoadMapping()
	if err != nil {
		return err
	}
	return c.checkMapping(ctx, plan, file, lastPlace(ctx, config.StateFile()))
}

// File checks a mapping that no configuration names yet.
func (c Check) File(ctx context.Context, path string) error {
	plan, err := mapping.Load(path)
	if err != nil {
		return err
	}
	return c.checkMapping(ctx, plan, path, place{zone: time.Local, minorDigits: 2})
}

func lastPlace(ctx context.Context, stateFile string) place {
	unknown := place{zone: time.Local, minorDigits: 2}
	memory, err := state.View(stateFile)
	if err != nil {
		return unknown
	}
	defer func() { _ = memory.Close() }()
	facts, err := memory.Facts(ctx)
	if err != nil {
		return unknown
	}
	organization, err := uuid.Parse(facts[state.FactOrganization])
	if err != nil {
		return unknown
	}
	own, _ := state.SourceOf(facts) // the organization is known
	zone, err := time.LoadLocation(facts[state.FactTimeZone])
	if err != nil {
		return unknown
	}
	return place{extract.Namespaces{Source: own, Shared: organization}, zone, currency.MinorDigits(facts[state.FactCurrency])}
}

func (c Check) checkMapping(ctx context.Context, plan *mapping.Mapping, file string, at place) error {
	src, err := source.Open(ctx, plan.Driver, plan.DSN)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	room, err := scratch.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = room.Close() }()
	readers, problems, err := c.bindKinds(ctx, src, plan, file, at)
	if err != nil {
		return err
	}
	warnings := 0
	for i := range plan.Kinds {
		if readers[i] == nil {
			continue
		}
		k := kindCheck{Check: c, kind: &plan.Kinds[i], reader: readers[i], minorDigits: at.minorDigits}
		if err := k.checkKind(ctx, room, plan, directoryTables(plan, readers)); err != nil {
			c.printf("%s: %v\n", k.kind.Record.Name, err)
			k.problems++
		}
		problems += k.problems
		warnings += k.warnings
	}
	switch {
	case problems > 0:
		return fmt.Errorf("%w: %d", ErrProblems, problems)
	case warnings > 0:
		c.printf("The mapping works. %d warnings above are worth a look before you send.\n", warnings)
	default:
		c.printf("The mapping is in order.\n")
	}
	return nil
}

// bindKinds makes the readers of all kinds; nil, and a problem, for one whose columns are not found.
func (c Check) bindKinds(ctx context.Context, src source.Source, plan *mapping.Mapping, file string, at place) (readers []*extract.Extractor, problems int, err error) {
	readers = make([]*extract.Extractor, len(plan.Kinds))
	for i := range plan.Kinds {
		readers[i], err = extract.New(ctx, file, src, &plan.Kinds[i], at.names, at.zone)
		if isUnavailable(err) {
			return nil, 0, err
		}
		if err != nil {
			c.printf("%s: %v\n", plan.Kinds[i].Record.Name, err)
			problems++
		}
	}
	return readers, problems, nil
}

// directoryTables are the tables that kinds which are no documents are read from.
func directoryTables(plan *mapping.Mapping, readers []*extract.Extractor) map[string]bool {
	tables := map[string]bool{}
	for i := range plan.Kinds {
		if readers[i] != nil && !plan.Kinds[i].Record.Document {
			maps.Copy(tables, readers[i].Tables())
		}
	}
	return tables
}

func (c Check) printf(format string, args ...any) { _, _ = fmt.Fprintf(c.Out, format, args...) }
