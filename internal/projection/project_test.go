package projection

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
)

var moscow = recipe{zone: "Europe/Moscow", currency: "RUB"}.settings()

func projectText(t *testing.T, kind, data string) (rows, error) {
	t.Helper()
	value, err := canonical.Parse([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return projectRecord(source{kind, uuid.New(), value}, moscow)
}

func mustProject(t *testing.T, kind, data string) rows {
	t.Helper()
	result, err := projectText(t, kind, data)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

const receiptHead = `"number":"1","occurred_at":"2026-05-25T13:30:00+03:00","closed_at":"2026-05-25T13:30:00+03:00",`

func TestReceiptContributesItsMeasures(t *testing.T) {
	r := mustProject(t, "receipt", `{`+receiptHead+`"type":"sale","guests":3,"tip":50,"rounding":-0.3,"discount_total":10,"tax_total":7.25,
		"total":739.7,"lines":[
		{"product_id":"11111111-1111-4111-8111-111111111111","name":"Кофе","quantity":2,"price":150,"discount":20,"total":310,"cost":80.5,
		 "modifiers":[{"name":"Сироп","quantity":1,"price":30}]},
		{"product_id":"22222222-2222-4222-8222-222222222222","name":"Сыр","quantity":0.333,"price":1170,"total":389.61,"cost":200,"tax":1},
		{"product_id":"22222222-2222-4222-8222-222222222222","name":"Скидка","quantity":1,"price":0.39,"total":0.39}],
		"payments":[{"payment_type_id":"33333333-3333-4333-8333-333333333333","amount":739.7}]}`)
	s := r.sale
	for name, pair := range map[string][2]string{
		"gross": {s.gross.String(), "720"}, "discounts": {s.discounts.String(), "30"}, "tax": {s.tax.String(), "1"},
		"tip": {s.tip.String(), "50"}, "cost": {s.cost.String(), "280.5"},
		"the first line's gross": {r.lines[0].gross.String(), "330"},
		"its discounts":          {r.lines[0].discounts.String(), "24.43"},
		"the second's":           {r.lines[1].discounts.String(), "5.57"},
		"the third's":            {r.lines[2].discounts.String(), "0"},
		"its payment":            {r.payments[0].amount.String(), "739.7"},
		"rounding":               {s.rounding.String(), "-0.3"},
		"unexplained":            {s.unexplained.String(), "0"},
		"unpaid":                 {s.unpaid.String(), "0"},
		"net with cost":          {s.netWithCost.String(), "689.61"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %s, want %s", name, pair[0], pair[1])
		}
	}
	if s.sign != 1 || s.guests != 3 || s.hour != 13 || r.document.status != "closed" {
		t.Errorf("sign %d, guests %d, hour %d, status %q", s.sign, s.guests, s.hour, r.document.status)
	}
}

func TestRefundHasPositiveAmountsAndAMinusSign(t *testing.T) {
	r := mustProject(t, "receipt", `{`+receiptHead+`"type":"refund","status":"closed","total":90,
		"lines":[{"product_id":"11111111-1111-4111-8111-111111111111","name":"Кофе","quantity":1,"price":100,"discount":10,"total":90,"tax":15}],"payments":[]}`)
	if r.sale.sign != -1 || r.sale.gross.String() != "100" || r.sale.discounts.String() != "10" || r.sale.tax.String() != "15" {
		t.Errorf("%+v", r.sale)
	}
}

func TestCancelledReceiptIsADocumentAndNoSale(t *testing.T) {
	r := mustProject(t, "receipt", `{`+receiptHead+`"type":"sale","status":"cancelled","total":90,"lines":[],"payments":[]}`)
	if r.sale != nil || r.lines != nil || r.payments != nil || r.document == nil || r.document.total.Decimal.String() != "90" {
		t.Errorf("%+v", r)
	}
}

func TestDocumentTotalIsItsOwnOrWhatItsLinesCost(t *testing.T) {
	const head = `{"number":"7","occurred_at":"2026-05-25T10:00:00Z"`
	for _, test := range []struct{ kind, rest, want string }{
		{"purchase", `,"total":12.5,"lines":[{"cost":1}]}`, "12.5"},
		{"write_off", `,"lines":[{"cost":1.25},{"cost":2},{}]}`, "3.25"},
		{"write_off", `,"lines":[{"quantity":1}]}`, ""},
		{"cash_shift", `}`, ""},
		{"purchase_return", `,"total":7,"lines":[]}`, "7"},
		{"transfer", `,"lines":[{"cost":4},{"cost":0.5}]}`, "4.5"},
		{"stocktake", `,"lines":[{"expected":5,"counted":3,"cost":-20},{"expected":1,"counted":2,"cost":7.5}]}`, "-12.5"},
		{"production", `,"lines":[{"cost":8}],"consumed":[{"cost":7}]}`, "8"},
	} {
		total := mustProject(t, test.kind, head+test.rest).document.total
		if got := total.Decimal.String(); total.Valid != (test.want != "") || total.Valid && got != test.want {
			t.Errorf("%s%s: total %s, want %q", test.kind, test.rest, got, test.want)
		}
	}
}

func TestDocumentsOfWarehousesNameThem(t *testing.T) {
	const head = `{"number":"7","occurred_at":"2026-05-25T10:00:00Z","lines":[]`
	const one, two = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
	for _, kind := range []string{"purchase", "purchase_return", "write_off", "stocktake", "production"} {
		d := mustProject(t, kind, head+`,"warehouse_id":"`+one+`"}`).document
		if d.warehouse.UUID.String() != one || d.toWarehouse.Valid {
			t.Errorf("%s: %v → %v", kind, d.warehouse, d.toWarehouse)
		}
	}
	d := mustProject(t, "transfer", head+`,"from_warehouse_id":"`+one+`","to_warehouse_id":"`+two+`"}`).document
	if d.warehouse.UUID.String() != one || d.toWarehouse.UUID.String() != two {
		t.Errorf("%v → %v", d.warehouse, d.toWarehouse)
	}
}

func TestDeliveryOrderCountsWhenItWasPlaced(t *testing.T) {
	const courier = "33333333-3333-4333-8333-333333333333"
	d := mustProject(t, "delivery_order", `{"number":"D-1","status":"delivered","type":"courier","placed_at":"2026-05-25T23:30:00+03:00",
		"promised_at":"2026-05-26T00:30:00+03:00","delivered_at":"2026-05-26T00:31:00+03:00","phone":"+7 (912) 345-67-89","customer_name":"Ёлкина",
		"address":"Лесная, 5","total":480,"lines":[],"employee_id":"11111111-1111-4111-8111-111111111111","courier_id":"`+courier+`"}`).document
	if d.day.Format("2006-01-02") != "2026-05-25" || !d.occurredAt.Equal(*d.placedAt) || d.deliveredAt.Sub(*d.promisedAt).String() != "1m0s" {
		t.Errorf("%+v", d)
	}
	if d.employee.UUID.String() != courier || d.customerName != "Ёлкина" || d.kindType != "courier" || d.status != "delivered" {
		t.Errorf("%+v", d)
	}
	for _, pattern := range []string{"елкина", "79123456789", "лесная"} {
		if !strings.Contains(d.search, pattern) {
			t.Errorf("%q is not found by %q", d.search, pattern)
		}
	}
	bare := mustProject(t, "delivery_order", `{"number":"D-2","status":"new","placed_at":"2026-05-25T10:00:00Z","occurred_at":"2026-05-24T10:00:00Z"}`).document
	if bare.promisedAt != nil || bare.deliveredAt != nil || bare.day.Format("2006-01-02") != "2026-05-24" {
		t.Errorf("%+v", bare)
	}
}

func TestDirectoryEntryKnowsItsGroupAndWhetherItIsArchived(t *testing.T) {
	const group = `"22222222-2222-4222-8222-222222222222"`
	for _, test := range []struct {
		kind, data      string
		grouped, hidden bool
	}{
		{"product", `{"name":"Чай","group_id":` + group + `,"archived":true}`, true, true},
		{"product_group", `{"name":"Чай","parent_id":` + group + `}`, true, false},
		{"employee", `{"name":"Ирина","dismissed":true}`, false, true},
		{"unit", `{"name":"кг"}`, false, false},
	} {
		e := mustProject(t, test.kind, test.data).entry
		if e.group.Valid != test.grouped || e.archived != test.hidden {
			t.Errorf("%s %s: %+v", test.kind, test.data, e)
		}
	}
}

func TestOddDataIsReadLeniently(t *testing.T) {
	r := mustProject(t, "receipt", `{`+receiptHead+`"type":"sale","total":"12","guests":"two","note":7,"outlet_id":"the first",
		"lines":[{"product_id":"11111111-1111-4111-8111-111111111111","quantity":{},"total":1e99}],"payments":[7,{}],"unheard_of":[[{}]]}`)
	if r.document.total.Valid || r.document.outlet.Valid || r.sale.guests != 0 || !r.lines[0].gross.IsZero() || len(r.payments) != 2 {
		t.Errorf("%+v %+v", r.document, r.sale)
	}
	if r := mustProject(t, "kind_of_tomorrow", `{"number":"1"}`); r.document != nil || r.entry != nil {
		t.Errorf("an unknown kind contributes %+v", r)
	}
}

func TestRecordWithoutWhatItsKindMustHaveIsAnError(t *testing.T) {
	for kind, data := range map[string]string{
		"receipt":  `{"number":"1"}`,
		"purchase": `[]`,
		"product":  `"name"`,
	} {
		if _, err := projectText(t, kind, data); err == nil {
			t.Errorf("%s %s is projected", kind, data)
		}
	}
}
