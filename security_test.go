package cabinet

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryWallOfTheSecurityPageIsHeldByATest holds docs/security.md: each row of its table
// names tests, as `folder.TestName`, and they are there.
func TestEveryWallOfTheSecurityPageIsHeldByATest(t *testing.T) {
	page, err := os.ReadFile("docs/security.md")
	require.NoError(t, err)
	_, table, found := strings.Cut(string(page), "| threat | how it is met | held by |\n|---|---|---|\n")
	require.True(t, found, "the page has lost its table")
	rows := 0
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(row), "|")
		require.Len(t, cells, 5, "no row of the table: %s", row)
		tests := regexp.MustCompile("`([a-z/]+)\\.(Test\\w+)`").FindAllStringSubmatch(cells[3], -1)
		require.NotEmpty(t, tests, "no test holds this wall: %s", row)
		require.Equal(t, strings.Count(cells[3], "`"), 2*len(tests), "not all of these are tests: %s", cells[3])
		for _, test := range tests {
			require.True(t, isTest(t, test[1], test[2]), "%s has no %s", test[1], test[2])
		}
		rows++
	}
	require.GreaterOrEqual(t, rows, 25)
}

// isTest says whether a test of the folder has that name.
func isTest(t *testing.T, folder, name string) bool {
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	require.NoError(t, err)
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		if strings.Contains(string(source), "\nfunc "+name+"(t *testing.T) {") {
			return true
		}
	}
	return false
}
