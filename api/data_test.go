package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

const workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func init() { openapi3filter.RegisterBodyDecoder(workbook, openapi3filter.FileBodyDecoder) }

// venue is an organization with what a small day of sales leaves.
type venue struct {
	*world
	token, path string
	key         string // of synchronization
}

const (
	productID  = "55555555-5555-4555-8555-555555555555"
	outletID   = "66666666-6666-4666-8666-666666666666"
	groupID    = "77777777-7777-4777-8777-777777777777"
	refundID   = "88888888-8888-4888-8888-888888888888"
	customerID = "99999999-9999-4999-8999-999999999999"
)

func newVenue(t *testing.T) *venue {
	w := newWorld(t)
	token := w.user("owner")
	organization, key := w.organization(token)
	v := &venue{w, token, "/api/v1/organizations/" + organization, key}
	sold, refunded := receiptData(), receiptData()
	sale := object{"id": outletID, "product_id": productID, "name": "Сыр", "quantity": json.Number("0.333"), "price": json.Number("1299.9"),
		"discount": json.Number("2.87"), "total": 430, "cost": json.Number("200.125")}
	for key, value := range (object{"number": "=1+1", "outlet_id": outletID, "customer_id": customerID, "lines": []object{sale}, "guests": 3,
		"total": json.Number("430"), "payments": []object{{"payment_type_id": groupID, "amount": 430}}}) {
		sold[key] = value
	}
	for key, value := range (object{"number": "2", "type": "refund", "refund_of_id": receiptID, "total": json.Number("0.1"), "lines": []object{
		{"id": outletID, "product_id": productID, "name": "Сыр", "quantity": 1, "price": json.Number("0.1"), "total": json.Number("0.1")}},
		"payments": []object{{"payment_type_id": groupID, "amount": json.Number("0.1")}}}) {
		refunded[key] = value
	}
	got := w.call(request{method: "POST", path: "/api/v1/sync/push", token: key, body: object{"device_id": deviceID, "changes": []object{
		change("receipt", receiptID, sold), change("receipt", refundID, refunded),
		change("product", productID, object{"name": "Сыр «Костромской»", "type": "goods", "group_id": groupID, "price": json.Number("1299.9"), "x_local": object{"shelf": 4}}),
		change("product_group", groupID, object{"name": "Сыры"}), change("outlet", outletID, object{"name": "На набережной"}),
		change("customer", customerID, object{"name": "Ёлкина Мария", "phone": "+7 912 345-67-89"}),
	}}})
	for _, result := range got.json(t)["results"].([]any) {
		require.Equal(t, "applied", result.(object)["status"], "%s", got.body)
	}
	return v
}

func (v *venue) get(path string) answer {
	v.Helper()
	got := v.call(request{method: "GET", path: v.path + path, token: v.token})
	require.Equal(v, http.StatusOK, got.status, "%s: %s", path, got.body)
	return got
}

// exact is an answer whose numbers stay the texts that were sent.
func (a answer) exact(t testing.TB) object {
	t.Helper()
	var o object
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&o))
	return o
}

const period = "?from=2026-05-01&to=2026-05-31"

func TestReportsAnswerExactNumbers(t *testing.T) {
	v := newVenue(t)
	for _, report := range []string{"sales-by-day", "sales-by-hour"} {
		answer := v.get("/reports/" + report + period).exact(t)
		totals := answer["totals"].(object)
		for measure, want := range map[string]string{
			"gross_sales": "432.87", "discounts": "2.87", "refunds": "0.1", "net_sales": "429.9", "cost": "200.13", "gross_profit": "229.87",
			"margin": "0.5346", "cost_share": "0.9998", "service_charges": "0", "tax_on_top": "0", "rounding": "0", "unexplained": "0", "collected": "429.9", "unpaid": "0",
			"receipts": "1", "guests": "3", "average_check": "429.9", "net_per_guest": "143.3", "taxes": "0", "tips": "0",
		} {
			require.Equal(t, json.Number(want), totals[measure], "%s of %s", measure, report)
		}
		require.Equal(t, "Europe/Moscow", answer["time_zone"])
	}
	day := v.get("/reports/sales-by-day" + period).exact(t)["rows"].([]any)
	require.Len(t, day, 31)
	require.Equal(t, "2026-05-25", day[24].(object)["day"])
	require.Nil(t, day[0].(object)["margin"])
	product := v.get("/reports/sales-by-product" + period + "&group_id=" + groupID).exact(t)["rows"].([]any)[0].(object)
	require.Equal(t, "Сыр «Костромской»", product["name"])
	require.Equal(t, "Сыры", product["group_name"])
	require.Equal(t, json.Number("-0.667"), product["quantity"])
}

