//go:build linux

package browse_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection/feedtest"
)

var (
	coffee = uuid.MustParse("22222222-2222-4222-8222-222222222222")
	noon   = time.Date(2026, 5, 25, 9, 0, 0, 0, time.UTC) // 12:00 in Moscow
)

func line(price string) []feedtest.Line {
	return []feedtest.Line{{Product: coffee, Quantity: "1", Price: price}}
}

func listDocuments(t *testing.T, v *feedtest.Venue, kind string, query browse.DocumentQuery) browse.DocumentPage {
	t.Helper()
	if query.Limit == 0 {
		query.Limit = 100
	}
	page, err := browse.New(v.Projector).Documents(t.Context(), v.Organization, kind, query)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func numbers(page browse.DocumentPage) string {
	list := make([]string, len(page.Items))
	for i, item := range page.Items {
		list[i] = item.Number
	}
	return strings.Join(list, " ")
}

func day(text string) *time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return &at
}

// venue has receipts 1 to 6 on three business days.
func venue(t *testing.T) (v *feedtest.Venue, outlet, employee uuid.UUID) {
	t.Helper()
	v = feedtest.New(t)
	outlet, employee = uuid.New(), uuid.New()
	v.Push(
		feedtest.Receipt{Number: "1", At: noon.AddDate(0, 0, -1), Lines: line("100"), Outlet: outlet}.Change(),
		feedtest.Receipt{Number: "2", At: noon, Lines: line("300"), Outlet: outlet, Employee: employee}.Change(),
		feedtest.Receipt{Number: "3", At: noon.Add(time.Minute), Lines: line("250"), Refund: true, Tip: "0.50"}.Change(),
		feedtest.Receipt{Number: "9", At: noon.Add(2 * time.Minute), Lines: line("70"), Status: "cancelled"}.Change(),
		feedtest.Receipt{Number: "10", At: noon.Add(3 * time.Minute), Lines: line("70"), Status: "closed", Note: "День рождения"}.Change(),
		feedtest.Receipt{Number: "6", At: noon.AddDate(0, 0, 1), Lines: line("5"), More: map[string]any{"fiscal_number": "FN-7710"}}.Change(),
	)
	return v, outlet, employee
}

func TestListIsFiltered(t *testing.T) {
	v, outlet, employee := venue(t)
	for _, test := range []struct {
		query        browse.DocumentQuery
		numbers, sum string
	}{
		{browse.DocumentQuery{}, "6 10 9 3 2 1", "224.5"},
		{browse.DocumentQuery{From: day("2026-05-25"), To: day("2026-05-25")}, "10 9 3 2", "119.5"},
		{browse.DocumentQuery{From: day("2026-05-26")}, "6", "5"},
		{browse.DocumentQuery{To: day("2026-05-24")}, "1", "100"},
		{browse.DocumentQuery{Outlet: &outlet}, "2 1", "400"},
		{browse.DocumentQuery{Employee: &employee}, "2", "300"},
		{browse.DocumentQuery{Type: "refund"}, "3", "-250.5"},
		{browse.DocumentQuery{Status: "cancelled"}, "9", "0"},
		{browse.DocumentQuery{Status: "closed", Type: "sale"}, "6 10 2 1", "475"},
		{browse.DocumentQuery{Search: "fn-77"}, "6", "5"},
		{browse.DocumentQuery{Search: "рождения"}, "10", "70"},
		{browse.DocumentQuery{Sort: "number"}, "1 2 3 6 9 10", "224.5"},
		{browse.DocumentQuery{Sort: "-total"}, "2 3 1 10 9 6", "224.5"},
		{browse.DocumentQuery{Sort: "occurred_at"}, "1 2 3 9 10 6", "224.5"},
	} {
		page := listDocuments(t, v, "receipt", test.query)
		got := numbers(page)
		if test.query.Sort == "-total" { // 9 and 10 are equal: their order is that of their ids
			got = strings.ReplaceAll(got, "9 10", "10 9")
		}
		if got != test.numbers || page.Sum.String() != test.sum || int(page.Total) != len(page.Items) {
			t.Errorf("%+v: %s of %d with sum %s, want %s with sum %s", test.query, got, page.Total, page.Sum, test.numbers, test.sum)
		}
	}
}

