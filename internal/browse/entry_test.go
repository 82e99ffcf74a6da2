//go:build linux

package browse_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection/feedtest"
	"github.com/interpos/cabinet/internal/record"
)

func entry(kind, name string, more map[string]any) feedtest.Change {
	data := map[string]any{"name": name}
	if kind == "product" {
		data["type"] = "goods"
	}
	for field, value := range more {
		data[field] = value
	}
	return feedtest.Change{Kind: kind, ID: uuid.New(), Data: data}
}

func listEntries(t *testing.T, v *feedtest.Venue, kind string, query browse.EntryQuery) browse.Page[browse.Entry] {
	t.Helper()
	if query.Limit == 0 {
		query.Limit = 100
	}
	page, err := browse.New(v.Projector).Entries(t.Context(), v.Organization, kind, query)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func names(page browse.Page[browse.Entry]) string {
	list := make([]string, len(page.Items))
	for i, item := range page.Items {
		list[i] = item.Name
	}
	return strings.Join(list, ", ")
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

func TestNamesAreInReadingOrder(t *testing.T) {
	v := feedtest.New(t)
	for _, name := range []string{"Эспрессо", "апельсин", "Яблоко", "ёлка", "Ель", "жук", "Стол 10", "Стол 9", "Apple", "zebra", "Борщ", "борщ", "Чай №2"} {
		v.Push(entry("product", name, nil))
	}
	const want = "Apple, zebra, апельсин, борщ, Борщ, ёлка, Ель, жук, Стол 9, Стол 10, Чай №2, Эспрессо, Яблоко"
	expect(t, "ascending", names(listEntries(t, v, "product", browse.EntryQuery{})), want)
	reversed := strings.Split(want, ", ")
	slices.Reverse(reversed)
	expect(t, "descending", names(listEntries(t, v, "product", browse.EntryQuery{Sort: "-name"})), strings.Join(reversed, ", "))
}

func TestSearchFindsWordsInAnyCaseAndPhonesByTheirDigits(t *testing.T) {
	v := feedtest.New(t)
	v.Push(
		entry("customer", "Пётр Ёлкин", map[string]any{"phone": "+7 (912) 345-67-89", "email": "petr@example.com"}),
		entry("customer", "Мария 50% _скидка_", map[string]any{"card_number": "A-00017"}),
		entry("product", "Пётр", nil))
	for query, want := range map[string]string{
		"петр": "Пётр Ёлкин", "ЁЛКИН пЁ": "Пётр Ёлкин", "9123456789": "Пётр Ёлкин", "912 345": "Пётр Ёлкин", "PETR@": "Пётр Ёлкин",
		"50%": "Мария 50% _скидка_", "a-00017": "Мария 50% _скидка_", "5_%": "", "nobody": "", `\`: "", "": "Мария 50% _скидка_, Пётр Ёлкин",
	} {
		page := listEntries(t, v, "customer", browse.EntryQuery{Search: query})
		expect(t, "search for "+query, names(page), want)
		if int(page.Total) != len(page.Items) {
			t.Errorf("search for %q: total %d of %d", query, page.Total, len(page.Items))
		}
	}
}

func TestFilterByGroupHoldsTheGroupsBelow(t *testing.T) {
	v := feedtest.New(t)
	drinks, hot, food := entry("product_group", "Напитки", nil), entry("product_group", "Горячие", nil), entry("product_group", "Кухня", nil)
	hot.Data["parent_id"] = drinks.ID
	drinks.Data["parent_id"] = hot.ID // a loop, as a broken source may have
	v.Push(drinks, hot, food,
		entry("product", "Сок", map[string]any{"group_id": drinks.ID}), entry("product", "Чай", map[string]any{"group_id": hot.ID}),
		entry("product", "Суп", map[string]any{"group_id": food.ID}), entry("product", "Пакет", nil))
	expect(t, "food", names(listEntries(t, v, "product", browse.EntryQuery{Group: &food.ID})), "Суп")
	expect(t, "drinks", names(listEntries(t, v, "product", browse.EntryQuery{Group: &drinks.ID})), "Сок, Чай")
	unknown := uuid.New()
	expect(t, "unknown", names(listEntries(t, v, "product", browse.EntryQuery{Group: &unknown})), "")
}

func TestArchivedRecordsAreShownWhenAskedFor(t *testing.T) {
	v := feedtest.New(t)
	v.Push(entry("employee", "Анна", nil), entry("employee", "Борис", map[string]any{"dismissed": true}))
	yes, no := true, false
	expect(t, "all", names(listEntries(t, v, "employee", browse.EntryQuery{})), "Анна, Борис")
	expect(t, "archived", names(listEntries(t, v, "employee", browse.EntryQuery{Archived: &yes})), "Борис")
	expect(t, "others", names(listEntries(t, v, "employee", browse.EntryQuery{Archived: &no})), "Анна")
}

func TestPagesNeitherRepeatNorMissRecordsWithEqualNames(t *testing.T) {
	v := feedtest.New(t)
	var changes []feedtest.Change
	for i := range 57 {
		changes = append(changes, entry("product", fmt.Sprintf("Товар %d", i/20), map[string]any{"code": "same"}))
	}
	v.Push(changes...)
	for _, sort := range []string{"name", "-name", "code", "-code", "modified_at", "-modified_at"} {
		seen := map[uuid.UUID]bool{}
		query := browse.EntryQuery{Sort: sort, Limit: 10}
		for pages := 1; ; pages++ {
			page := listEntries(t, v, "product", query)
			for _, item := range page.Items {
				seen[item.ID] = true
			}
			if page.Total != 57 {
				t.Errorf("%s: total %d on page %d", sort, page.Total, pages)
			}
			if query.Cursor = page.NextCursor; query.Cursor == "" {
				if pages != 6 {
					t.Errorf("%s: %d pages", sort, pages)
				}
				break
			}
		}
		if len(seen) != 57 {
			t.Errorf("%s: %d of 57 records seen", sort, len(seen))
		}
	}
}

// A record that comes while one pages does not move the others.
func TestPageGoesOnWhereTheOneBeforeEnded(t *testing.T) {
	v := feedtest.New(t)
	for _, name := range []string{"Б", "Г", "Е"} {
		v.Push(entry("unit", name, nil))
	}
	first := listEntries(t, v, "unit", browse.EntryQuery{Limit: 2})
	v.Push(entry("unit", "А", nil), entry("unit", "Д", nil))
	second := listEntries(t, v, "unit", browse.EntryQuery{Limit: 2, Cursor: first.NextCursor})
	expect(t, "pages", names(first)+"; "+names(second), "Б, Г; Д, Е")
}

func TestCursorOfAnotherOrderOrNoneIsRefused(t *testing.T) {
	v := feedtest.New(t)
	v.Push(entry("unit", "кг", nil), entry("unit", "л", nil))
	cursor := listEntries(t, v, "unit", browse.EntryQuery{Limit: 1}).NextCursor
	service := browse.New(v.Projector)
	for _, query := range []browse.EntryQuery{
		{Sort: "-name", Cursor: cursor}, {Sort: "code", Cursor: cursor}, {Cursor: "made up"}, {Cursor: "bm90IGpzb24"},
		{Sort: "modified_at", Cursor: "eyJzIjoibW9kaWZpZWRfYXQiLCJrIjoibm8gdGltZSIsImkiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAifQ"},
	} {
		query.Limit = 1
		if _, err := service.Entries(t.Context(), v.Organization, "unit", query); !fault.Is(err, fault.Malformed) {
			t.Errorf("%+v: %v", query, err)
		}
	}
	if _, err := service.Entries(t.Context(), v.Organization, "unit", browse.EntryQuery{Limit: 1, Sort: "colour"}); !fault.Is(err, fault.ValidationFailed) {
		t.Errorf("an unknown order: %v", err)
	}
}

func TestReferencesAreCalledByTheirNames(t *testing.T) {
	v := feedtest.New(t)
	group, unit := entry("product_group", "Кофе", nil), entry("unit", "порция", nil)
	milk, missing := entry("product", "Молоко", nil), uuid.New()
	latte := entry("product", "Латте", map[string]any{"group_id": group.ID, "unit_id": unit.ID, "components": []any{
		map[string]any{"product_id": milk.ID, "quantity": 1}, map[string]any{"product_id": missing, "quantity": 1}}})
	v.Push(latte) // before what it refers to
	page := listEntries(t, v, "product", browse.EntryQuery{})
	if len(page.References) != 0 {
		t.Errorf("references %v before they have arrived", page.References)
	}
	v.Push(group, unit, milk)
	page = listEntries(t, v, "product", browse.EntryQuery{Search: "латте"})
	want := map[uuid.UUID]browse.Name{group.ID: {Text: "Кофе"}, unit.ID: {Text: "порция"}}
	if fmt.Sprint(page.References) != fmt.Sprint(want) {
		t.Errorf("references %v, want those of the columns: %v", page.References, want)
	}
	want[milk.ID] = browse.Name{Text: "Молоко"} // which only the record itself shows
	got, err := browse.New(v.Projector).Entry(t.Context(), v.Organization, "product", latte.ID)
	if err != nil || fmt.Sprint(got.References) != fmt.Sprint(want) || got.Name() != "Латте" {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestDeletedRecordIsShownByItselfOnly(t *testing.T) {
	v := feedtest.New(t)
	unit := entry("unit", "кг", nil)
	v.Push(unit)
	v.Push(feedtest.Change{Kind: "unit", ID: unit.ID})
	expect(t, "list", names(listEntries(t, v, "unit", browse.EntryQuery{})), "")
	got, err := browse.New(v.Projector).Entry(t.Context(), v.Organization, "unit", unit.ID)
	if err != nil || !got.Deleted || got.Data != "{}" || got.Version != 2 {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestUnknownKindsAndForeignRecordsAreNotFound(t *testing.T) {
	v := feedtest.New(t)
	other := feedtest.In(t, v.DB)
	unit := entry("unit", "кг", nil)
	other.Push(unit)
	service := browse.New(v.Projector)
	for _, kind := range []string{"receipt", "nonsense", ""} {
		if _, err := service.Entries(t.Context(), v.Organization, kind, browse.EntryQuery{Limit: 1}); !fault.Is(err, fault.NotFound) {
			t.Errorf("list of %q: %v", kind, err)
		}
		if _, err := service.Entry(t.Context(), v.Organization, kind, unit.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("one of %q: %v", kind, err)
		}
	}
	if _, err := service.Entry(t.Context(), v.Organization, "unit", unit.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a record of another organization: %v", err)
	}
	expect(t, "list", names(listEntries(t, v, "unit", browse.EntryQuery{})), "")
}

func TestKindsAreCountedWithoutDeletedRecords(t *testing.T) {
	v := feedtest.New(t)
	gone := entry("unit", "г", nil)
	v.Push(entry("unit", "кг", nil), gone, entry("product", "Чай", nil))
	v.Push(feedtest.Change{Kind: "unit", ID: gone.ID})
	counts, err := browse.New(v.Projector).CountDirectories(t.Context(), v.Organization)
	if err != nil || len(counts.Kinds) != len(record.DirectoryNames()) {
		t.Fatal(err, counts)
	}
	for _, count := range counts.Kinds {
		want := map[string]int64{"unit": 1, "product": 1}[count.Kind]
		if count.Count != want {
			t.Errorf("%d of %s, want %d", count.Count, count.Kind, want)
		}
	}
}

func TestExportWalksTheWholeList(t *testing.T) {
	v := feedtest.New(t)
	var changes []feedtest.Change
	const records = 4_500 // of three pages
	for i := range records {
		changes = append(changes, entry("customer", fmt.Sprintf("Клиент %d", i), nil))
	}
	v.Push(changes...)
	if err := v.Projector.CatchUp(t.Context(), v.Organization); err != nil {
		t.Fatal(err)
	}
	seen, last := map[uuid.UUID]bool{}, ""
	_, err := browse.New(v.Projector).EachEntry(t.Context(), v.Organization, "customer", browse.EntryQuery{},
		func(item browse.Entry, zone *time.Location, _ map[uuid.UUID]browse.Name) error {
			seen[item.ID], last = true, item.Name
			if zone.String() != "Europe/Moscow" {
				t.Fatal(zone)
			}
			return nil
		})
	if err != nil || len(seen) != records || last != "Клиент 4499" {
		t.Errorf("%v: %d records, the last %s", err, len(seen), last)
	}

	bounded := browse.New(v.Projector)
	for most, refused := range map[int]bool{records: false, records - 1: true} {
		rows := 0
		bounded.LimitExport(most)
		_, err := bounded.EachEntry(t.Context(), v.Organization, "customer", browse.EntryQuery{},
			func(browse.Entry, *time.Location, map[uuid.UUID]browse.Name) error { rows++; return nil })
		if fault.Is(err, fault.TooManyRows) != refused || refused && rows > 0 || !refused && rows != records {
			t.Errorf("at most %d of %d: %d rows, %v", most, records, rows, err)
		}
		if refused && !strings.Contains(err.Error(), fmt.Sprintf("A file has at most %d rows. Choose a shorter period or a filter.", most)) {
			t.Error(err)
		}
	}
}
