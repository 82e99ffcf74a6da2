package api_test

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/text"
)

// receiptCases are receipts as tills really make them, and the figures of a day that has
// just them. What a case does not tell of is added here: names stand for records.
//
//go:embed testdata/receipts.json
var receiptCases []byte

type receiptCase struct {
	Name     string
	Receipts []object
	Right    map[string]any
	Remarks  []string
}

// recordOf is the id of the record that a name stands for.
func recordOf(name any) string {
	return uuid.NewSHA1(uuid.Nil, []byte(name.(string))).String()
}

// receipt is a case's receipt as a local database sends it.
func (c receiptCase) receipt(short object) object {
	full := object{"occurred_at": "2026-05-25T20:03:14+03:00", "closed_at": "2026-05-25T20:03:14+03:00"}
	bare := slices.Contains(c.Remarks, "number_missing")
	if !bare {
		full["number"] = "1"
	}
	maps.Copy(full, short)
	for i, item := range full["lines"].([]any) {
		line := item.(object)
		product, isProduct := line["product"]
		if isProduct {
			line["product_id"] = recordOf(product)
			delete(line, "product")
		}
		if _, named := line["name"]; !named {
			line["name"] = product
		}
		if !bare {
			line["id"] = uuid.NewSHA1(uuid.Nil, []byte{byte(i)}).String()
		}
	}
	for _, item := range full["payments"].([]any) {
		payment := item.(object)
		payment["payment_type_id"] = recordOf(payment["payment"])
		delete(payment, "payment")
	}
	return full
}

// Every case is pushed, and every figure that it tells stands in each report that has it.
func TestMeasuresOfReceiptsAsTillsMakeThem(t *testing.T) {
	var file struct{ Cases []receiptCase }
	require.NoError(t, json.Unmarshal(receiptCases, &file))
	require.NotEmpty(t, file.Cases)
	w := newWorld(t)
	for i, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			token := w.user(string(rune('a' + i)))
			organization, key := w.organization(token)
			v := &venue{w, token, "/api/v1/organizations/" + organization, key}
			var changes []object
			for _, short := range c.Receipts {
				changes = append(changes, change("receipt", uuid.NewString(), c.receipt(short)))
			}
			for _, name := range []string{"cash", "card"} {
				changes = append(changes, change("payment_type", recordOf(name), object{"name": name, "type": name}))
			}
			got := w.call(request{method: "POST", path: "/api/v1/sync/push", token: key, body: object{"device_id": deviceID, "changes": changes}})
			for _, result := range got.json(t)["results"].([]any) {
				require.Equal(t, "applied", result.(object)["status"], "%s", got.body)
			}
			v.holdFigures(t, c)
			v.holdRemarks(t, c)
		})
	}
}

func (v *venue) holdFigures(t *testing.T, c receiptCase) {
	t.Helper()
	reports := map[string]object{}
	for _, report := range []string{"sales-by-day", "sales-by-hour", "sales-by-product", "payments-by-type"} {
		reports[report] = v.get("/reports/" + report + period).exact(t)
	}
	for measure, want := range c.Right {
		found := 0
		for report, answer := range reports {
			totals := answer["totals"].(object)
			if value, ok := totals[measure]; ok && report != "payments-by-type" || measure == "unpaid" || measure == "collected" {
				requireAmount(t, want, totals[measure], "%s of %s: %v", measure, report, value)
				found++
			}
		}
		switch measure {
		case "open_receipts":
			requireAmount(t, want, reports["sales-by-day"][measure], measure)
			requireAmount(t, want, v.get("/dashboard").exact(t)[measure], "open receipts of the dashboard")
		case "payments":
			v.holdRows(t, want, reports["payments-by-type"], "name", "amount")
		case "by_product":
			v.holdRows(t, want, reports["sales-by-product"], "name", "net_sales")
		default:
			require.NotZero(t, found, "no report has %s", measure)
		}
	}
	for _, report := range []string{"sales-by-day", "sales-by-hour", "sales-by-product"} {
		for _, row := range append(reports[report]["rows"].([]any), reports[report]["totals"]) {
			holdIdentity(t, row.(object))
		}
	}
}

// holdIdentity holds that what was collected is net sales with all that stands beside them.
func holdIdentity(t *testing.T, row object) {
	t.Helper()
	sum := decimal.Zero
	for _, part := range []string{"net_sales", "service_charges", "tax_on_top", "tips", "rounding", "unexplained"} {
		sum = sum.Add(amountOf(t, row[part]))
	}
	requireAmount(t, row["collected"], json.Number(sum.String()), "collected of %v", row)
}

// holdRows holds that a report has just these rows.
func (v *venue) holdRows(t *testing.T, want any, report object, name, measure string) {
	t.Helper()
	rows := map[string]any{}
	for _, row := range report["rows"].([]any) {
		rows[row.(object)[name].(string)] = row.(object)[measure]
	}
	require.Len(t, rows, len(want.(object)), "%v", rows)
	for key, amount := range want.(object) {
		requireAmount(t, amount, rows[key], "%s of %s", measure, key)
	}
}

func (v *venue) holdRemarks(t *testing.T, c receiptCase) {
	t.Helper()
	list := v.get("/documents/receipt?remarked=true").json(t)
	codes, cells := []string{}, map[string]string{}
	for _, item := range list["items"].([]any) {
		said := []string{}
		for _, remark := range item.(object)["remarks"].([]any) {
			code := remark.(object)["code"].(string)
			codes = append(codes, code)
			said = append(said, text.In(text.English).Text("record:remark.code."+code))
		}
		cells[item.(object)["id"].(string)] = strings.Join(slices.Compact(said), ", ")
	}
	require.ElementsMatch(t, c.Remarks, codes)
	for _, row := range readCSV(t, v.get("/documents/receipt?format=csv&lang=en").body)[1:] {
		id, remarks := row[len(row)-1], row[len(row)-2]
		require.Equal(t, cells[id], remarks, "what the file says of %s", id)
	}
	counted := []string{}
	for _, item := range v.get("/sync/remarks").json(t)["items"].([]any) {
		count := item.(object)
		require.Equal(t, "receipt", count["kind"])
		counted = append(counted, count["code"].(string))
		require.EqualValues(t, count["records"], v.get("/documents/receipt?remark=" + count["code"].(string)).json(t)["total"])
	}
	require.ElementsMatch(t, c.Remarks, counted)
}

func requireAmount(t *testing.T, want, got any, message ...any) {
	t.Helper()
	require.Equal(t, amountOf(t, want).StringFixed(6), amountOf(t, got).StringFixed(6), message...)
}

func amountOf(t *testing.T, value any) decimal.Decimal {
	t.Helper()
	switch value := value.(type) {
	case string:
		return decimal.RequireFromString(value)
	case json.Number:
		return decimal.RequireFromString(value.String())
	case float64:
		return decimal.NewFromFloat(value)
	}
	require.Fail(t, "no amount", "%v", value)
	return decimal.Zero
}

func TestPaymentsByTypeAreAFileToo(t *testing.T) {
	v := newVenue(t)
	table := readCSV(t, v.get("/reports/payments-by-type"+period+"&format=csv&lang=en").body)
	require.Equal(t, []string{"Paid with", "Amount", "Payments", "Identifier"}, table[0])
	require.Equal(t, []string{"", "429.9", "2", groupID}, table[1])
	sheet := readXLSX(t, v.get("/reports/payments-by-type"+period+"&format=xlsx&lang=en"))
	require.Len(t, sheet, len(table)+1, "and a total")
}
