package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// failedTests gives the tests that fail on the broken product. An error is what says nothing of it:
// the mutation does not apply, or what it makes does not compile.
func (m mutation) failedTests(root string) (failed []string, err error) {
	files, err := m.brokenFiles(root)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "mutation-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	overlay, err := writeOverlay(dir, root, files)
	if err != nil {
		return nil, err
	}
	command := exec.Command("go", "test", "-count", "1", "-run", "^("+m.tests.names+")$", "./"+m.tests.folder)
	command.Dir = root
	// A test that builds programs builds them broken as well. What fails on purpose leaves no file behind.
	command.Env = append(os.Environ(), "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay), "RAPID_NOFAILFILE=true")
	out, err := command.CombinedOutput()
	failed = failuresIn(string(out))
	if len(failed) == 0 && (err != nil || strings.Contains(string(out), "no tests to run")) {
		return nil, fmt.Errorf("no test has failed, but:\n%s", out)
	}
	return failed, nil
}

// writeOverlay writes the files, and what tells Go to take them instead of those of the root.
func writeOverlay(dir, root string, files map[string]string) (path string, err error) {
	root, err = filepath.Abs(root)
	if err != nil {
		return "", err
	}
	instead := map[string]string{}
	for name, text := range files {
		broken := filepath.Join(dir, fmt.Sprint(len(instead))+filepath.Ext(name))
		if err := os.WriteFile(broken, []byte(text), 0o600); err != nil {
			return "", err
		}
		instead[filepath.Join(root, name)] = broken
	}
	overlay, err := json.Marshal(map[string]any{"Replace": instead})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, overlay, 0o600)
}

// failuresIn are the tests that `go test` says have failed.
func failuresIn(out string) (names []string) {
	for _, found := range regexp.MustCompile(`(?m)^--- FAIL: (\w+)`).FindAllStringSubmatch(out, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}