func TestReportFilesHaveTheFiguresOfTheReport(t *testing.T) {
	v := newVenue(t)
	for _, report := range []string{"sales-by-day", "sales-by-hour", "sales-by-product"} {
		answer := v.get("/reports/" + report + period).exact(t)
		rows := answer["rows"].([]any)
		measures := []string{"gross_sales", "discounts", "refunds", "net_sales", "cost", "gross_profit", "margin", "receipts"}
		english := []string{"Gross sales", "Discounts", "Refunds", "Net sales", "Cost of goods", "Gross profit", "Margin", "Receipts"}

		got := v.get("/reports/" + report + period + "&format=csv&lang=en")
		require.Equal(t, `attachment; filename="`+report+`_2026-05-01_2026-05-31.csv"`, got.header.Get("Content-Disposition"))
		table := readCSV(t, got.body)
		require.Len(t, table, len(rows)+1)
		sheet := readXLSX(t, v.get("/reports/"+report+period+"&format=xlsx&lang=en"))
		require.Len(t, sheet, len(rows)+2, "a header and a total")
		for i, row := range append(rows, answer["totals"]) {
			for n, measure := range measures {
				want := fmt.Sprint(row.(object)[measure])
				if want == "<nil>" {
					want = ""
				}
				if i < len(rows) {
					require.Equal(t, want, cellOf(table, i+1, english[n]), "%s of row %d in CSV", measure, i)
				}
				require.Equal(t, want, cellOf(sheet, i+1, english[n]), "%s of row %d in XLSX", measure, i)
			}
		}
	}
}

func cellOf(table [][]string, row int, title string) string {
	for i, name := range table[0] {
		if name == title && i < len(table[row]) {
			return table[row][i]
		}
	}
	return ""
}

func readCSV(t *testing.T, body []byte) [][]string {
	t.Helper()
	table, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff")))).ReadAll()
	require.NoError(t, err)
	return table
}

