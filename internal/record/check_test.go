package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/interpos/cabinet/internal/canonical"
)

type object = map[string]any

const someID = "5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"

func valueOf(t require.TestingT, data any) canonical.Value {
	raw, err := json.Marshal(data)
	require.NoError(t, err)
	value, err := canonical.Parse(raw)
	require.NoError(t, err)
	return value
}

// check answers "field: code" of each fault.
func check(t require.TestingT, kind string, data object) []string {
	found, ok := Find(kind)
	require.True(t, ok)
	var list []string
	for _, fault := range found.Check(valueOf(t, data), 2) {
		list = append(list, fault.Field+": "+fault.Code)
	}
	return list
}

func num(text string) json.Number { return json.Number(text) }

func receipt(changes object) object {
	data := object{
		"number": "17", "occurred_at": "2026-05-25T20:03:14+03:00", "closed_at": "2026-05-25T20:03:14+03:00",
		"type": "sale", "total": num("270.5"), "discount_total": num("20"), "tip": num("10"), "rounding": num("-0.5"),
		"lines": []object{
			{"id": someID, "product_id": someID, "name": "Капучино", "quantity": num("1"), "price": num("250"), "discount": num("25"), "total": num("245"),
				"modifiers": []object{{"name": "Сироп", "quantity": num("1"), "price": num("20")}}},
			{"id": someID, "product_id": someID, "name": "Печенье", "quantity": num("0.333"), "price": num("108.11"), "total": num("36")},
		},
		"payments": []object{{"payment_type_id": someID, "amount": num("200.5")}, {"payment_type_id": someID, "amount": num("70")}},
	}
	maps.Copy(data, changes)
	return data
}

func TestAGoodReceiptPasses(t *testing.T) {
	require.Empty(t, check(t, "receipt", receipt(nil)))
	require.Empty(t, check(t, "receipt", receipt(object{"loyalty": object{"points": num("12.25")}})), "unknown fields are nobody's fault")
	require.Empty(t, check(t, "receipt", receipt(object{"note": nil})), "null counts as left out")
}

func TestEachRuleOfAReceiptHasItsCode(t *testing.T) {
	line := func(changes object) []object {
		data := object{"id": someID, "product_id": someID, "name": "x", "quantity": num("3"), "price": num("10.005"), "total": num("30.02")}
		maps.Copy(data, changes)
		return []object{data}
	}
	for name, test := range map[string]struct {
		change object
		want   []string
	}{
		"sum of lines":       {object{"total": num("271.5")}, []string{"total: total_mismatch", "payments: payments_mismatch"}},
		"payments":           {object{"payments": []object{{"payment_type_id": someID, "amount": num("1")}}}, []string{"payments: payments_mismatch"}},
		"unpaid cancelled":   {object{"payments": []object{}, "status": "cancelled"}, nil},
		"line":               {object{"lines": line(object{"total": num("30")}), "total": num("19.5"), "payments": []object{{"payment_type_id": someID, "amount": num("19.5")}}}, []string{"lines[0].total: line_total_mismatch"}},
		"rounded either way": {object{"lines": line(object{"total": num("30.01")}), "total": num("19.51"), "payments": []object{{"payment_type_id": someID, "amount": num("19.51")}}}, nil},
		"required":           {object{"number": nil, "lines": nil}, []string{"number: required", "lines: required"}},
		"types":              {object{"number": 17, "type": "gift", "guests": num("1.5"), "tip": "10"}, []string{"number: invalid", "type: invalid", "guests: too_precise", "tip: invalid"}},
		"bounds":             {object{"total": num("1e30"), "tip": num("-1"), "rounding": num("0.00001"), "guests": num("99999999999")}, []string{"guests: too_large", "rounding: too_precise", "tip: too_small", "total: too_large"}},
		"ids and times":      {object{"outlet_id": "17", "occurred_at": "2026-05-25T20:03:14", "opened_at": "yesterday", "shift_id": "00000000-0000-0000-0000-000000000000"}, []string{"occurred_at: time", "outlet_id: uuid", "shift_id: uuid", "opened_at: time"}},
		"list of no objects": {object{"lines": []any{1}}, []string{"lines[0]: invalid"}},
		"nested":             {object{"lines": line(object{"name": "", "quantity": num("1.1234567")})}, []string{"lines[0].name: required", "lines[0].quantity: too_precise"}},
	} {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, test.want, check(t, "receipt", receipt(test.change))) })
	}
}

func TestDataThatIsNoObjectIsRefused(t *testing.T) {
	kind, _ := Find("unit")
	for _, text := range []string{`null`, `1`, `"x"`, `[]`} {
		value, err := canonical.Parse([]byte(text))
		require.NoError(t, err)
		require.Len(t, kind.Check(value, 2), 1)
	}
}

