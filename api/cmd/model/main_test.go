package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsMadeOfSectionsAndLimitsIsFresh(t *testing.T) {
	for name, content := range files {
		kept, err := os.ReadFile("../../../" + name)
		require.NoError(t, err)
		require.Equal(t, string(content()), string(kept), "%s: run make generate", name)
	}
}