func TestPagesNeitherRepeatNorMissDocumentsWithEqualKeys(t *testing.T) {
	v := feedtest.New(t)
	var changes []feedtest.Change
	for i := range 33 {
		changes = append(changes, feedtest.Receipt{Number: "same", At: noon.Add(time.Duration(i/12) * time.Microsecond), Lines: line("5")}.Change())
	}
	v.Push(changes...)
	for _, sort := range []string{"", "occurred_at", "number", "-number", "total", "-total"} {
		seen := map[uuid.UUID]bool{}
		for query := (browse.DocumentQuery{Sort: sort, Limit: 5}); ; {
			page := listDocuments(t, v, "receipt", query)
			for _, item := range page.Items {
				seen[item.ID] = true
			}
			if query.Cursor = page.NextCursor; query.Cursor == "" {
				break
			}
		}
		if len(seen) != 33 {
			t.Errorf("sorted by %q %d of 33 documents are seen", sort, len(seen))
		}
	}
}

func TestReceiptShowsItsRefundsAndNames(t *testing.T) {
	v := feedtest.New(t)
	sold, outlet := feedtest.Receipt{ID: uuid.New(), Number: "A-1", At: noon, Lines: line("90"), Outlet: uuid.New()}, "На набережной"
	refund := feedtest.Receipt{ID: uuid.New(), Number: "A-2", At: noon, Lines: line("30"), Refund: true, RefundOf: sold.ID}
	v.Push(refund.Change(), sold.Change(),
		feedtest.Change{Kind: "outlet", ID: sold.Outlet, Data: map[string]any{"name": outlet}},
		feedtest.Change{Kind: "product", ID: coffee, Data: map[string]any{"name": "Кофе", "type": "dish"}})
	service := browse.New(v.Projector)
	got, err := service.Document(t.Context(), v.Organization, "receipt", sold.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Refunds) != 1 || got.Refunds[0].ID != refund.ID || got.Refunds[0].Total.Decimal.String() != "30" {
		t.Errorf("refunds %+v", got.Refunds)
	}
	if got.References[sold.Outlet].Text != outlet || got.References[coffee].Text != "Кофе" || got.Document.BusinessDay != *day("2026-05-25") {
		t.Errorf("%+v", got)
	}
	got, err = service.Document(t.Context(), v.Organization, "receipt", refund.ID)
	if err != nil || got.References[sold.ID].Text != "A-1" || len(got.Refunds) != 0 {
		t.Errorf("%v: the refund refers to %v", err, got.References)
	}
}

func TestShiftShowsWhatItsReceiptsWerePaidWith(t *testing.T) {
	v := feedtest.New(t)
	shift, cash, card := uuid.New(), uuid.New(), uuid.New()
	paid := func(kind uuid.UUID, price string, refund bool, status string) feedtest.Change {
		return feedtest.Receipt{At: noon, Shift: shift, PaymentType: kind, Lines: line(price), Refund: refund, Status: status}.Change()
	}
	v.Push(paid(cash, "100", false, ""), paid(cash, "30.5", true, ""), paid(card, "200", false, "closed"), paid(card, "999", false, "cancelled"),
		feedtest.Receipt{At: noon, Lines: line("5000")}.Change(), // of no shift
		feedtest.Change{Kind: "payment_type", ID: card, Data: map[string]any{"name": "Карта", "type": "card"}},
		feedtest.Change{Kind: "cash_shift", ID: shift, Data: map[string]any{"number": "12", "occurred_at": noon, "opened_at": noon}})
	got, err := browse.New(v.Projector).Document(t.Context(), v.Organization, "cash_shift", shift)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(got.Payments)
	if want := fmt.Sprint([]browse.Payment{{Type: card, Amount: feedtest.Amount("200")}, {Type: cash, Amount: feedtest.Amount("69.5")}}); text != want {
		t.Errorf("payments %s, want %s", text, want)
	}
	if got.References[card].Text != "Карта" {
		t.Errorf("references %v", got.References)
	}
}

