package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

var contents = []clause{
	{"unknown-fields", 0, "Fields that a kind does not name are kept and handed on", unknownFields},
	{"canonical-data", 0, "Data comes back as canonical JSON (RFC 8785)", canonicalData},
	{"references", 0, "A reference may name a record that has not arrived", checkReferences},
	{"field-rules", 0, "A field that breaks a rule is rejected with that rule's code", fieldRules},
	{"number-precision", 0, "What would lose digits, or cannot be stored, is refused", numberPrecision},
	{"remarks", 0, "A document that does not add up is applied, and the answer says what does not", checkRemarks},
	{"unreadable", 0, "A change that cannot be read is rejected alone, and its neighbours are taken", checkUnreadable},
	{"record-size", 0, "A record of as much data as hello allows is taken, a larger one is rejected alone", recordSize},
	{"unknown-kind", 0, "A kind that the cabinet does not know is rejected by itself", unknownKind},
}

// sendRaw pushes one unit with data as it is written, and gives it as the feed
// has it.
func (p *probe) sendRaw(data string) (page, record) {
	c := unitChange("", time.Now())
	c.Data = json.RawMessage(data)
	before := p.endCursor()
	body := fmt.Sprintf(`{"device_id":%q,"changes":[{"kind":"unit","id":%q,"modified_at":%q,"data":%s}]}`, uuid.NewString(), c.ID, c.ModifiedAt, data)
	p.pushAs(request{path: "/push", body: []byte(body)}, []change{c}).expectEach("applied")
	fed := p.readToEnd(before)
	return fed, fed.recordsOf(c)[c.ID]
}

func unknownFields(p *probe) {
	fed, r := p.sendRaw(`{"name":"Unknown fields","from_the_future":{"list":[1,"two",null,true,{"deep":[]}],"text":""},"color":null}`)
	var data map[string]any
	err := json.Unmarshal(r.Data, &data)
	future, _ := data["from_the_future"].(map[string]any)
	list, _ := future["list"].([]any)
	fed.expect(err == nil && len(list) == 5 && list[1] == "two" && future["text"] == "", "from_the_future as it was sent")
}

func canonicalData(p *probe) {
	for _, data := range []string{
		`{ "name" : "Canonical", "b":2.50,"a":[ 1.0, 1e2, -0, 0.000001, 1e-7, 123456789.25, 1E+2 ] }`,
		`{"name":"\u041a\u0438\u043b\u043e \/ \"\\ \u0007\t\n \u001f \ud83d\ude00","\u20ac":1,"\r":2,"1":3,"\ud83d\ude00":4,"\ufb33":5,"\u00f6":6}`,
		`{"name":"Nested","z":{"b":{},"a":[[],{"y":null,"x":false}]},"empty":""}`,
	} {
		fed, r := p.sendRaw(data)
		want, err := canonicalJSON([]byte(data))
		fed.expect(err == nil && bytes.Equal(r.Data, want), "data to the byte: %s", want)
	}
}

func checkReferences(p *probe) {
	c := change{Kind: "product", ID: uuid.NewString(), ModifiedAt: formatInstant(time.Now()), Data: encodeJSON(map[string]any{
		"name": "Before its group", "type": "goods", "group_id": uuid.NewString(), "unit_id": uuid.NewString()})}
	p.push(uuid.NewString(), c).expectEach("applied")
}

// fieldRules breaks one rule a time.
func fieldRules(p *probe) {
	now := formatInstant(time.Now())
	product := func(field string) string { return `{"name":"Rules","type":"goods",` + field + `}` }
	rules := []struct{ kind, data, field, code string }{
		{"product", `{"name":"Rules"}`, "type", "required"},
		{"product", `{"name":"Rules","type":null}`, "type", "required"},
		{"product", `{"name":7,"type":"goods"}`, "name", "invalid"},
		{"product", product(`"group_id":"7"`), "group_id", "uuid"},
		{"product", product(`"price":"1.50"`), "price", "invalid"},
		{"product", product(`"price":100000000000`), "price", "too_large"},
		{"product", product(`"price":1e-21`), "price", "too_precise"},
		{"product", product(`"barcodes":"4600000000000"`), "barcodes", "invalid"},
		{"product", product(`"components":[{"product_id":"` + uuid.NewString() + `","quantity":[1]}]`), "components[0].quantity", "invalid"},
		{"customer", `{"name":"Rules","birthday":"1990-02-30"}`, "birthday", "date"},
		{"write_off", `{"number":"1","occurred_at":"2026-05-25 20:03","warehouse_id":"` + uuid.NewString() + `","lines":[]}`, "occurred_at", "time"},
		{"receipt", `{"number":"1","occurred_at":"` + now + `","type":"gift","total":0}`, "type", "invalid"},
	}
	changes := make([]change, len(rules))
	for i, rule := range rules {
		changes[i] = change{Kind: rule.kind, ID: uuid.NewString(), ModifiedAt: now, Data: json.RawMessage(rule.data)}
	}
	got := p.push(uuid.NewString(), changes...).expectEach("rejected")
	for i, rule := range rules {
		got.rejectedFor(i, rule.field, rule.code)
	}
}

