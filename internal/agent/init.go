package agent

import (
	"context"
	"fmt"
	"os"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/client"
)

// Init makes a configuration at path: it says hello to the cabinet and writes
// the file if that succeeds. A configuration that is there already keeps its
// device, its state, and whatever is not given anew.
func Init(ctx context.Context, path string, given Config) (client.Welcome, error) {
	config := given
	if old, err := LoadConfig(path); err == nil {
		config = old.withGiven(given)
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
	cabinet := &link.Link{Identity: config.linkIdentity(), Clock: link.Present}
	if err := cabinet.Hello(ctx, ""); err != nil {
		return client.Welcome{}, err
	}
	return cabinet.Welcome, config.Save(path)
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