func TestOtherKindsHaveTheirTotals(t *testing.T) {
	v := feedtest.New(t)
	warehouse, supplier := uuid.New(), uuid.New()
	v.Push(
		feedtest.Change{Kind: "purchase", ID: uuid.New(), Data: map[string]any{
			"number": "П-1", "occurred_at": noon, "warehouse_id": warehouse, "supplier_id": supplier, "total": json.Number("99.99"),
			"supplier_number": "ТН 4501", "lines": []any{map[string]any{
				"product_id": coffee, "quantity": 1, "price": json.Number("99.99"), "total": json.Number("99.99")}}}},
		feedtest.Change{Kind: "write_off", ID: uuid.New(), Data: map[string]any{
			"number": "С-1", "occurred_at": noon, "warehouse_id": warehouse, "lines": []any{
				map[string]any{"product_id": coffee, "quantity": 2, "cost": json.Number("10.25")}}}})
	if page := listDocuments(t, v, "purchase", browse.DocumentQuery{Search: "4501"}); page.Sum.String() != "99.99" || page.Items[0].Counterparty.UUID != supplier {
		t.Errorf("purchases %+v", page)
	}
	if page := listDocuments(t, v, "write_off", browse.DocumentQuery{}); page.Sum.String() != "10.25" {
		t.Errorf("write-offs %+v", page)
	}
	counts, err := browse.New(v.Projector).CountDocuments(t.Context(), v.Organization)
	if err != nil || len(counts.Kinds) < 4 || counts.Kinds[2].Kind != "purchase" || counts.Kinds[2].Count != 1 || counts.Kinds[1].Count != 0 {
		t.Errorf("%v: %v", err, counts)
	}
}

func TestDocumentsOfAWarehouseAreFound(t *testing.T) {
	v := feedtest.New(t)
	store, kitchen, elsewhere := uuid.New(), uuid.New(), uuid.New()
	transfer := func(number string, from, to uuid.UUID) feedtest.Change {
		return feedtest.Change{Kind: "transfer", ID: uuid.New(), Data: map[string]any{
			"number": number, "occurred_at": noon, "from_warehouse_id": from, "to_warehouse_id": to, "lines": []any{
				map[string]any{"product_id": coffee, "quantity": 1, "cost": json.Number("2.5")}}}}
	}
	v.Push(transfer("1", store, kitchen), transfer("2", kitchen, elsewhere), transfer("3", elsewhere, store),
		feedtest.Change{Kind: "warehouse", ID: kitchen, Data: map[string]any{"name": "Кухня"}},
		feedtest.Change{Kind: "stocktake", ID: uuid.New(), Data: map[string]any{
			"number": "И-1", "occurred_at": noon, "warehouse_id": kitchen, "lines": []any{
				map[string]any{"product_id": coffee, "expected": 3, "counted": 2, "cost": json.Number("-10")}}}})
	page := listDocuments(t, v, "transfer", browse.DocumentQuery{Warehouse: &kitchen, Sort: "number"})
	if numbers(page) != "1 2" || page.Sum.String() != "5" || page.References[kitchen].Text != "Кухня" || page.Items[0].ToWarehouse.UUID != kitchen {
		t.Errorf("%s: %+v", numbers(page), page)
	}
	if page := listDocuments(t, v, "stocktake", browse.DocumentQuery{Warehouse: &kitchen}); page.Sum.String() != "-10" {
		t.Errorf("stocktakes %+v", page)
	}
	if page := listDocuments(t, v, "stocktake", browse.DocumentQuery{Warehouse: &store}); page.Total != 0 {
		t.Errorf("stocktakes of another warehouse %+v", page)
	}
}