func TestAPurchaseAddsUpWithItsTaxInOrOnTop(t *testing.T) {
	purchase := func(total string) object {
		return object{"number": "1", "occurred_at": "2026-05-25T20:03:14Z", "warehouse_id": someID, "total": num(total),
			"lines": []object{{"product_id": someID, "quantity": num("2"), "price": num("50"), "tax": num("20"), "total": num(total)}}}
	}
	for _, kind := range []string{"purchase", "purchase_return"} {
		require.Empty(t, check(t, kind, purchase("100")))
		require.Empty(t, check(t, kind, purchase("120")))
		require.Equal(t, []string{"lines[0].total: line_total_mismatch"}, check(t, kind, purchase("110")))
	}
}

func TestStockDocumentsNameTheirWarehousesAndProducts(t *testing.T) {
	head := object{"number": "1", "occurred_at": "2026-05-25T20:03:14Z", "status": "posted"}
	with := func(changes object) object {
		data := maps.Clone(head)
		maps.Copy(data, changes)
		return data
	}
	moved := []object{{"product_id": someID, "quantity": num("0.5"), "cost": num("12.3456")}, {"product_id": someID, "quantity": num("1")}}
	counted := []object{{"product_id": someID, "expected": num("-0.25"), "counted": num("0"), "cost": num("-12.5")}}
	for name, test := range map[string]struct {
		kind string
		data object
		want []string
	}{
		"transfer":                {"transfer", with(object{"from_warehouse_id": someID, "to_warehouse_id": someID, "lines": moved}), nil},
		"stocktake":               {"stocktake", with(object{"warehouse_id": someID, "lines": counted}), nil},
		"production":              {"production", with(object{"warehouse_id": someID, "lines": moved, "consumed": moved}), nil},
		"production from nothing": {"production", with(object{"warehouse_id": someID, "lines": moved}), nil},
		"transfer to nowhere":     {"transfer", with(object{"from_warehouse_id": someID, "lines": moved}), []string{"to_warehouse_id: required"}},
		"transfer of less than nothing": {"transfer", with(object{"from_warehouse_id": someID, "to_warehouse_id": someID,
			"lines": []object{{"product_id": someID, "quantity": num("-1"), "cost": num("-1")}}}), []string{"lines[0].cost: too_small", "lines[0].quantity: too_small"}},
		"stocktake that counted nothing": {"stocktake", with(object{"warehouse_id": someID, "lines": []object{{"product_id": someID}}}),
			[]string{"lines[0].counted: required", "lines[0].expected: required"}},
		"stocktake with a negative count": {"stocktake", with(object{"warehouse_id": someID, "lines": []object{{"product_id": someID, "expected": num("1"), "counted": num("-1")}}}),
			[]string{"lines[0].counted: too_small"}},
		"production of a text": {"production", with(object{"warehouse_id": "kitchen", "lines": moved, "consumed": []object{{"quantity": "2"}}}),
			[]string{"consumed[0].product_id: required", "consumed[0].quantity: invalid", "warehouse_id: uuid"}},
	} {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, test.want, check(t, test.kind, test.data)) })
	}
}

// The quick arithmetic in whole numbers and the slow one in decimals agree, and
// a line whose total is off by more than half a money step never passes.
func TestLineArithmeticIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fixedPoint := func(label string, most int64, places int32) decimal.Decimal {
			return decimal.New(rapid.Int64Range(0, most).Draw(t, label), -places)
		}
		quantity, price := fixedPoint("quantity", 9_999_999_999, 6), fixedPoint("price", 99_999_999_999, 4)
		discount := fixedPoint("discount", 99_999, 4)
		digits := rapid.IntRange(0, 4).Draw(t, "digits")
		off := decimal.New(rapid.Int64Range(-3, 3).Draw(t, "off"), -int32(digits))
		exact := quantity.Mul(price).Sub(discount)
		total := exact.Round(int32(digits)).Add(off)
		if total.IsNegative() {
			return
		}
		line := valueOf(t, object{"quantity": num(quantity.String()), "price": num(price.String()),
			"discount": num(discount.String()), "total": num(total.String())})
		quick := lineAddsUp(line, moneyOf(line, "total"), digits)
		require.Equal(t, lineAddsUpSlowly(line, moneyOf(line, "total"), digits), quick)
		half := decimal.New(5, -int32(digits)-1)
		require.Equal(t, total.Sub(exact).Abs().LessThanOrEqual(half), quick, fmt.Sprint(total, exact))
	})
}

// Short literals take a quick way; it must lead to the same number.
func TestFixedReadsEveryLiteralAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		literal := rapid.StringMatching(`-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,8})?`).Draw(t, "literal")
		places := rapid.SampledFrom([]int{0, 4, 6}).Draw(t, "places")
		got, code := canonical.Fixed([]byte(literal), places, maxMoney)
		want := decimal.RequireFromString(literal).Shift(int32(places))
		switch {
		case !want.IsInteger():
			require.Equal(t, "too_precise", code)
		case code == "":
			require.Equal(t, want.String(), decimal.NewFromInt(got).String())
		default:
			require.True(t, want.Abs().GreaterThanOrEqual(decimal.NewFromInt(maxMoney)), "%s refused as %s", literal, code)
		}
	})
}
