//go:build linux

// Package programtest runs the built programs for tests that kill them, or cut them off.
package programtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// build builds server, agent and kit once, as they are shipped, and gives their folder.
var build = sync.OnceValues(func() (dir string, err error) {
	// The test's own module may be another one than the programs'.
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/interpos/cabinet").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	if dir, err = os.MkdirTemp("", "interpos-programs-*"); err != nil {
		return "", err
	}
	compile := exec.Command("go", "build", "-C", strings.TrimSpace(string(root)), "-o", dir+"/",
		"./api/cmd/cabinet", "./api/cmd/agent", "./api/cmd/kit")
	compile.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := compile.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return dir, nil
})

// Main runs a package's tests, and removes the programs that they have built.
func Main(m *testing.M) {
	code := m.Run()
	if dir, err := build(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// Command is a run of a program: cabinet, agent or kit.
func Command(t *testing.T, program string, args ...string) *exec.Cmd {
	t.Helper()
	dir, err := build()
	require.NoError(t, err)
	return exec.Command(filepath.Join(dir, program), args...)
}

// Agent runs the agent to its end, which must be a good one.
func Agent(t *testing.T, args ...string) {
	t.Helper()
	out, err := Command(t, "agent", args...).CombinedOutput()
	require.NoError(t, err, "agent %s\n%s", strings.Join(args, " "), out)
}

// MakeSource makes the local database of a venue with so many days of sales, and its mapping.
func MakeSource(t *testing.T, source, mapping string, days int) {
	t.Helper()
	out, err := Command(t, "kit", "demo-source", "--out", source, "--mapping", mapping, "--days", strconv.Itoa(days)).CombinedOutput()
	require.NoError(t, err, "%s", out)
}
