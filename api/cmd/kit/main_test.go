package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// execute runs a command line to its end.
func execute(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), args, console{&stdout, &stderr})
	return code, stdout.String(), stderr.String()
}

func TestExitCodesSayWhatHappened(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		code int
		says string
	}{
		"help":              {[]string{"--help"}, 0, ""},
		"no command":        {nil, 2, "expected one of"},
		"no key":            {[]string{"conformance", "--url", "http://127.0.0.1:1"}, 2, "--key"},
		"nobody answers":    {[]string{"conformance", "--url", "http://127.0.0.1:1", "--key", "k"}, 1, "kit: "},
		"unknown time zone": {[]string{"demo-source", "--out", "x.db", "--time-zone", "Mars"}, 1, "--time-zone: "},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := execute(t, test.args...)
			require.Equal(t, test.code, code, errs)
			require.Contains(t, errs, test.says)
		})
	}
}

func TestADemoSourceIsMadeWithItsMapping(t *testing.T) {
	database := filepath.Join(t.TempDir(), "pos.db")
	code, out, errs := execute(t, "demo-source", "--out", database, "--days", "2", "--outlets", "1", "--now", "2026-05-25T20:00:00+03:00")
	require.Zero(t, code, errs)
	require.Contains(t, out, " receipts written in ")
	require.FileExists(t, database)
	require.FileExists(t, filepath.Join(filepath.Dir(database), "pos.yaml"))
}

func TestWhatWasNotTestedIsNoFailure(t *testing.T) {
	var errs bytes.Buffer
	require.Equal(t, 4, exitCode(console{nil, &errs}, errUntested))
	require.Equal(t, 1, exitCode(console{nil, &errs}, errBroken))
}
