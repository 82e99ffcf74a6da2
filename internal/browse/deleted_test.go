//go:build linux

package browse_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/projection/feedtest"
)

// nameOf is what the list of products calls their group.
func nameOf(t *testing.T, v *feedtest.Venue, group uuid.UUID) browse.Name {
	t.Helper()
	return listEntries(t, v, "product", browse.EntryQuery{}).References[group]
}

func TestDeletedRecordKeepsItsNameForWhatRefersToIt(t *testing.T) {
	v, other := feedtest.New(t), feedtest.New(t)
	group := entry("product_group", "Кофе", nil)
	product := entry("product", "Латте", map[string]any{"group_id": group.ID})
	gone := feedtest.Change{Kind: "product_group", ID: group.ID}
	v.Push(product, group)
	if got := nameOf(t, v, group.ID); got != (browse.Name{Text: "Кофе"}) {
		t.Errorf("there it is %+v", got)
	}
	v.Push(gone)
	if got := nameOf(t, v, group.ID); got != (browse.Name{Text: "Кофе", Deleted: true}) {
		t.Errorf("deleted it is %+v", got)
	}
	for _, query := range []browse.EntryQuery{{}, {Search: "кофе"}} {
		if page := listEntries(t, v, "product_group", query); len(page.Items) != 0 || page.Total != 0 {
			t.Errorf("%+v: it is still listed: %+v", query, page.Items)
		}
	}
	group.Data["name"] = "Кофе и чай"
	v.Push(group)
	if got := nameOf(t, v, group.ID); got != (browse.Name{Text: "Кофе и чай"}) {
		t.Errorf("there again it is %+v", got)
	}
	other.Push(product)
	if got := nameOf(t, other, group.ID); got != (browse.Name{}) {
		t.Errorf("another organization calls it %+v", got)
	}
}

func TestNameOfWhatWasDeletedBeforeItWasProjectedIsTheLast(t *testing.T) {
	v := feedtest.New(t)
	group := entry("product_group", "Чай", nil)
	product := entry("product", "Улун", map[string]any{"group_id": group.ID})
	v.Push(product, group)
	renamed := feedtest.Change{Kind: group.Kind, ID: group.ID, Data: map[string]any{"name": "Чай и травы"}}
	gone := feedtest.Change{Kind: group.Kind, ID: group.ID}
	v.Push(renamed)
	v.Push(gone)
	if got := nameOf(t, v, group.ID); got != (browse.Name{Text: "Чай и травы", Deleted: true}) {
		t.Errorf("it is %+v", got)
	}
}
