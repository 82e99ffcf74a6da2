package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/record"
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
	organization uuid.UUID
	zone         *time.Location
	minorDigits  int
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
	zone, err := time.LoadLocation(facts[state.FactTimeZone])
	if err != nil {
		return unknown
	}
	return place{organization, zone, record.MinorDigits(facts[state.FactCurrency])}
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
	problems := 0
	for i := range plan.Kinds {
		kind := &plan.Kinds[i]
		c.printUnknownFields(kind)
		found, err := c.checkKind(ctx, src, room, kind, file, at)
		if err != nil {
			c.printf("%s: %v\n", kind.Record.Name, err)
			found++
		}
		problems += found
	}
	if problems > 0 {
		return fmt.Errorf("%w: %d", ErrProblems, problems)
	}
	c.printf("The mapping is in order.\n")
	return nil
}

// checkKind reads and checks all records of a kind, and counts the bad ones.
func (c Check) checkKind(ctx context.Context, src source.Source, room *scratch.DB, kind *mapping.Kind, file string, at place) (bad int, err error) {
	reader, err := extract.New(ctx, file, src, kind, extract.Namespaces{Source: at.organization, Shared: at.organization}, at.zone)
	if err != nil {
		return 0, err
	}
	listing, err := scan.List(ctx, room, reader, nil, time.Now())
	if err != nil {
		return 0, err
	}
	c.printf("%s: %d records\n", kind.Record.Name, listing.Rows)
	shown := 0
	err = listing.Keys(ctx, func(keys []source.Value) error {
		records, err := reader.Read(ctx, keys)
		for i := range records {
			if shown < c.Show {
				c.printf("  %s %s\n", records[i].ID, records[i].Data)
				shown++
			}
			bad += c.checkRecord(&records[i], at.minorDigits, bad)
		}
		return err
	})
	if err == nil && bad > c.Problems {
		c.printf("  … %d more records with problems\n", bad-c.Problems)
	}
	return bad, err
}

func (c Check) checkRecord(r *extract.Record, minorDigits, before int) int {
	faults, _ := r.Check(minorDigits)
	if len(faults) == 0 {
		return 0
	}
	if before < c.Problems {
		c.printf("  PROBLEM key %s:\n", r.Key.Text)
		for _, fault := range faults {
			c.printf("    %s %s (%s)\n", fault.Field, fault.Message, fault.Code)
		}
	}
	return 1
}

// printUnknownFields says which fields the cabinet will keep but never show: often
// a slip of the pen.
func (c Check) printUnknownFields(kind *mapping.Kind) {
	for _, field := range kind.Fields {
		if !field.Known {
			c.printf("%s: the field %s is unknown to the cabinet: it is kept, but nowhere shown\n", kind.Record.Name, field.Name.Text)
		}
	}
}

func (c Check) printf(format string, args ...any) { _, _ = fmt.Fprintf(c.Out, format, args...) }
