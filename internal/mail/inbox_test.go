package mail

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

func TestTheDevelopmentInboxKeepsTheNewestLettersAndTellsTheLogNoSecrets(t *testing.T) {
	var log strings.Builder
	inbox := NewInbox(dbtest.New(t), slog.New(slog.NewTextHandler(&log, nil)))
	for i := range kept + 3 {
		require.NoError(t, inbox.Send(t.Context(), Message{To: "anna@example.com", Subject: fmt.Sprint(i), Text: "keys to the account"}))
	}
	letters, err := inbox.Letters(t.Context())
	require.NoError(t, err)
	require.Len(t, letters, kept)
	require.Equal(t, fmt.Sprint(kept+2), letters[0].Subject)
	require.Equal(t, "3", letters[kept-1].Subject)
	require.Empty(t, letters[0].Links())
	require.NotNil(t, letters[0].Links())
	require.Contains(t, log.String(), "inbox")
	require.NotContains(t, log.String(), "anna@example.com")
	require.NotContains(t, log.String(), "keys to the account")
}
