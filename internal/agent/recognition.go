package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/identity"
	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// firstSourceName is that of a source which was synchronized before sources had names.
const firstSourceName = "main"

// evidenceEvery is how often it is renewed by what a source is known again: a POS clears out old documents.
const evidenceEvery = 24 * time.Hour

// readSources asks for the organization's sources.
func readSources(ctx context.Context, cabinet *link.Link) (sources []client.Source, err error) {
	err = cabinet.Call(ctx, func(ctx context.Context, c *client.Client) (err error) {
		sources, err = c.Sources(ctx)
		return err
	})
	return sources, err
}

func findSource(sources []client.Source, id uuid.UUID) *client.Source {
	for i := range sources {
		if sources[i].ID == id {
			return &sources[i]
		}
	}
	return nil
}

// knownSourceID is the source that the configuration names, or the state is bound to. ok is false where neither says it.
func knownSourceID(cabinet *link.Link, facts map[string]string) (id uuid.UUID, ok bool) {
	if id := cabinet.Identity.SourceID; id != uuid.Nil {
		return id, true
	}
	if facts[state.FactOrganization] != cabinet.Welcome.Organization.ID.String() {
		return uuid.Nil, false
	}
	return state.SourceOf(facts)
}

// findOwnSource finds which of the organization's sources is synchronized. claim: the cabinet is to be told of it.
func findOwnSource(cabinet *link.Link, sources []client.Source, facts map[string]string) (source client.Source, claim bool, err error) {
	id, ok := knownSourceID(cabinet, facts)
	if !ok {
		return source, false, chooseByInit(cabinet, sources)
	}
	if known := findSource(sources, id); known != nil {
		return *known, !isDeviceOf(known, cabinet.Identity.DeviceID), nil
	}
	// Not there: an older backup of the cabinet was restored, or the key is another organization's.
	if facts[state.FactOrganization] != cabinet.Welcome.Organization.ID.String() {
		return source, false, chooseByInit(cabinet, sources)
	}
	return client.Source{ID: id, Name: orElse(cabinet.Identity.SourceName, firstSourceName)}, true, nil
}

// chooseByInit is the error of a database that has no name in the organization yet.
func chooseByInit(cabinet *link.Link, sources []client.Source) error {
	return fmt.Errorf("it is not known which database of «%s» this is%s: run `agent init` again, with --source NAME if it is not to ask",
		cabinet.Welcome.Organization.Name, listedSources(sources))
}

func listedSources(sources []client.Source) string {
	if len(sources) == 0 {
		return ""
	}
	text := " (known are"
	for i := range sources {
		text += fmt.Sprintf(" «%s»", sources[i].Name)
	}
	return text + ")"
}

func isDeviceOf(source *client.Source, device uuid.UUID) bool {
	return slices.ContainsFunc(source.Devices, func(d client.SourceDevice) bool { return d.ID == device })
}

// recognizeSource finds out which source this is. The first agent of an organization needs no word for it.
func recognizeSource(ctx context.Context, cabinet *link.Link, facts map[string]string) error {
	sources, err := readSources(ctx, cabinet)
	if err != nil {
		return err
	}
	cabinet.Sources = sources
	if _, ok := knownSourceID(cabinet, facts); !ok && len(sources) == 0 {
		cabinet.Source, err = registerSource(ctx, cabinet, orElse(cabinet.Identity.SourceName, cabinet.Identity.DeviceName))
		return err
	}
	source, claim, err := findOwnSource(cabinet, sources, facts)
	if err == nil && claim {
		source, err = claimSource(ctx, cabinet, source)
	}
	cabinet.Source = source
	return err
}

func registerSource(ctx context.Context, cabinet *link.Link, name string) (source client.Source, err error) {
	err = cabinet.Call(ctx, func(ctx context.Context, c *client.Client) (err error) {
		source, err = c.RegisterSource(ctx, client.SourceClaim{Name: orElse(name, firstSourceName), DeviceID: cabinet.Identity.DeviceID})
		return err
	})
	return source, err
}

