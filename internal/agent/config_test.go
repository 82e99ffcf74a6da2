package agent_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"github.com/interpos/cabinet/internal/agent"
)

const identity = "url: https://cabinet.example.org\nkey: isk_x\ndevice_id: 1f7ad41f-c61e-4c31-9cd1-c8ea2e9f163a\n"

func load(t *testing.T, text string) (agent.Config, string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "agent.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	config, err := agent.LoadConfig(path)
	return config, filepath.Dir(path), err
}

func TestMappingMayStandInTheConfiguration(t *testing.T) {
	t.Parallel()
	config, dir, err := load(t, identity+"mapping:\n  source: {driver: sqlite, dsn: pos.db}\n  kinds:\n    unit: {query: q, key: k, fields: {name: n}}\n")
	require.NoError(t, err)
	plan, file, err := config.LoadMapping()
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "agent.yaml"), file)
	require.Equal(t, filepath.Join(dir, "pos.db"), plan.DSN)

	config, _, err = load(t, identity+"mapping:\n  source: {driver: sqlite, dsn: pos.db}\n  kinds:\n    moon: {query: q}\n")
	require.NoError(t, err)
	_, _, err = config.LoadMapping()
	require.ErrorContains(t, err, `agent.yaml:7:5: there is no kind "moon"`)
}

func TestFilesAreFoundNextToTheConfiguration(t *testing.T) {
	t.Parallel()
	config, dir, err := load(t, identity+"mapping: venue.yaml\n")
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "agent.state"), config.StateFile())
	_, _, err = config.LoadMapping()
	require.ErrorContains(t, err, filepath.Join(dir, "venue.yaml"))

	config, dir, err = load(t, identity+"state: memory/a.state\n")
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "memory", "a.state"), config.StateFile())
	_, _, err = config.LoadMapping()
	require.ErrorContains(t, err, "names no mapping, and none stands beside it")
}

func TestTheOnlyMappingBesideTheConfigurationIsTaken(t *testing.T) {
	t.Parallel()
	config, dir, err := load(t, identity)
	require.NoError(t, err)
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("notes.yaml", "kinds: of coffee\n")
	write("venue.yaml", "source: {driver: sqlite, dsn: pos.db}\nkinds:\n  outlet: {query: SELECT 1, key: id, fields: {name: {value: x}}}\n")
	_, file, err := config.LoadMapping()
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "venue.yaml"), file)

	write("venue.yaml", "source: {driver: sqlite\nkinds:\n")
	_, _, err = config.LoadMapping()
	require.ErrorContains(t, err, "venue.yaml:2:1", "one with a mistake is named, not passed over")

	write("old.yml", "source: {}\nkinds: {}\n")
	_, _, err = config.LoadMapping()
	require.ErrorContains(t, err, "several stand beside it (old.yml, venue.yaml)")
}

func TestBadConfigurationIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                         "the configuration is empty",
		identity + "colour: red\n": `unknown field "colour"`,
		"url: x\nkey: y\n":         "device_id is no UUID",
		"url: [\n":                 "agent.yaml: ",
	} {
		_, _, err := load(t, text)
		require.ErrorContains(t, err, want)
	}
}

func TestAConfigurationIsReadAsEditorsWriteIt(t *testing.T) {
	t.Parallel()
	plain := strings.ReplaceAll(identity, "key: isk_x", "key: 'isk_x '")
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	require.NoError(t, err)
	for _, text := range []string{plain, "\ufeff" + plain, strings.ReplaceAll(plain, "\n", "\r\n"), "\ufeff" + strings.ReplaceAll(plain, "\n", "\r\n"), utf16} {
		config, _, err := load(t, text)
		require.NoError(t, err, "%q", text)
		require.Equal(t, []string{"https://cabinet.example.org", "isk_x"}, []string{config.URL, config.Key}, "%q", text)
	}
}

func TestSavedConfigurationIsReadBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "agent.yaml")
	saved := agent.Config{URL: "https://cabinet.example.org", Key: "isk_x", DeviceID: uuid.New(), DeviceName: "Касса: 1", Mapping: "C:\\pos\\m.yaml", State: "s"}
	require.NoError(t, saved.Save(path))
	read, err := agent.LoadConfig(path)
	require.NoError(t, err)
	require.Equal(t, []any{saved.URL, saved.Key, saved.DeviceID, saved.DeviceName, saved.Mapping, saved.State},
		[]any{read.URL, read.Key, read.DeviceID, read.DeviceName, read.Mapping, read.State})
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}
