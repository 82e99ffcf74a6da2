package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/interpos/cabinet/internal/canonical"
)

// remarksOf answers "path: code expected, given" of each remark of a record that is taken.
func remarksOf(t require.TestingT, kind string, data object) []string {
	found, ok := Find(kind)
	require.True(t, ok)
	faults, remarks := found.Examine(valueOf(t, data), 2)
	require.Empty(t, faults)
	var list []string
	for _, r := range remarks {
		list = append(list, fmt.Sprintf("%s: %s %s, %s", r.Path, r.Code, r.Expected, r.Given))
	}
	return list
}

// Receipts as tills really make them: none is refused, and each is remarked as it should be.
func TestReceiptsOfRealKindsAreTakenAndRemarked(t *testing.T) {
	var file struct {
		Cases []struct {
			Name     string
			Receipts []object
			Remarks  []string
		}
	}
	text, err := os.ReadFile("testdata/receipts.json")
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&file))
	require.Greater(t, len(file.Cases), 10)
	for _, test := range file.Cases {
		t.Run(test.Name, func(t *testing.T) {
			codes := []string{}
			for _, receipt := range test.Receipts {
				complete(receipt, !slices.Contains(test.Remarks, NumberMissing))
				kind, _ := Find("receipt")
				faults, remarks := kind.Examine(valueOf(t, receipt), 2)
				require.Empty(t, faults)
				for _, remark := range remarks {
					codes = append(codes, remark.Code)
				}
			}
			require.ElementsMatch(t, test.Remarks, codes)
		})
	}
}

// complete gives a case what it leaves to its reader: ids in place of names, and a number.
func complete(receipt object, numbered bool) {
	receipt["occurred_at"] = "2026-05-25T20:03:14+06:00"
	if numbered {
		receipt["number"] = "17"
	}
	for _, line := range receipt["lines"].([]any) {
		line := line.(object)
		if product, ok := line["product"]; ok {
			line["product_id"] = someID
			if _, named := line["name"]; !named {
				line["name"] = product
			}
		}
	}
	for _, payment := range receipt["payments"].([]any) {
		payment.(object)["payment_type_id"] = someID
	}
}

func TestEachRemarkSaysWhatItExpectsAndWhatWasGiven(t *testing.T) {
	line := func(changes object) object {
		data := object{"name": "x", "quantity": num("3"), "price": num("10.005"), "total": num("30.02")}
		maps.Copy(data, changes)
		return object{"lines": []object{data}, "total": num("30"), "discount_total": num("0"), "tip": num("0"), "rounding": num("-0.02"),
			"payments": []object{{"payment_type_id": someID, "amount": num("30")}}}
	}
	with := func(data, changes object) object {
		maps.Copy(data, changes)
		return data
	}
	purchase := func(total string) object {
		return object{"total": num(total), "lines": []object{{"product_id": someID, "quantity": num("2"), "price": num("50"), "tax": num("20"), "total": num(total)}}}
	}
	for name, test := range map[string]struct {
		kind string
		data object
		want []string
	}{
		"none":                 {"receipt", receipt(nil), nil},
		"unknown fields":       {"receipt", receipt(object{"loyalty": object{"points": num("12.25")}, "note": nil}), nil},
		"total":                {"receipt", receipt(object{"total": num("271.5")}), []string{"total: total_mismatch 270.5, 271.5", "payments: payments_mismatch 271.5, 270.5"}},
		"payments":             {"receipt", receipt(object{"payments": nil}), []string{"payments: payments_mismatch 270.5, 0"}},
		"cancelled, unpaid":    {"receipt", receipt(object{"payments": []object{}, "status": "cancelled"}), nil},
		"open, unpaid":         {"receipt", receipt(object{"payments": nil, "status": "open", "closed_at": nil}), nil},
		"rounded up":           {"receipt", receipt(line(nil)), nil},
		"rounded down":         {"receipt", receipt(with(line(object{"total": num("30.01")}), object{"rounding": num("-0.01")})), nil},
		"not rounded":          {"receipt", receipt(with(line(object{"total": num("30.015")}), object{"rounding": num("-0.015")})), nil},
		"rounded too far":      {"receipt", receipt(with(line(object{"total": num("30")}), object{"rounding": num("0")})), []string{"lines[0].total: line_total_mismatch 30.015, 30"}},
		"a step off":           {"receipt", receipt(with(line(object{"total": num("30.03")}), object{"rounding": num("-0.03")})), []string{"lines[0].total: line_total_mismatch 30.015, 30.03"}},
		"more digits of money": {"receipt", receipt(line(object{"price": num("10.006666666")})), nil},
		"nothing but a total":  {"receipt", receipt(object{"lines": nil, "number": nil}), []string{"number: number_missing , ", "total: total_mismatch -10.5, 270.5"}},
		"empty names": {"receipt", receipt(line(object{"name": "", "modifiers": []object{{"quantity": num("1"), "price": num("0")}}})),
			[]string{"lines[0].modifiers[0].name: name_missing , ", "lines[0].name: name_missing , "}},
		"quantity":              {"receipt", receipt(line(object{"quantity": num("2.9999995")})), []string{"lines[0].quantity: quantity_rounded 3, 2.9999995"}},
		"returned, rounded":     {"receipt", receipt(with(line(object{"quantity": num("-2.9999995"), "total": num("-30.02")}), object{"rounding": num("60.02")})), []string{"lines[0].quantity: quantity_rounded -3, -2.9999995"}},
		"another status":        {"receipt", receipt(object{"status": "parked"}), []string{"status: unknown_word open, closed, cancelled, parked"}},
		"a newer product":       {"product", object{"name": "x", "type": "set", "price": num("-1"), "code": strings.Repeat("ы", 20_000)}, []string{"type: unknown_word goods, dish, semi_finished, ingredient, modifier, service, set"}},
		"a nameless unit":       {"unit", object{}, []string{"name: name_missing , "}},
		"negative stock":        {"stocktake", with(receipt(nil), object{"lines": []object{{"product_id": someID, "expected": num("1"), "counted": num("-1"), "cost": num("-2")}}}), nil},
		"purchase without tax":  {"purchase", receipt(purchase("100")), nil},
		"purchase with tax":     {"purchase_return", receipt(purchase("120")), nil},
		"purchase":              {"purchase", receipt(purchase("110")), []string{"lines[0].total: line_total_mismatch 100, 110"}},
		"order without a phone": {"delivery_order", receipt(object{"type": "courier", "status": "new", "placed_at": "2026-05-25T20:03:14Z", "payments": nil}), nil},
		"no client at all":      {"receipt", receipt(object{"customer_id": "00000000-0000-0000-0000-000000000000"}), nil},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, remarksOf(t, test.kind, test.data)) })
	}
}