// claimSource tells the cabinet that this device synchronizes a source, and its evidence.
func claimSource(ctx context.Context, cabinet *link.Link, source client.Source) (claimed client.Source, err error) {
	err = cabinet.Call(ctx, func(ctx context.Context, c *client.Client) (err error) {
		claimed, err = c.ClaimSource(ctx, source.ID, client.SourceClaim{Name: source.Name, DeviceID: cabinet.Identity.DeviceID, Evidence: source.Evidence})
		return err
	})
	return claimed, err
}

// ErrOtherDatabase is the error of a database that is not the one which its source is known by.
var ErrOtherDatabase = errors.New("this is another database")

// refuseOther fails where evidence says that the open database is another one than the source's.
func (b *boundSource) refuseOther(ctx context.Context, cabinet *link.Link) error {
	if b.recognized {
		return nil
	}
	found, err := b.compareEvidence(ctx, cabinet, cabinet.Source.Evidence)
	if err != nil {
		return err
	}
	if b.recognized = found.Verdict != identity.Other; b.recognized {
		return nil
	}
	return fmt.Errorf(`%w than the one that «%s» knows as «%s»: %s. Nothing was sent.
Is it a database of its own, such as that of another outlet? Then give it a name of its own:   agent init --source NAME
Is it the same one after all, such as after a restored backup? Then say so:   agent init --source %q --confirm-source`,
		ErrOtherDatabase, cabinet.Welcome.Organization.Name, cabinet.Source.Name, differingRows(found), cabinet.Source.Name)
}

func differingRows(found identity.Finding) string {
	return fmt.Sprintf("of %d rows that are known of that one, %d are others here (%s, for one)", found.Agree+found.Differ, found.Differ, found.Example)
}

// compareEvidence holds evidence against the open database.
func (b *boundSource) compareEvidence(ctx context.Context, cabinet *link.Link, evidence string) (identity.Finding, error) {
	if evidence == "" {
		return identity.Finding{}, nil
	}
	tables, err := b.tables(ctx, cabinet)
	if err != nil {
		return identity.Finding{}, err
	}
	return identity.Compare(ctx, evidence, tables)
}

// tables are the kinds that can be read, with their readers.
func (b *boundSource) tables(ctx context.Context, cabinet *link.Link) ([]identity.Table, error) {
	var tables []identity.Table
	for i := range b.plan.Kinds {
		reader, err := b.bindReader(ctx, i, cabinet)
		if isOneKinds(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		tables = append(tables, identity.Table{Kind: &b.plan.Kinds[i], Extractor: reader})
	}
	return tables, nil
}

// renewEvidence keeps in the cabinet by what the source is known again, now and then.
func (o *outbound) renewEvidence(ctx context.Context) error {
	facts, err := o.state.Facts(ctx)
	if err != nil {
		return err
	}
	if at, err := time.Parse(time.RFC3339, facts[state.FactEvidenceAt]); err == nil && isFresh(at, time.Now(), evidenceEvery) && identity.IsStrong(o.link.Source.Evidence) {
		return nil
	}
	tables, err := o.source.tables(ctx, o.link)
	if err != nil {
		return err
	}
	now, err := identity.Take(ctx, o.state, tables)
	if err != nil {
		return err
	}
	if now == o.link.Source.Evidence {
		return o.state.Remember(ctx, map[string]string{state.FactEvidenceAt: state.Now()})
	}
	// Another database that goes by the same name may have been quicker.
	sources, err := readSources(ctx, o.link)
	if err != nil {
		return err
	}
	if known := findSource(sources, o.link.Source.ID); known != nil {
		o.link.Source = *known
	}
	o.source.recognized = false
	if err := o.source.refuseOther(ctx, o.link); err != nil {
		return err
	}
	o.link.Source.Evidence = now
	if o.link.Source, err = claimSource(ctx, o.link, o.link.Source); err != nil {
		return err
	}
	return o.state.Remember(ctx, map[string]string{state.FactEvidenceAt: state.Now()})
}
