package agent

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/client"
)

// Name is what the agent calls itself.
const Name = "interpos-agent"

// Version is that of the module this program was built from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}

// connect makes the client of a configuration's cabinet.
func connect(config Config) (*client.Client, error) {
	return client.New(config.URL, client.Token(config.Key), client.UserAgent(Name+"/"+Version()))
}

// hello introduces the device, which knows the feed up to a cursor, and measures
// the cabinet's clock.
func hello(ctx context.Context, cabinet *client.Client, config Config, cursor string, clock func() moment) (client.Welcome, cabinetTime, error) {
	before := clock()
	welcome, err := cabinet.Hello(ctx, client.Hello{
		DeviceID: config.DeviceID, DeviceName: config.DeviceName,
		Agent: Name, AgentVersion: Version(), LocalTime: before.wall, Cursor: cursor,
	})
	if err != nil {
		return welcome, cabinetTime{}, explain(err)
	}
	half := (clock().running - before.running) / 2
	middle := moment{before.wall.Add(half), before.running + half}
	return welcome, cabinetTime{server: welcome.ServerTime, at: middle}, nil
}

// explain says to a technician what the protocol's code means here.
func explain(err error) error {
	if client.IsCode(err, "sync_key_invalid") {
		return fmt.Errorf("the cabinet does not know this sync key: copy it again from the organization's form, where it may have been replaced: %w", err)
	}
	return err
}

// Init makes a configuration at path: it says hello to the cabinet and writes
// the file if that succeeds. A configuration that is there already keeps its
// device, its state, and whatever is not given anew.
func Init(ctx context.Context, path string, given Config) (client.Welcome, error) {
	config := given
	if old, err := LoadConfig(path); err == nil {
		config = old.replace(given)
	} else if _, missing := os.Stat(path); missing == nil {
		return client.Welcome{}, err
	}
	config.path = path
	if config.DeviceID == uuid.Nil {
		config.DeviceID = uuid.New()
	}
	if config.DeviceName == "" {
		config.DeviceName = hostName()
	}
	if config.inline != nil {
		return client.Welcome{}, fmt.Errorf("%s holds its mapping: change it by hand", path)
	}
	if config.Mapping != "" {
		if _, _, err := config.LoadMapping(); err != nil {
			return client.Welcome{}, err
		}
	}
	cabinet, err := connect(config)
	if err != nil {
		return client.Welcome{}, err
	}
	welcome, _, err := hello(ctx, cabinet, config, "", present)
	if err != nil {
		return welcome, err
	}
	return welcome, config.Save(path)
}

func (c Config) replace(given Config) Config {
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
		return "till"
	}
	return name
}