func readXLSX(t *testing.T, got answer) [][]string {
	t.Helper()
	require.Equal(t, workbook, got.header.Get("Content-Type"))
	file, err := excelize.OpenReader(bytes.NewReader(got.body))
	require.NoError(t, err)
	defer file.Close()
	table, err := file.GetRows(file.GetSheetName(0), excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	return table
}

// TestFilesSayWhatIsRemarked tries a document with two lines that have the same remark, and a
// directory's record.
func TestFilesSayWhatIsRemarked(t *testing.T) {
	v := newVenue(t)
	receipt := receiptData()
	line := object{"product_id": productID, "name": "Сыр", "quantity": 1, "price": 10, "total": 11}
	receipt["lines"], receipt["total"], receipt["payments"] = []object{line, line}, 22, []object{{"payment_type_id": groupID, "amount": 20}}
	got := v.call(request{method: "POST", path: "/api/v1/sync/push", token: v.key, body: object{"device_id": deviceID, "changes": []object{
		change("receipt", unitID, receipt), change("unit", unitID, object{"name": ""})}}})
	require.Equal(t, http.StatusOK, got.status, "%s", got.body)
	for language, said := range map[string][]string{
		"":         {"Замечания", "Оплаты не равны итогу, Итог строки не сходится", "Нет названия"},
		"&lang=en": {"Remarks", "Payments differ from the total, A line’s total does not add up", "No name"},
	} {
		for path, remarks := range map[string]string{"/documents/receipt": said[1], "/directories/unit": said[2]} {
			csv := readCSV(t, v.get(path+"?remarked=true&format=csv"+language).body)
			require.Len(t, csv, 2, path)
			for _, file := range [][][]string{csv, readXLSX(t, v.get(path+"?remarked=true&format=xlsx"+language))} {
				at := slices.Index(file[0], said[0])
				require.Equal(t, len(file[0])-2, at, "%v", file[0])
				require.Equal(t, remarks, file[1][at])
			}
		}
	}
}

func TestListFilesSpeakTheReadersLanguage(t *testing.T) {
	v := newVenue(t)
	receipts := readCSV(t, v.get("/documents/receipt?format=csv").body)
	require.Equal(t, []string{"Номер", "Дата и время", "Учётный день", "Торговая точка", "Кассир", "Клиент", "Тип", "Состояние", "Итого", "Замечания", "Идентификатор"}, receipts[0])
	require.Len(t, receipts, 3)
	sold := receipts[1]
	if sold[6] != "Продажа" {
		sold = receipts[2]
	}
	require.Equal(t, []string{"'=1+1", "2026-05-25 20:03:14", "2026-05-25", "На набережной", "", "Ёлкина Мария", "Продажа", "Закрыт", "430", "", receiptID}, sold)

	english := v.call(request{method: "GET", path: v.path + "/directories/product?format=csv", token: v.token,
		header: map[string]string{"Accept-Language": "de, en-GB;q=0.8, ru;q=0.1"}})
	require.Equal(t, [][]string{
		{"Name", "Code", "Group", "Archived", "Price", "Cost", "Modified", "Remarks", "Identifier"},
		{"Сыр «Костромской»", "", "Сыры", "", "1299.9", "", "2026-05-25 20:03:14", "", productID}}, readCSV(t, english.body))
	require.Len(t, readXLSX(t, v.get("/directories/customer?format=xlsx&q="+url.QueryEscape("елкина"))), 2)
	for _, wrong := range []string{"?format=pdf", "?format=csv&lang=tlh"} {
		got := v.call(request{method: "GET", path: v.path + "/documents/receipt" + wrong, token: v.token, wrong: true})
		require.Equal(t, http.StatusUnprocessableEntity, got.status)
	}
	got := v.call(request{method: "GET", path: v.path + "/documents/spaceship?format=xlsx", token: v.token})
	require.Equal(t, "not_found", got.code(t))
}

func TestRecordsAreShownWithTheirOwnData(t *testing.T) {
	v := newVenue(t)
	product := v.get("/directories/product/" + productID).exact(t)
	require.Equal(t, json.Number("4"), product["data"].(object)["x_local"].(object)["shelf"], "unknown fields are kept")
	require.Equal(t, object{groupID: "Сыры"}, product["references"])
	receipt := v.get("/documents/receipt/" + receiptID).exact(t)
	require.Equal(t, "2026-05-25", receipt["business_day"])
	require.Equal(t, json.Number("0.333"), receipt["data"].(object)["lines"].([]any)[0].(object)["quantity"])
	require.Equal(t, refundID, receipt["refunds"].([]any)[0].(object)["id"])
	list := v.get("/documents/receipt?sort=total&limit=1").exact(t)
	require.Equal(t, json.Number("429.9"), list["sums"].(object)["total"])
	require.Equal(t, json.Number("2"), list["total"])
	next := v.get("/documents/receipt?sort=total&limit=1&cursor=" + list["next_cursor"].(string)).exact(t)
	require.Equal(t, receiptID, next["items"].([]any)[0].(object)["id"])
	require.NotContains(t, next, "next_cursor")
}

func TestListsSayAllThatIsWrongWithAQuery(t *testing.T) {
	v := newVenue(t)
	query := "?from=May&outlet_id=1&limit=0&q=" + strings.Repeat("x", 201)
	got := v.call(request{method: "GET", path: v.path + "/documents/receipt" + query, token: v.token, wrong: true})
	require.Equal(t, "validation_failed", got.code(t))
	fields := map[string]any{}
	for _, fault := range got.json(t)["errors"].([]any) {
		fields[fault.(object)["field"].(string)] = fault.(object)["code"]
	}
	require.Equal(t, map[string]any{"from": "date", "outlet_id": "uuid", "limit": "too_small", "q": "too_long"}, fields)
	for _, path := range []string{"/directories/spaceship", "/directories/receipt", "/documents/product", "/documents/receipt/17", "/reports/nonsense"} {
		got := v.call(request{method: "GET", path: v.path + path, token: v.token, wrong: true})
		require.Equal(t, "not_found", got.code(t), path)
	}
}

func TestDashboardShowsWhatHasArrived(t *testing.T) {
	v := newVenue(t)
	got := v.get("/dashboard").exact(t)
	require.Len(t, got["sales_by_day"], 30)
	require.Equal(t, true, got["setup"].(object)["data_received"])
	require.NotNil(t, got["last_synchronization"])
	organization, _ := v.organization(v.token)
	v.path = "/api/v1/organizations/" + organization
	empty := v.get("/dashboard").exact(t)
	require.Nil(t, empty["last_synchronization"])
	require.Equal(t, object{"device_seen": false, "data_received": false}, empty["setup"])
}
