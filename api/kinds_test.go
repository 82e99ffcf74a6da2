package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/record"
)

const (
	orderID   = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
	fromID    = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
	toID      = "cccccccc-cccc-4ccc-8ccc-cccccccccccc"
	courierID = "dddddddd-dddd-4ddd-8ddd-dddddddddddd"
)

// orderData is a delivery order in a status.
func orderData(status string) object {
	line := object{"id": outletID, "product_id": productID, "name": "Сыр", "quantity": 2, "price": 150, "total": 300}
	return object{
		"number": "D-7", "status": status, "type": "courier", "placed_at": "2026-05-25T20:03:14+03:00", "phone": "+7 912 345-67-89",
		"customer_name": "Мария", "address": "Лесная, 5", "courier_id": courierID, "total": 300, "lines": []object{line},
	}
}

// renew lets the organization of a sync key use deliveries.
func (t till) renew(until string) {
	t.Helper()
	dbtest.Exec(t, t.dsn, `UPDATE licenses SET valid_until = $1`, until)
}

// results pushes changes and gives what became of each.
func (t till) results(changes ...object) []object {
	t.Helper()
	got := t.call(request{method: "POST", path: "/api/v1/sync/push", token: t.key, body: object{"device_id": deviceID, "changes": changes},
		wrong: true /* kinds that no cabinet has are in no openapi.yaml */})
	return resultsOf(t.T, got)
}

func resultsOf(t *testing.T, got answer) (results []object) {
	t.Helper()
	require.Equal(t, http.StatusOK, got.status, "%s", got.body)
	for _, result := range got.json(t)["results"].([]any) {
		results = append(results, result.(object))
	}
	return results
}

func TestAnOrderNeedsItsLicenseItsVersionAndItsSteps(t *testing.T) {
	device := newTill(t)
	order := func(status string, base int) object {
		sent := change("delivery_order", orderID, orderData(status))
		if base > 0 {
			sent["base_version"] = base
		}
		return sent
	}
	refused := device.results(order("new", 0))[0]
	require.Equal(t, object{"kind": "delivery_order", "id": orderID, "status": "license_required"}, refused)
	kept := device.call(request{method: "GET", path: "/api/v1/sync/rejections", token: device.key})
	require.Empty(t, kept.json(t)["items"])
	hello := device.call(request{method: "POST", path: "/api/v1/sync/hello", token: device.key, body: object{"device_id": deviceID}})
	require.Contains(t, hello.json(t)["kinds"], "delivery_order", "hello names every kind, licensed or not")

	device.renew("2999-01-01")
	require.Equal(t, "applied", device.results(order("cooking", 0))[0]["status"])
	forgetful := change("delivery_order", orderID, orderData("ready"))
	forgetful["modified_at"] = "2026-05-25T20:30:00+03:00"
	conflict := device.results(forgetful)[0]
	require.Equal(t, "conflict", conflict["status"])
	require.Equal(t, "cooking", conflict["current"].(object)["data"].(object)["status"])
	back := device.results(order("accepted", 1))[0]
	require.Equal(t, "rejected", back["status"])
	require.Equal(t, "status_taken_back", back["code"])
	require.Equal(t, []any{"applied", "rejected"}, statusesOf(device.results(order("delivered", 1), order("cancelled", 2))))

	device.renew("2026-01-01")
	require.Equal(t, "license_required", device.results(order("closed", 2))[0]["status"])
	require.Len(t, device.stored(), 1, "what came before can be read")
}

func statusesOf(results []object) (statuses []any) {
	for _, result := range results {
		statuses = append(statuses, result["status"])
	}
	return statuses
}

