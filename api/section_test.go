package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/record"
)

// sectionFor is the section that a kind's records stand in, said here once more by hand.
func sectionFor(kind *record.Kind) access.Section {
	switch {
	case kind.Name == "delivery_order":
		return access.Deliveries
	case kind.Document:
		return access.Documents
	}
	return access.Directories
}

// Whatever way there is to the records of a kind, it takes the permission of their section, and
// no other opens it.
func TestTheRecordsOfAKindAreSeenByWhoeverMaySeeTheirSection(t *testing.T) {
	w := newWorld(t)
	owner, member := w.user("owner"), w.user("member")
	organization, _ := w.organization(owner)
	path := "/api/v1/organizations/" + organization
	status := func(address string, may ...access.Permission) int {
		w.join(organization, member, may...)
		defer w.leave(organization, member)
		return w.call(request{method: "GET", path: address, token: member}).status
	}
	for _, kind := range record.ForPeople() {
		view := sectionFor(kind).View()
		list := path + "/directories/" + kind.Name
		if kind.Document {
			list = path + "/documents/" + kind.Name
		}
		for _, query := range []string{"", "?format=csv", "?include=data", "?updated_since=2026-01-01T00:00:00Z"} {
			require.Equal(t, http.StatusForbidden, status(list+query, allBut(view)...), list+query)
			require.Equal(t, http.StatusOK, status(list+query, view), list+query)
		}
		card := list + "/" + receiptID
		require.Equal(t, http.StatusForbidden, status(card, allBut(view)...), card)
		require.Equal(t, http.StatusNotFound, status(card, view), card)
		require.Equal(t, http.StatusForbidden, status(card+"/history", allBut(view)...), "the history shows what the record holds: %s", card)
		require.Equal(t, http.StatusForbidden, status(card+"/history", allBut(access.History.View())...), card)
		require.Equal(t, http.StatusNotFound, status(card+"/history", view, access.History.View()), card)
	}
}

func TestDocumentsAreCountedForWhoeverMaySeeThem(t *testing.T) {
	w := newWorld(t)
	owner, member := w.user("owner"), w.user("member")
	organization, _ := w.organization(owner)
	w.join(organization, member, access.Documents.View())
	path := "/api/v1/organizations/" + organization + "/documents"
	require.Contains(t, string(w.call(request{method: "GET", path: path, token: owner}).body), "delivery_order")
	got := w.call(request{method: "GET", path: path, token: member})
	require.Contains(t, string(got.body), "receipt")
	require.NotContains(t, string(got.body), "delivery_order")
}