func numberPrecision(p *probe) {
	now := formatInstant(time.Now())
	for data, code := range map[string]string{
		`{"name":"Pi","pi":3.14159265358979323846}`: "number_precision",
		`{"name":"Big","big":9007199254740993}`:     "number_precision",
		`{"name":"One","name":"Two"}`:               "duplicate_field",
		`{"name":"Nul \u0000"}`:                     "nul_character",
	} {
		c := change{Kind: "unit", ID: uuid.NewString(), ModifiedAt: now}
		body := fmt.Sprintf(`{"device_id":%q,"changes":[{"kind":"unit","id":%q,"modified_at":%q,"data":%s}]}`, uuid.NewString(), c.ID, now, data)
		got := p.pushAs(request{path: "/push", body: []byte(body)}, []change{c}).expectEach("rejected")
		got.expect(got.Results[0].Code == code, "the code %s", code)
	}
}

// saleChange is a receipt of one line and one payment. Each change of its data makes
// another receipt.
func saleChange(edit func(data, line map[string]any)) change {
	line := map[string]any{"id": uuid.NewString(), "product_id": uuid.NewString(), "name": "Coffee", "quantity": 2, "price": 120.5, "discount": 1, "total": 240}
	now := formatInstant(time.Now().Truncate(time.Second))
	data := map[string]any{
		"number": "C-1", "occurred_at": now, "closed_at": now, "type": "sale", "status": "closed", "total": 250, "tip": 10,
		"lines": []any{line}, "payments": []any{map[string]any{"payment_type_id": uuid.NewString(), "amount": 250}},
	}
	edit(data, line)
	return change{Kind: "receipt", ID: uuid.NewString(), ModifiedAt: now, Data: encodeJSON(data)}
}

// checkRemarks sends receipts as local systems really make them.
func checkRemarks(p *probe) {
	cases := []struct {
		code, path, expected, given string
		edit                        func(data, line map[string]any)
	}{
		{edit: func(_, _ map[string]any) {}},
		{edit: func(data, _ map[string]any) { data["type"] = "refund" }},
		{edit: func(data, _ map[string]any) { data["status"], data["payments"] = "cancelled", []any{} }},
		{edit: func(data, _ map[string]any) { data["status"], data["payments"] = "open", []any{} }},
		{edit: func(data, _ map[string]any) { data["tip"], data["service_charge"] = 0, 10 }},
		{edit: func(data, _ map[string]any) { data["tip"], data["tax_included"], data["tax_total"] = 0, false, 10 }},
		{edit: func(data, line map[string]any) {
			line["quantity"], line["discount"], line["total"], data["total"] = -2, 0, -241, -231
			data["payments"] = []any{map[string]any{"payment_type_id": uuid.NewString(), "amount": -231}}
		}},
		{edit: func(_, line map[string]any) { delete(line, "id"); delete(line, "product_id") }},
		{"line_total_mismatch", "lines[0].total", "360.5", "240", func(_, line map[string]any) { line["quantity"] = 3 }},
		{"total_mismatch", "total", "240", "250", func(data, _ map[string]any) { data["tip"] = 0 }},
		{"payments_mismatch", "payments", "250", "0", func(data, _ map[string]any) { data["payments"] = []any{} }},
		{"quantity_rounded", "lines[0].quantity", "2", "2.0000001", func(_, line map[string]any) { line["quantity"] = json.Number("2.0000001") }},
		{"name_missing", "lines[0].name", "", "", func(_, line map[string]any) { line["name"] = "" }},
		{"number_missing", "number", "", "", func(data, _ map[string]any) { delete(data, "number") }},
	}
	changes := make([]change, len(cases))
	for i, c := range cases {
		changes[i] = saleChange(c.edit)
	}
	got := p.push(uuid.NewString(), changes...)
	for i, c := range cases {
		r := got.Results[i]
		got.expect(r.Status == "applied", "result number %d to be applied: it can be read", i+1)
		if c.code == "" {
			got.expect(len(r.Remarks) == 0, "no remark in result number %d: it adds up", i+1)
			continue
		}
		want := remark{c.code, c.path, c.expected, c.given}
		got.expect(len(r.Remarks) == 1 && r.Remarks[0] == want, "of result number %d one remark: %+v", i+1, want)
	}
}

