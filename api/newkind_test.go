package api_test

import (
	"encoding/json"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/record/kindfile"
	"github.com/interpos/cabinet/internal/text"
)

// allergen is a kind of directory that no cabinet has.
var allergen = record.Kind{Name: "allergen", Fields: []record.Field{
	{Name: "name", Type: record.Text, Required: true, Column: "name", Role: record.AsTitle, Sort: true, Search: true},
	{Name: "severity", Type: record.Word, Required: true, Choices: []string{"mild", "severe"}, Role: record.AsPlain, Export: true},
	{Name: "outlet_id", Type: record.Reference, Kind: "outlet", Role: record.AsLine, Export: true},
	{Name: "latin", Type: record.Text, Search: true},
	{Name: "limit", Type: record.Percent, Role: record.AsValue, Export: true},
	{Name: "checked_on", Type: record.Date, Export: true},
	{Name: "traces", Type: record.List, Role: record.AsHidden, Fields: []record.Field{
		{Name: "product_id", Type: record.Reference, Kind: "product", Required: true},
		{Name: "share", Type: record.Percent, Required: true},
	}},
}}

var allergenWords = fstest.MapFS{"en/record.json": {Data: []byte(`{
	"kind": {"allergen": "Allergens"}, "one": {"allergen": "Allergen"}, "about": {"allergen": "What guests must know"},
	"field": {"severity": "Severity", "latin": "Latin name", "limit": "Limit", "checked_on": "Checked on", "traces": "Traces", "share": "Share"},
	"word": {"severity": {"mild": "Mild", "severe": "Severe"}}, "item": {"traces": "Trace"}}`)}}

func TestAKindIsAddedByItsDeclarationAndItsWords(t *testing.T) {
	t.Cleanup(record.Declare(allergen))
	t.Cleanup(text.Extend(allergenWords))
	v := newVenue(t)
	device := till{v.world, v.key}
	hello := device.call(request{method: "POST", path: "/api/v1/sync/hello", token: device.key, body: object{"device_id": deviceID}})
	require.Contains(t, hello.json(t)["kinds"], "allergen")

	nuts := object{"name": "Nuts", "severity": "severe", "outlet_id": outletID, "latin": "Nuces", "limit": json.Number("0.25"),
		"checked_on": "2026-05-25", "traces": []object{{"product_id": productID, "share": json.Number("0.5")}}}
	refused := object{"name": "Milk", "severity": "deadly", "outlet_id": "17", "traces": []object{{"product_id": productID}}}
	results := device.results(change("allergen", orderID, nuts), change("allergen", fromID, refused))
	require.Equal(t, []any{"applied", "rejected"}, statusesOf(results))
	require.Len(t, results[1]["errors"], 2, "the reference and what the list lacks; the word would be remarked: %v", results[1])

	list := v.get("/directories/allergen?q=nuces").exact(t)
	require.Len(t, list["items"], 1, "searched by a word of its own")
	require.Equal(t, object{"name": "Nuts", "severity": "severe", "outlet_id": outletID, "limit": json.Number("0.25"), "traces": json.Number("1")},
		list["items"].([]any)[0].(object)["values"])
	require.Equal(t, object{outletID: "На набережной"}, list["references"], "of what the list shows")
	require.Empty(t, v.get("/directories/allergen?q=milk").exact(t)["items"])

	card := v.get("/directories/allergen/" + orderID).exact(t)
	require.Equal(t, "Nuts", card["name"])
	require.Equal(t, json.Number("0.5"), card["data"].(object)["traces"].([]any)[0].(object)["share"])
	require.Equal(t, object{outletID: "На набережной", productID: "Сыр «Костромской»"}, card["references"])

	header := []string{"Name", "Code", "Group", "Archived", "Severity", "Outlet", "Limit", "Checked on", "Modified", "Remarks", "Identifier"}
	file := readCSV(t, v.get("/directories/allergen?format=csv&lang=en").body)
	require.Equal(t, header, file[0])
	require.Equal(t, []string{"Nuts", "", "", "", "Severe", "На набережной", "0.25", "2026-05-25"}, file[1][:8])
	sheet := readXLSX(t, v.get("/directories/allergen?format=xlsx&lang=en"))
	require.Equal(t, header, sheet[0])
	require.Equal(t, []string{"Severe", "На набережной", "0.25"}, sheet[1][4:7])

	kinds := v.call(request{method: "GET", path: "/api/v1/kinds", token: v.token}).json(t)["items"].([]any)
	require.Equal(t, "allergen", kinds[len(record.DirectoryNames())-1].(object)["name"], "behind the directories that have a place")
	require.Contains(t, string(kindfile.TypeScript(record.ForPeople())), "  allergen: {\n    document: false,\n    fields: [\n"+
		"      { name: 'name', type: 'text', required: true, list: 'title', sort: true, search: true },\n"+
		"      { name: 'severity', type: 'word', choices: ['mild', 'severe'], required: true, list: 'plain' },\n"+
		"      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'line' },\n")
}

func TestAKindOfDocumentIsListedByWhatItDeclares(t *testing.T) {
	t.Cleanup(record.Declare(record.Kind{Name: "inspection", Document: true, Fields: []record.Field{
		{Name: "number", Type: record.Text, Required: true, Column: "number", Role: record.AsTitle, Search: true, Export: true},
		{Name: "occurred_at", Type: record.Moment, Required: true, Column: "occurred_at", Role: record.AsPlain, Export: true},
		{Name: "inspector", Type: record.Text, Role: record.AsLine, Search: true, Export: true},
		{Name: "measured_in", Type: record.Reference, Kind: "unit", Role: record.AsLine, Export: true},
	}}))
	v := newVenue(t)
	data := object{"number": "17", "occurred_at": "2026-05-25T20:03:14+03:00", "inspector": "Pavlova", "measured_in": toID}
	device := till{v.world, v.key}
	results := device.results(change("inspection", orderID, data), change("unit", toID, object{"name": "г"}))
	require.Equal(t, []any{"applied", "applied"}, statusesOf(results))
	list := v.get("/documents/inspection?q=pavlova").exact(t)
	require.Equal(t, object{"number": "17", "occurred_at": "2026-05-25T17:03:14Z", "inspector": "Pavlova", "measured_in": toID},
		list["items"].([]any)[0].(object)["values"])
	require.Equal(t, object{toID: "г"}, list["references"])
	file := readCSV(t, v.get("/documents/inspection?format=csv&lang=en").body)
	require.Equal(t, []string{"Pavlova", "г"}, file[1][6:8], "%v", file)
}