func TestEveryKindOfDocumentIsShown(t *testing.T) {
	v := newVenue(t)
	device := till{v.world, v.key}
	device.renew("2999-01-01")
	stock := func(more object) object {
		data := object{"number": "1", "occurred_at": "2026-05-25T20:03:14+03:00", "warehouse_id": fromID,
			"lines": []object{{"product_id": productID, "quantity": 2, "cost": json.Number("10.5")}}}
		for name, value := range more {
			data[name] = value
		}
		return data
	}
	bought := object{"total": 21, "supplier_id": customerID, "lines": []object{{"product_id": productID, "quantity": 2, "price": json.Number("10.5"), "total": 21}}}
	documents := map[string]object{
		"purchase": stock(bought), "purchase_return": stock(bought), "write_off": stock(nil),
		"transfer":       stock(object{"from_warehouse_id": fromID, "to_warehouse_id": toID}),
		"stocktake":      stock(object{"lines": []object{{"product_id": productID, "expected": 3, "counted": 1, "cost": -21}}}),
		"production":     stock(object{"consumed": []object{{"product_id": productID, "quantity": 1, "cost": 9}}}),
		"cash_shift":     {"number": "1", "occurred_at": "2026-05-25T08:00:00+03:00", "opened_at": "2026-05-25T08:00:00+03:00"},
		"delivery_order": orderData("ready"),
	}
	var changes []object
	for kind, data := range documents {
		changes = append(changes, change(kind, uuid.NewString(), data))
	}
	changes = append(changes, change("warehouse", fromID, object{"name": "Склад на Лесной"}), change("warehouse", toID, object{"name": "Кухня"}),
		change("employee", courierID, object{"name": "Пётр"}))
	for i, result := range device.results(changes...) {
		require.Equal(t, "applied", result["status"], "%v: %v", changes[i], result)
	}
	for _, kind := range record.DocumentNames() {
		list := v.get("/documents/" + kind + "?sort=number").exact(t)["items"].([]any)
		require.NotEmpty(t, list, kind)
		item := list[0].(object)
		page := v.get("/documents/" + kind + "/" + item["id"].(string)).exact(t)
		require.Equal(t, item["total"], page["total"], kind)
		require.NotEmpty(t, page["data"].(object)["number"], kind)
		require.Len(t, readCSV(t, v.get("/documents/"+kind+"?format=csv&lang=en").body), len(list)+1)
	}

	transfer := v.get("/documents/transfer?warehouse_id=" + toID).exact(t)
	require.Equal(t, fromID, transfer["items"].([]any)[0].(object)["warehouse_id"])
	require.Equal(t, toID, transfer["items"].([]any)[0].(object)["to_warehouse_id"])
	require.Equal(t, object{fromID: "Склад на Лесной", toID: "Кухня"}, transfer["references"])
	require.Empty(t, v.get("/documents/write_off?warehouse_id=" + toID).exact(t)["items"])
	file := readCSV(t, v.get("/documents/transfer?format=csv&lang=en").body)
	require.Equal(t, []string{"Number", "Date and time", "Business day", "Outlet", "From warehouse", "To warehouse", "Employee", "Counterparty", "Type", "Status", "Cost", "Remarks", "Identifier"}, file[0])
	require.Equal(t, []string{"Склад на Лесной", "Кухня"}, file[1][4:6])

	bought = v.get("/documents/purchase_return").exact(t)["items"].([]any)[0].(object)["values"].(object)
	require.Equal(t, object{"number": "1", "occurred_at": "2026-05-25T17:03:14Z", "supplier_id": customerID, "warehouse_id": fromID, "total": json.Number("21")}, bought)
	moved := transfer["items"].([]any)[0].(object)["values"].(object)
	require.Equal(t, object{"number": "1", "occurred_at": "2026-05-25T17:03:14Z", "from_warehouse_id": fromID, "to_warehouse_id": toID}, moved)

	order := v.get("/documents/delivery_order").exact(t)["items"].([]any)[0].(object)
	require.Equal(t, object{"customer_name": "Мария", "promised_at": "2026-05-25T18:03:14Z", "delivered_at": nil, "on_time": nil}, order["delivery"],
		"promised by the organization's hour")
	require.Equal(t, object{"number": "D-7", "occurred_at": "2026-05-25T17:03:14Z", "courier_id": courierID, "customer_name": "Мария",
		"promised_at": "2026-05-25T18:03:14Z", "total": json.Number("300")}, order["values"])
	orders := readCSV(t, v.get("/documents/delivery_order?format=csv").body)
	require.Equal(t, []string{"Номер", "Дата и время", "Учётный день", "Торговая точка", "Курьер", "Клиент", "Имя клиента", "Обещан к", "Доставлен", "Тип", "Состояние", "Итого", "Замечания", "Идентификатор"}, orders[0])
	require.Equal(t, []string{"Пётр", "", "Мария", "2026-05-25 21:03:14", "", "Курьером", "Готов", "300"}, orders[1][4:12])
}

func TestListsShowWhatTheirKindsDeclare(t *testing.T) {
	v := newVenue(t)
	product := v.get("/directories/product").exact(t)["items"].([]any)[0].(object)["values"].(object)
	require.Equal(t, object{"name": "Сыр «Костромской»", "type": "goods", "group_id": groupID, "price": json.Number("1299.9")}, product)
	receipts := v.get("/documents/receipt?sort=-number").exact(t)["items"].([]any)
	require.Equal(t, object{"number": "2", "occurred_at": "2026-05-25T17:03:14Z", "total": json.Number("0.1")}, receipts[0].(object)["values"])

	got := v.call(request{method: "GET", path: "/api/v1/kinds", token: v.token})
	require.Equal(t, http.StatusOK, got.status)
	kinds := got.json(t)["items"].([]any)
	require.Len(t, kinds, len(record.Names()))
	require.Equal(t, "product", kinds[0].(object)["name"])
	require.Equal(t, "delivery", kinds[len(kinds)-1].(object)["module"])
	group := kinds[0].(object)["fields"].([]any)[3].(object)
	require.Equal(t, object{"name": "group_id", "type": "reference", "kind": "product_group", "list": "plain", "required": false,
		"wanted": false, "decisive": false, "sort": false, "filter": true, "search": false, "export": false}, group)
}