func TestAnOrderIsPromisedByItselfOrByTheOrganization(t *testing.T) {
	v := feedtest.New(t) // 60 minutes
	v.License("delivery")
	order := func(number, status string, more map[string]any) feedtest.Change {
		data := map[string]any{"number": number, "status": status, "type": "courier", "phone": "+7 912 345-67-89", "placed_at": noon, "total": 100,
			"lines": []any{map[string]any{"id": uuid.New(), "product_id": coffee, "name": "Кофе", "quantity": 1, "price": 100, "total": 100}}}
		for name, value := range more {
			data[name] = value
		}
		return feedtest.Change{Kind: "delivery_order", ID: uuid.New(), Data: data}
	}
	v.Push(
		order("1", "delivered", map[string]any{"delivered_at": noon.Add(time.Hour)}),
		order("2", "delivered", map[string]any{"delivered_at": noon.Add(time.Hour + time.Second)}),
		order("3", "closed", map[string]any{"promised_at": noon.Add(2 * time.Hour), "delivered_at": noon.Add(90 * time.Minute)}),
		order("4", "on_way", nil), order("5", "cancelled", nil))
	got := ""
	page := listDocuments(t, v, "delivery_order", browse.DocumentQuery{Sort: "number"})
	for _, item := range page.Items {
		onTime := "unknown"
		if known := item.OnTime(); known != nil {
			onTime = fmt.Sprint(*known)
		}
		got += fmt.Sprintf("%s %s %s; ", item.Number, item.PromisedAt.Sub(noon), onTime)
	}
	if want := "1 1h0m0s true; 2 1h0m0s false; 3 2h0m0s true; 4 1h0m0s unknown; 5 1h0m0s unknown; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if page.Sum.String() != "400" {
		t.Errorf("the sum without the cancelled one is %s", page.Sum)
	}
	if page := listDocuments(t, v, "delivery_order", browse.DocumentQuery{Search: "345-67", Status: "on_way", Type: "courier"}); numbers(page) != "4" {
		t.Errorf("on the way are %s", numbers(page))
	}
}

func TestWhatIsWrongWithAQueryIsSaid(t *testing.T) {
	v, _, _ := venue(t)
	service := browse.New(v.Projector)
	for _, test := range []struct {
		query browse.DocumentQuery
		code  fault.Code
	}{
		{browse.DocumentQuery{From: day("2026-05-26"), To: day("2026-05-25")}, fault.ValidationFailed},
		{browse.DocumentQuery{Sort: "colour"}, fault.ValidationFailed},
		{browse.DocumentQuery{Cursor: "made up"}, fault.Malformed},
		{browse.DocumentQuery{Sort: "total", Cursor: "eyJzIjoidG90YWwiLCJrIjoibm8iLCJpIjoiMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwIn0"}, fault.Malformed},
	} {
		test.query.Limit = 1
		if _, err := service.Documents(t.Context(), v.Organization, "receipt", test.query); !fault.Is(err, test.code) {
			t.Errorf("%+v: %v", test.query, err)
		}
	}
	for _, kind := range []string{"product", "nonsense"} {
		if _, err := service.Documents(t.Context(), v.Organization, kind, browse.DocumentQuery{Limit: 1}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestOtherOrganizationSeesNothing(t *testing.T) {
	v, _, _ := venue(t)
	other := feedtest.In(t, v.DB)
	if page := listDocuments(t, other, "receipt", browse.DocumentQuery{}); len(page.Items) != 0 || page.Total != 0 || !page.Sum.IsZero() {
		t.Errorf("%+v", page)
	}
	id := listDocuments(t, v, "receipt", browse.DocumentQuery{}).Items[0].ID
	if _, err := browse.New(v.Projector).Document(t.Context(), other.Organization, "receipt", id); !fault.Is(err, fault.NotFound) {
		t.Errorf("a document of another organization: %v", err)
	}
}

func TestDeletedDocumentIsShownByItselfOnly(t *testing.T) {
	v := feedtest.New(t)
	id := uuid.New()
	v.Push(feedtest.Receipt{ID: id, At: noon, Lines: line("5")}.Change())
	v.Push(feedtest.Change{Kind: "receipt", ID: id})
	if page := listDocuments(t, v, "receipt", browse.DocumentQuery{}); page.Total != 0 {
		t.Errorf("%+v", page)
	}
	got, err := browse.New(v.Projector).Document(t.Context(), v.Organization, "receipt", id)
	if err != nil || !got.Deleted || !got.Document.BusinessDay.IsZero() {
		t.Errorf("%v: %+v", err, got)
	}
}
