package browse

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/record"
)

// Columns that lists do not show: reports and cards ask for them by SQL.
var notShown = []string{"shift_id", "refund_of_id", "placed_at"}

func TestEveryColumnThatADocumentFillsIsShown(t *testing.T) {
	id, now := uuid.NullUUID{UUID: uuid.New(), Valid: true}, time.Now()
	document := Document{Number: "1", OccurredAt: now, Outlet: id, Employee: id, Counterparty: id, Warehouse: id, ToWarehouse: id, Status: "closed",
		Type: "sale", Total: decimal.NewNullDecimal(decimal.NewFromInt(1)), CustomerName: "Maria", PromisedAt: &now, DeliveredAt: &now}
	for _, kind := range record.ForPeople() {
		for _, field := range kind.Select(func(f record.Field) bool { return kind.Document && f.Column != "" }) {
			if document.Column(field.Column) == nil {
				require.Contains(t, notShown, field.Column, "%s.%s", kind.Name, field.Name)
			}
		}
	}
}

func TestValuesAreReadByTheirTypesAndNothingElse(t *testing.T) {
	kind, _ := record.Find("product")
	values := valuesOf(`{"name":"Tea","price":1.50,"cost":"cheap","archived":true,"barcodes":["1",2],"components":[{},{}],"group_id":"17","code":null}`, kind.Fields)
	require.Equal(t, Values{"name": "Tea", "price": decimal.RequireFromString("1.50"), "archived": true, "barcodes": []string{"1"}, "components": 2}, values)
	require.Empty(t, valuesOf("no JSON", kind.Fields))
}
