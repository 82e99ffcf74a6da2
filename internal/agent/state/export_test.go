package state

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// LimitPages lets the file grow no more, as a full disk would.
func (s *State) LimitPages(t *testing.T, full bool) {
	t.Helper()
	limit := "PRAGMA max_page_count = 4294967294"
	if full {
		limit = "PRAGMA max_page_count = 1" // SQLite takes the present size for the least
	}
	_, err := s.db.Exec(limit)
	require.NoError(t, err)
}
