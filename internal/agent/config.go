// Package agent is the program at the outlet: it reads the local database by
// its mapping, and sends what is new and what has changed to the cabinet.
package agent

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/textfile"
)

// Config is what `agent init` writes and everything else reads.
type Config struct {
	URL        string    // of the cabinet
	Key        string    // sync key: a secret
	DeviceID   uuid.UUID // of this installation, for ever
	DeviceName string
	Mapping    string    // file, relative to the configuration; empty: written in it
	State      string    // file, relative to the configuration
	SourceID   uuid.UUID // of the database among the organization's: ids of records are made of it; Nil: not said
	SourceName string

	path   string
	inline ast.Node
}

// configFile is the configuration as it is written.
type configFile struct {
	URL        string        `yaml:"url"`
	Key        string        `yaml:"key"`
	DeviceID   string        `yaml:"device_id"`
	DeviceName string        `yaml:"device_name,omitempty"`
	SourceID   string        `yaml:"source_id,omitempty"`
	SourceName string        `yaml:"source_name,omitempty"`
	Mapping    mappingOrPath `yaml:"mapping,omitempty"`
	State      string        `yaml:"state,omitempty"`
}

type mappingOrPath struct {
	Path string
	node ast.Node
}

// UnmarshalYAML takes the path of a mapping, or the mapping itself.
func (m *mappingOrPath) UnmarshalYAML(node ast.Node) error {
	if text, ok := node.(*ast.StringNode); ok {
		m.Path = text.Value
		return nil
	}
	m.node = node
	return nil
}

// MarshalYAML writes the path: only what init made is written.
func (m mappingOrPath) MarshalYAML() (any, error) { return m.Path, nil }

// LoadConfig reads the configuration at path. The error says what to do.
func LoadConfig(path string) (Config, error) {
	text, err := textfile.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, fmt.Errorf("there is no configuration %s: make it with `agent init`", path)
	}
	if err != nil {
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	file, err := decodeConfig(text)
	if err != nil {
		return Config{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	config := Config{
		URL: textfile.Trim(file.URL), Key: textfile.Trim(file.Key), DeviceName: file.DeviceName,
		Mapping: file.Mapping.Path, State: file.State, SourceName: file.SourceName, path: path, inline: file.Mapping.node,
	}
	if config.DeviceID, err = uuid.Parse(file.DeviceID); err != nil {
		return Config{}, fmt.Errorf("%s: device_id is no UUID: make the configuration anew with `agent init`", filepath.Base(path))
	}
	if file.SourceID != "" {
		if config.SourceID, err = uuid.Parse(file.SourceID); err != nil {
			return Config{}, fmt.Errorf("%s: source_id is no UUID: run `agent init` again, with --source NAME", filepath.Base(path))
		}
	}
	return config, nil
}

func decodeConfig(text string) (configFile, error) {
	var file configFile
	parsed, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return file, err
	}
	if len(parsed.Docs) == 0 || parsed.Docs[0].Body == nil {
		return file, errors.New("the configuration is empty")
	}
	return file, yaml.NodeToValue(parsed.Docs[0].Body, &file, yaml.Strict())
}

// linkIdentity is who this configuration makes the agent.
func (c Config) linkIdentity() link.Identity {
	return link.Identity{URL: c.URL, Key: c.Key, DeviceID: c.DeviceID, DeviceName: c.DeviceName, SourceID: c.SourceID, SourceName: c.SourceName}
}

// Save writes the configuration for its owner's eyes only, whole or not at all.
func (c Config) Save(path string) error {
	text, err := yaml.Marshal(configFile{
		URL: c.URL, Key: c.Key, DeviceID: c.DeviceID.String(), DeviceName: c.DeviceName,
		Mapping: mappingOrPath{Path: c.Mapping}, State: c.State, SourceName: c.SourceName, SourceID: sourceIDText(c.SourceID),
	})
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	temporary := path + ".new"
	if err := writeDurably(temporary, text); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	return os.Rename(temporary, path)
}

func sourceIDText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

func writeDurably(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// StateFile is where the state is kept: next to the configuration, unless it
// says otherwise.
func (c Config) StateFile() string {
	if c.State == "" {
		return strings.TrimSuffix(c.path, filepath.Ext(c.path)) + ".state"
	}
	return c.pathBeside(c.State)
}

// LoadMapping reads the mapping that the configuration names or holds, or the only one that
// stands beside it, and gives the file that it stands in.
func (c Config) LoadMapping() (*mapping.Mapping, string, error) {
	if c.inline != nil {
		m, err := mapping.Decode(c.path, c.inline)
		return m, c.path, err
	}
	name, err := c.mappingName()
	if err != nil {
		return nil, "", err
	}
	if name == "" {
		return nil, "", fmt.Errorf("%s names no mapping, and none stands beside it: write one, mapping.yaml in the same folder, as the guide says (%s/docs/agent)", c.path, c.URL)
	}
	file := c.pathBeside(name)
	m, err := mapping.Load(file)
	return m, file, err
}

// mappingName is the mapping that the configuration names, or the only one that stands beside
// it; "" where there is none.
func (c Config) mappingName() (string, error) {
	if c.Mapping != "" {
		return c.Mapping, nil
	}
	found, err := mapping.FindIn(filepath.Dir(c.path))
	if err != nil || len(found) == 0 {
		return "", err
	}
	if len(found) > 1 {
		return "", fmt.Errorf("%s names no mapping, and several stand beside it (%s): run `agent init` again with --mapping FILE", c.path, strings.Join(found, ", "))
	}
	return found[0], nil
}

func (c Config) pathBeside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(c.path), path)
}
