package agent

import (
	"context"
	"fmt"
	"os"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/textfile"
)

// Initialized is what an Init has found.
type Initialized struct {
	Welcome client.Welcome
	Source  client.Source // which of the organization's databases this is
	Again   bool          // it was known before
	Mapping string        // file, as the configuration names it; "" if there is none yet
	Keeping []string      // kinds of the mapping whose vanished rows stay in the cabinet
}

// Init makes a configuration at path: it says hello to the cabinet, finds out which of the organization's databases
// this is, and writes the file if that succeeds. Without a mapping it takes the only one beside path. A configuration that is there already keeps its
// device, its state, and whatever is not given anew.
func Init(ctx context.Context, path string, given Config, ask SourceQuestions) (done Initialized, err error) {
	given.URL, given.Key, given.SourceName = textfile.Trim(given.URL), textfile.Trim(given.Key), textfile.Trim(given.SourceName)
	config := given
	if old, err := LoadConfig(path); err == nil {
		config = old.withGiven(given)
	} else if _, missing := os.Stat(path); missing == nil {
		return done, err
	}
	config.path = path
	if config.DeviceID == uuid.Nil {
		config.DeviceID = uuid.New()
	}
	if config.DeviceName == "" {
		config.DeviceName = hostName()
	}
	if config.inline != nil {
		return done, fmt.Errorf("%s holds its mapping: change it by hand", path)
	}
	cabinet := &link.Link{Identity: config.linkIdentity(), Clock: link.Present}
	choice := sourceChoice{cabinet: cabinet, wanted: given.SourceName, ask: ask}
	if config.Mapping, err = config.mappingName(); err != nil {
		return done, err
	}
	if done.Mapping = config.Mapping; done.Mapping != "" {
		if choice.database, err = loadSource(config); err != nil {
			return done, err
		}
		defer choice.database.closeSource()
		done.Keeping = keepingKinds(choice.database)
	}
	if err := cabinet.Hello(ctx, ""); err != nil {
		return done, err
	}
	done.Welcome = cabinet.Welcome
	if done.Source, done.Again, err = choice.decide(ctx, config.lastFacts(ctx)); err != nil {
		return done, err
	}
	config.DeviceID, config.SourceID, config.SourceName = cabinet.Identity.DeviceID, done.Source.ID, done.Source.Name
	return done, config.Save(path)
}

// keepingKinds are the kinds whose rows vanish in the source only.
func keepingKinds(b *boundSource) (names []string) {
	for i := range b.plan.Kinds {
		if kind := &b.plan.Kinds[i]; !kind.Detect {
			names = append(names, kind.Record.Name)
		}
	}
	return names
}

// lastFacts are those of the state that the configuration names; none where there is no state yet.
func (c Config) lastFacts(ctx context.Context) map[string]string {
	if _, err := os.Stat(c.StateFile()); err != nil {
		return nil
	}
	memory, err := state.View(c.StateFile())
	if err != nil {
		return nil
	}
	defer func() { _ = memory.Close() }()
	facts, err := memory.Facts(ctx)
	if err != nil {
		return nil
	}
	return facts
}

func (c Config) withGiven(given Config) Config {
	c.URL, c.Key = given.URL, given.Key
	if given.DeviceName != "" {
		c.DeviceName = given.DeviceName
	}
	if given.Mapping != "" {
		c.Mapping = given.Mapping
	}
	return c
}

func hostName() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "POS"
	}
	return name
}