// A record of many faults names those of its sums first, and only so many of its lines.
func TestRemarksAreBounded(t *testing.T) {
	lines := slices.Repeat([]object{{"total": num("1")}}, 1000)
	remarks := remarksOf(t, "receipt", receipt(object{"lines": lines}))
	require.Len(t, remarks, maxRemarks)
	require.Contains(t, remarks[0], TotalMismatch)
	require.Contains(t, remarks[1], NameMissing)
}

// amounts draws decimals.
func amounts(t *rapid.T, label string, low, high int64, places int32) decimal.Decimal {
	return decimal.New(rapid.Int64Range(low, high).Draw(t, label), -places)
}

// till makes receipts as tills do, and its own faults, which it counts.
type till struct {
	t      *rapid.T
	faults map[string]int
}

func (m *till) chance(label string) bool { return rapid.IntRange(0, 3).Draw(m.t, label) == 0 }

// fault says whether the receipt gets a fault of this kind.
func (m *till) fault(code string) bool {
	if rapid.IntRange(0, 9).Draw(m.t, code) > 0 {
		return false
	}
	m.faults[code]++
	return true
}

// digits is a number as the receipt has it.
func digits(number decimal.Decimal) json.Number { return json.Number(number.String()) }

func (m *till) line(onTop bool) (line object, total, tax decimal.Decimal) {
	quantity, price := amounts(m.t, "quantity", 1, 9_999_999, 6), amounts(m.t, "price", 0, 99_999_999, 4)
	if m.chance("large") {
		quantity, price = amounts(m.t, "many", 1, 99_999, 0), amounts(m.t, "dear", 1, 99_999, 0)
	}
	if m.fault(QuantityRounded) {
		quantity = quantity.Add(decimal.New(3, -7))
	}
	if m.chance("returned") {
		quantity = quantity.Neg()
	}
	line = object{"quantity": digits(quantity), "price": digits(price), "name": "Разное"}
	exact := quantity.Mul(price)
	if m.chance("modifier") {
		each := amounts(m.t, "modifier price", -9_999, 99_999, 2)
		line["modifiers"] = []object{{"name": "Сироп", "quantity": num("2"), "price": digits(each)}}
		exact = exact.Add(each.Mul(decimal.New(2, 0)))
	}
	if m.chance("discount") {
		discount := amounts(m.t, "discount", -99_999, 99_999, 2)
		line["discount"] = digits(discount)
		exact = exact.Sub(discount)
	}
	if m.chance("taxed") {
		tax = amounts(m.t, "tax", -9_999, 9_999, 2)
		line["tax"] = digits(tax)
		if m.chance("of its own") {
			onTop = !onTop
			line["tax_included"] = !onTop
		}
		if onTop {
			exact = exact.Add(tax)
		}
	}
	places := rapid.Int32Range(2, 4).Draw(m.t, "rounded to")
	total = rapid.SampledFrom([]func(int32) decimal.Decimal{exact.Round, exact.RoundBank, exact.RoundFloor, exact.RoundCeil, exact.Truncate}).Draw(m.t, "way")(places)
	if m.fault(LineTotalMismatch) {
		total = total.Add(decimal.New(1, 0))
	}
	line["total"] = digits(total)
	if m.fault(NameMissing) {
		line["name"] = ""
	}
	return line, total, tax
}

