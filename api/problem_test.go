package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/problem"
	"github.com/interpos/cabinet/internal/text"
)

// forPrograms are codes that no screen can meet: what they tell is wrong with a program.
var forPrograms = map[fault.Code]bool{
	fault.SyncKeyInvalid: true, fault.CursorExpired: true, fault.MethodNotAllowed: true, fault.UnsupportedMediaType: true,
	fault.IdempotencyReused: true, fault.IdempotencyOpen: true,
}

func TestEveryProblemHasItsWordsOnScreens(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		for _, entry := range problem.Entries {
			for _, part := range []string{".title", ".advice"} {
				_, found := text.In(language).Find("common:problem." + string(entry.Code) + part)
				require.True(t, found || forPrograms[entry.Code], "%s: %s%s", language, entry.Code, part)
			}
		}
	}
}
