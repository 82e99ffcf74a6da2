package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/projection"
)

func TestProjectionsAreRebuiltBesideTheRunningServer(t *testing.T) {
	c := config(t)
	server := start(t, c)
	syncKey(t, server.URL()) // an organization
	silent := func(uuid.UUID, projection.Progress) {}
	rebuilt, err := app.RebuildProjections(t.Context(), c, quiet, uuid.Nil, silent)
	require.NoError(t, err)
	require.Equal(t, 1, rebuilt)
	_, err = app.RebuildProjections(t.Context(), c, quiet, uuid.New(), silent)
	require.Error(t, err, "there is no such organization")
}