func (m *till) receipt() object {
	status := rapid.SampledFrom([]string{"", "open", "closed", "cancelled"}).Draw(m.t, "status")
	onTop := m.chance("tax on top")
	data := object{"number": "1", "occurred_at": "2026-05-25T20:03:14+06:00", "type": rapid.SampledFrom([]string{"sale", "refund"}).Draw(m.t, "type")}
	if status != "" {
		data["status"] = status
	}
	if onTop {
		data["tax_included"] = false
	}
	if m.fault(NumberMissing) {
		delete(data, "number")
	}
	var lines []object
	sum, taxed := decimal.Zero, false
	for range rapid.IntRange(0, 3).Draw(m.t, "lines") {
		line, total, tax := m.line(onTop)
		lines, sum, taxed = append(lines, line), sum.Add(total), taxed || !tax.IsZero()
	}
	data["lines"] = lines
	for name, sign := range map[string]int64{"discount_total": -1, "service_charge": 1, "tip": 1, "rounding": 1, "tax_total": 0} {
		if !m.chance(name) {
			continue
		}
		amount := amounts(m.t, name+" amount", -9_999, 9_999, 2)
		data[name] = digits(amount)
		if name == "tax_total" && onTop && !taxed {
			sign = 1
		}
		sum = sum.Add(amount.Mul(decimal.New(sign, 0)))
	}
	if m.fault(TotalMismatch) {
		sum = sum.Add(decimal.New(1, -4))
	}
	data["total"] = digits(sum)
	m.pay(data, sum, status)
	return data
}

// pay pays a receipt by card, with change in cash.
func (m *till) pay(data object, total decimal.Decimal, status string) {
	if status == "open" || status == "cancelled" {
		return
	}
	change := amounts(m.t, "change", 0, 9_999, 2)
	if rapid.IntRange(0, 9).Draw(m.t, PaymentsMismatch) == 0 {
		m.faults[PaymentsMismatch]++
		total = total.Sub(decimal.New(1, -2))
	}
	data["payments"] = []object{
		{"payment_type_id": someID, "amount": digits(total.Add(change))}, {"payment_type_id": someID, "amount": digits(change.Neg())},
	}
}

// No receipt of a till is refused, and it is remarked for the till's faults alone.
func TestReceiptsAreRemarkedForTheirFaultsAlone(t *testing.T) {
	kind, _ := Find("receipt")
	rapid.Check(t, func(t *rapid.T) {
		m := &till{t, map[string]int{}}
		data := m.receipt()
		faults, remarks := kind.Examine(valueOf(t, data), 2)
		require.Empty(t, faults)
		found := map[string]int{}
		for _, remark := range remarks {
			found[remark.Code]++
		}
		require.Equal(t, m.faults, found, "%v", data)
	})
}

// Amounts that fit a whole number are added and multiplied as those that do not.
func TestArithmeticIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string, whole int) string {
			return rapid.StringMatching(fmt.Sprintf(`-?(0|[1-9][0-9]{0,%d})(\.[0-9]{1,8})?`, whole-1)).Draw(t, label)
		}
		quantity, price, other := draw("quantity", 9), draw("price", 11), draw("other", 11)
		data := valueOf(t, object{"quantity": num(quantity), "price": num(price), "other": num(other)})
		product, term := decimal.RequireFromString(quantity).Mul(decimal.RequireFromString(price)), decimal.RequireFromString(other)
		require.Equal(t, product.String(), timesPrice(data).String())
		require.Equal(t, product.Add(term).String(), timesPrice(data).plus(moneyIn(data, "other")).String())
		require.Equal(t, product.Sub(term).String(), timesPrice(data).minus(moneyIn(data, "other")).String())
		digits := rapid.IntRange(0, 4).Draw(t, "digits")
		total := product.Round(int32(digits)).Add(decimal.New(rapid.Int64Range(-1, 1).Draw(t, "off"), -int32(digits)))
		want := total.Sub(product).Abs().LessThan(decimal.New(1, -int32(digits)))
		require.Equal(t, want, timesPrice(data).roundsTo(wideOf(total), digits), "%s for %s", total, product)
		require.Equal(t, want, timesPrice(data).roundsTo(exactOf(numberValue(t, total), moneyDigits), digits), "%s for %s", total, product)
	})
}

func numberValue(t require.TestingT, number decimal.Decimal) canonical.Value {
	value, err := canonical.Parse([]byte(number.String()))
	require.NoError(t, err)
	return value
}