// checkUnreadable sends changes that no parser of records can take, each between good ones.
func checkUnreadable(p *probe) {
	bad := []struct{ code, data string }{
		{"lone_surrogate", `{"name":"Pizza \ud83c"}`},
		{"lone_surrogate", `{"name":"\udf55\ud83c"}`},
		{"too_deep", `{"name":"Deep","x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`},
		{"number_precision", `{"name":"Long","x":` + strings.Repeat("1", 400) + `}`},
		{"malformed", `{"name":Bare}`},
		{"malformed", "{\"name\":\"\xca\xe3\"}"},
	}
	device, now := uuid.NewString(), time.Now()
	good, sent := unitChanges(len(bad)+1, "Beside", now), [][]byte{}
	for i, b := range bad {
		c := unitChange("", now)
		sent = append(sent, encodeJSON(good[i]), fmt.Appendf(nil, `{"kind":"unit","id":%q,"modified_at":%q,"data":%s}`, c.ID, c.ModifiedAt, b.data))
		p.account.noteWritten([]change{c})
	}
	sent = append(sent, encodeJSON(good[len(bad)]), []byte(`no JSON at all`))
	p.account.noteWritten(good)
	whole := fmt.Appendf(nil, `{"device_id":%q,"changes":[%s]}`, device, bytes.Join(sent, []byte{','}))
	lines := request{path: "/push", body: bytes.Join(sent, []byte{'\n'}), header: ndjsonFrom(device)}
	for _, form := range []request{{path: "/push", body: whole}, lines} {
		got := pushed{answer: p.send(form)}
		var body struct{ Results []result }
		got.expectStatus(http.StatusOK).decodeJSON(&body)
		got.expect(len(body.Results) == len(sent), "%d results, one for each change", len(sent))
		for i, r := range body.Results {
			switch {
			case i%2 == 0:
				got.expect(r.Status == "applied" || r.Status == "unchanged", "result number %d to be taken: it is good", i+1)
			case i/2 < len(bad):
				got.expect(r.Status == "rejected" && r.Code == bad[i/2].code && r.Kept != nil && *r.Kept,
					"result number %d to be rejected with the code %s, and kept", i+1, bad[i/2].code)
			default:
				got.expect(r.Status == "rejected" && r.Code == "malformed", "result number %d to be rejected with the code malformed", i+1)
			}
		}
	}
}

func recordSize(p *probe) {
	limit := int(p.hello(uuid.NewString()).Limits["max_record_bytes"])
	fits, large := unitChange("", time.Now()), unitChange("", time.Now())
	data := func(size int) []byte {
		return []byte(`{"name":"Size","x":"` + strings.Repeat("x", size-len(`{"name":"Size","x":""}`)) + `"}`)
	}
	fits.Data, large.Data = data(limit), data(limit+1)
	got := p.push(uuid.NewString(), large, fits)
	got.expectStatuses("rejected", "applied")
	got.expect(got.Results[0].Code == "record_too_large", "the code record_too_large for %d bytes of canonical data", limit+1)
}

// unknownKind leaves a rejection that nothing can heal: always of the same id,
// so that there is only one, however often the kit runs.
func unknownKind(p *probe) {
	strange := change{Kind: "conformance_kit", ID: "5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40", ModifiedAt: formatInstant(time.Now()), Data: json.RawMessage(`{}`)}
	good := unitChange("Known", time.Now())
	p.account.noteWritten([]change{good})
	p.account.unmendable = true
	a := p.send(request{path: "/push", body: encodeJSON(map[string]any{"device_id": uuid.NewString(), "changes": []change{strange, good}})})
	var body struct{ Results []result }
	a.expectStatus(http.StatusOK).decodeJSON(&body)
	a.expect(len(body.Results) == 2 && body.Results[0].Status == "rejected" && body.Results[0].Code == "unknown_kind" && body.Results[1].Status == "applied",
		"rejected with the code unknown_kind, and applied")
}

// writeOff is a document with a number of lines.
func writeOff(at time.Time, count int) change {
	items := make([]any, count)
	for i := range items {
		items[i] = map[string]any{"product_id": uuid.NewString(), "quantity": 0.125, "cost": 10.5}
	}
	return change{Kind: "write_off", ID: uuid.NewString(), ModifiedAt: formatInstant(at), Data: encodeJSON(map[string]any{
		"number": "C-1", "occurred_at": formatInstant(at.Truncate(time.Second)), "warehouse_id": uuid.NewString(), "lines": items})}
}
