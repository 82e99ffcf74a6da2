package client_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/client"
)

func TestRecordsAreAskedForUntilNoneRemains(t *testing.T) {
	asked := 0
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		ids := strings.Split(r.URL.Query().Get("ids"), ",")
		if len(ids) > client.MaxIDs {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		const fitting = 150 // in one answer
		answered := ids[:min(fitting, len(ids))]
		records := make([]map[string]string, len(answered))
		for i, id := range answered {
			records[i] = map[string]string{"kind": r.URL.Query().Get("kind"), "id": id}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"records": records, "remaining": ids[len(answered):]})
	})
	ids := make([]uuid.UUID, 450)
	for i := range ids {
		ids[i] = uuid.New()
	}
	found, err := c.Records(context.Background(), "unit", slices.Clone(ids))
	require.NoError(t, err)
	got := make([]uuid.UUID, len(found))
	for i := range found {
		got[i] = found[i].ID
	}
	require.ElementsMatch(t, ids, got)
	require.Equal(t, 3, asked)
}

func TestAnAnswerThatLeavesEverythingOutEndsTheAsking(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"records": []string{}, "remaining": strings.Split(r.URL.Query().Get("ids"), ",")})
	})
	_, err := c.Records(context.Background(), "unit", []uuid.UUID{uuid.New()})
	require.Error(t, err)
}
