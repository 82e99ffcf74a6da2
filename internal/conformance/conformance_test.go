//go:build linux

package conformance_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/conformance"
)

func TestTheCabinetKeepsEveryPromise(t *testing.T) {
	c := newCabinet(t)
	key, other := c.licensed(t, "One"), c.organization(t, "Other")
	code, printed, said := run(t, append(c.documentedCommand(t, key, other), c.commands(t, key)...)...)
	t.Log(printed)
	require.Zero(t, code, said)
	require.NotContains(t, printed, key, "keys are never printed")
	require.Contains(t, printed, "held        promise 6, separate")
	require.Contains(t, printed, " 0 broken, 0 not tested.\n")
	leavesNothing(t, c, key)
	leavesNothing(t, c, other)
}

// documentedCommand is that of docs/conformance.md, as it stands there.
func (c *cabinet) documentedCommand(t *testing.T, key, other string) []string {
	t.Helper()
	document, err := os.ReadFile("../../docs/conformance.md")
	require.NoError(t, err)
	command := regexp.MustCompile("(?m)^kit (conformance .*)$").FindStringSubmatch(string(document))
	require.Len(t, command, 2)
	return strings.Fields(strings.NewReplacer("https://cabinet.example.org", c.url, `"$KEY"`, key, `"$OTHER_KEY"`, other).Replace(command[1]))
}

// leavesNothing demands that a run has deleted its records.
func leavesNothing(t *testing.T, c *cabinet, key string) {
	t.Helper()
	device, err := client.New(c.url, client.Token(key))
	require.NoError(t, err)
	page, read := client.Page{Limit: 5000}, 0
	for more := true; more; {
		changes, err := device.Changes(ctx, page)
		require.NoError(t, err)
		for _, change := range changes.Changes {
			require.True(t, change.Deleted, "%s %s", change.Kind, change.ID)
		}
		read += len(changes.Changes)
		page.Cursor, more = changes.Cursor, changes.More
	}
	require.NotZero(t, read)
}

func TestWhatWasNotTestedIsNotCalledHeld(t *testing.T) {
	c := newCabinet(t)
	key := c.organization(t, "One")
	code, printed, said := run(t, "conformance", "--url", c.behind(t, asItIs), "--key", key, "--json")
	require.Equal(t, 4, code, said)
	var report conformance.Report
	require.NoError(t, json.Unmarshal([]byte(printed), &report))
	require.Equal(t, len(conformance.Names()), len(report.Findings))
	needs := map[string]string{
		"separate": "--other-key", "license-tokens": "the license", "delivery-steps": "the license",
		"restored-backup": "--backup-command", "purge": "--purge-command",
	}
	for _, finding := range report.Findings {
		if needed, ok := needs[finding.Clause]; ok {
			require.Equal(t, conformance.NotTested, finding.Outcome)
			require.Contains(t, finding.Expected, needed)
			continue
		}
		require.Equal(t, conformance.Held, finding.Outcome, finding.Evidence(""))
	}
	code, printed, said = run(t, "conformance", "--url", c.url, "--key", c.licensed(t, "Two"), "--yes", "--backup-command", "echo no disk; exit 3")
	require.Equal(t, 4, code, said)
	require.Contains(t, printed, "no disk", "a command that fails is told of")
}
