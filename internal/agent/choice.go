package agent

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/identity"
	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// SourceQuestions are what an Init has to ask where it cannot know which of the organization's databases
// this is. An error ends it.
type SourceQuestions interface {
	// Which gives the place of one of the databases, or -1: it is another one.
	Which(databases []string) (int, error)
	// Name gives what a new database is called; fallback is proposed.
	Name(fallback string) (string, error)
	// Sure is true where somebody knows better than what was found.
	Sure(found string) (bool, error)
}

// sourceChoice decides which of an organization's databases this is.
type sourceChoice struct {
	cabinet  *link.Link
	database *boundSource // nil: there is no mapping yet
	wanted   string       // name; "": nobody said it
	ask      SourceQuestions

	sources []client.Source
}

// decide gives the source, claimed for this device. again: it was known before.
func (c *sourceChoice) decide(ctx context.Context, facts map[string]string) (source client.Source, again bool, err error) {
	if c.sources, err = readSources(ctx, c.cabinet); err != nil {
		return source, false, err
	}
	chosen, name, err := c.choose(ctx, facts)
	switch {
	case err != nil:
		return source, false, err
	case chosen == nil:
		if err := c.renewDevice(ctx, uuid.Nil); err != nil {
			return source, false, err
		}
		source, err = registerSource(ctx, c.cabinet, name)
		return source, false, err
	}
	if err := c.renewDevice(ctx, chosen.ID); err != nil {
		return source, false, err
	}
	source, err = claimSource(ctx, c.cabinet, *chosen)
	return source, true, err
}

// renewDevice makes another device of one that has synchronized another source: its configuration may be a copy, and
// what it has sent is that source's.
func (c *sourceChoice) renewDevice(ctx context.Context, source uuid.UUID) error {
	identity := &c.cabinet.Identity
	for i := range c.sources {
		if c.sources[i].ID != source && isDeviceOf(&c.sources[i], identity.DeviceID) {
			identity.DeviceID = uuid.New()
			return c.cabinet.Hello(ctx, "")
		}
	}
	return nil
}

// choose gives a source that is known, or the name of a new one.
func (c *sourceChoice) choose(ctx context.Context, facts map[string]string) (known *client.Source, name string, err error) {
	if c.wanted != "" {
		return c.chooseWanted(ctx)
	}
	if id, ok := knownSourceID(c.cabinet, facts); ok {
		if own := findSource(c.sources, id); own != nil {
			return c.confirmKnown(ctx, own)
		}
		if facts[state.FactOrganization] == c.cabinet.Welcome.Organization.ID.String() { // an older backup of the cabinet was restored
			return &client.Source{ID: id, Name: orElse(c.cabinet.Identity.SourceName, firstSourceName)}, "", nil
		}
	}
	same, err := c.recognized(ctx)
	if err != nil {
		return nil, "", err
	}
	if len(same) == 1 {
		return same[0], "", nil
	}
	if len(c.sources) == 0 {
		name, err := c.ask.Name(c.cabinet.Identity.DeviceName)
		return nil, name, err
	}
	return c.chooseFromList(ctx)
}

// chooseWanted goes by the name that was given.
func (c *sourceChoice) chooseWanted(ctx context.Context) (*client.Source, string, error) {
	for i := range c.sources {
		if strings.EqualFold(c.sources[i].Name, c.wanted) {
			return c.confirmKnown(ctx, &c.sources[i])
		}
	}
	same, err := c.recognized(ctx)
	if err != nil || len(same) == 0 {
		return nil, c.wanted, err
	}
	return nil, c.wanted, c.confirm(fmt.Sprintf("This database is known already, as «%s»: under another name, all that it holds comes a second time. Unless it is a copy that goes its own way from now on, it is to keep its name:   --source %q",
		same[0].Name, same[0].Name))
}

// confirmKnown takes a source that is known where nothing speaks against it.
func (c *sourceChoice) confirmKnown(ctx context.Context, source *client.Source) (*client.Source, string, error) {
	found, err := c.compare(ctx, source)
	if err != nil {
		return nil, "", err
	}
	switch {
	case found.Verdict == identity.Same, found.Verdict == identity.Unknown && isDeviceOf(source, c.cabinet.Identity.DeviceID):
		return source, "", nil
	case found.Verdict == identity.Other:
		err = c.confirm(fmt.Sprintf("This database is another one than what is known as «%s»: %s. Under its name the records of both would go over each other. If it is one of its own, give it another name:   --source NAME",
			source.Name, differingRows(found)))
	default:
		err = c.confirm(fmt.Sprintf("Nothing shows whether this is the database that is known as «%s» (%s). If it is another one, the records of both would go over each other: then give it a name of its own:   --source NAME",
			source.Name, devicesOf(source)))
	}
	source.Evidence = "" // made again of what is here now
	return source, "", err
}

// confirm asks whether somebody knows better.
func (c *sourceChoice) confirm(found string) error {
	sure, err := c.ask.Sure(found)
	if err == nil && !sure {
		return fmt.Errorf("nothing was changed")
	}
	return err
}

func (c *sourceChoice) chooseFromList(ctx context.Context) (*client.Source, string, error) {
	texts := make([]string, len(c.sources))
	for i := range c.sources {
		texts[i] = fmt.Sprintf("%s (%s)", c.sources[i].Name, devicesOf(&c.sources[i]))
	}
	place, err := c.ask.Which(texts)
	if err != nil {
		return nil, "", err
	}
	if place < 0 {
		name, err := c.ask.Name(c.cabinet.Identity.DeviceName)
		return nil, name, err
	}
	return c.confirmKnown(ctx, &c.sources[place])
}

// recognized are the sources that this database is known as.
func (c *sourceChoice) recognized(ctx context.Context) (same []*client.Source, err error) {
	for i := range c.sources {
		found, err := c.compare(ctx, &c.sources[i])
		if err != nil {
			return nil, err
		}
		if found.Verdict == identity.Same {
			same = append(same, &c.sources[i])
		}
	}
	return same, nil
}

// compare holds the database against what a source is known by. The database is opened only where something is
// known.
func (c *sourceChoice) compare(ctx context.Context, source *client.Source) (identity.Finding, error) {
	if c.database == nil || source.Evidence == "" {
		return identity.Finding{}, nil
	}
	if err := c.database.openSource(ctx); err != nil {
		return identity.Finding{}, err
	}
	return c.database.compareEvidence(ctx, c.cabinet, source.Evidence)
}

func devicesOf(source *client.Source) string {
	if len(source.Devices) == 0 {
		return "no computer has sent it yet"
	}
	last := source.Devices[0]
	return fmt.Sprintf("computer %q, last heard %s", last.Name, last.LastSeenAt.Local().Format(time.DateTime))
}
