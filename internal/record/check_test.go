package record

import (
	"encoding/json"
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
	for _, fault := range found.Check(valueOf(t, data)) {
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

// Only what cannot be read as the record that it claims to be is refused.
func TestEachFaultOfARecordHasItsCode(t *testing.T) {
	line := func(changes object) object {
		data := object{"total": num("1")}
		maps.Copy(data, changes)
		return object{"lines": []object{data}}
	}
	for name, test := range map[string]struct {
		kind   string
		change object
		want   []string
	}{
		"required":                {"receipt", object{"type": nil, "total": nil, "occurred_at": nil}, []string{"type: required", "total: required", "occurred_at: required"}},
		"types":                   {"receipt", object{"number": 17, "guests": num("1.5"), "tip": "10", "tax_included": 1}, []string{"number: invalid", "guests: too_precise", "tip: invalid", "tax_included: invalid"}},
		"neither sale nor refund": {"receipt", object{"type": "gift"}, []string{"type: invalid"}},
		"out of range":            {"receipt", object{"total": num("1e30"), "tip": num("-100000000000"), "rounding": num("1e-21"), "guests": num("99999999999")}, []string{"guests: too_large", "rounding: too_precise", "tip: too_large", "total: too_large"}},
		"ids and times":           {"receipt", object{"outlet_id": "17", "occurred_at": "2026-05-25T20:03:14", "opened_at": "yesterday", "shift_id": ""}, []string{"occurred_at: time", "outlet_id: uuid", "shift_id: uuid", "opened_at: time"}},
		"list of no objects":      {"receipt", object{"lines": []any{1}, "payments": object{}}, []string{"lines[0]: invalid", "payments: invalid"}},
		"line":                    {"receipt", line(object{"total": nil, "quantity": "2", "product_id": "x"}), []string{"lines[0].total: required", "lines[0].quantity: invalid", "lines[0].product_id: uuid"}},
		"modifier":                {"receipt", line(object{"modifiers": []object{{"price": true}}}), []string{"lines[0].modifiers[0].price: invalid"}},
		"texts":                   {"product", object{"type": "dish", "barcodes": []any{"1", 2}}, []string{"barcodes[1]: invalid"}},
		"date":                    {"purchase", object{"due_date": "25.05.2026"}, []string{"due_date: date"}},
		"order on its way":        {"delivery_order", object{"type": "pickup", "status": "on_way", "placed_at": "2026-05-25T20:03:14Z"}, []string{"status: pickup_on_way"}},
		"order of no status":      {"delivery_order", object{"type": "pickup", "status": "lost", "placed_at": "2026-05-25T20:03:14Z"}, []string{"status: invalid"}},
		"transfer to nowhere":     {"transfer", object{"from_warehouse_id": someID, "lines": []object{}}, []string{"to_warehouse_id: required"}},
		"stock of nothing":        {"write_off", object{"lines": []object{{}}}, []string{"lines[0].product_id: required", "lines[0].quantity: required"}},
		"counted nothing":         {"stocktake", object{"lines": []object{{"product_id": someID}}}, []string{"lines[0].counted: required", "lines[0].expected: required"}},
	} {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, test.want, check(t, test.kind, receipt(test.change))) })
	}
}

func TestDataThatIsNoObjectIsRefused(t *testing.T) {
	kind, _ := Find("unit")
	for _, text := range []string{`null`, `1`, `"x"`, `[]`} {
		value, err := canonical.Parse([]byte(text))
		require.NoError(t, err)
		require.Len(t, kind.Check(value), 1)
	}
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
