package browse

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

// Values are those of some fields of a record, by their names; fields that are left
// out are not in it. Texts, words and dates are strings, numbers decimals, moments
// times, references UUIDs, lists of texts slices; of a list of objects it is the
// number of its items, an int.
type Values map[string]any

// listedFields are the fields that the lists of a kind show.
func listedFields(kind *record.Kind) []record.Field {
	return kind.Select(func(f record.Field) bool { return f.Role != "" })
}

// exportedFields are the fields that the files of a kind have.
func exportedFields(kind *record.Kind) []record.Field {
	return kind.Select(func(f record.Field) bool { return f.Export })
}

// valuesOf reads the fields from a record's data.
func valuesOf(data string, fields []record.Field) Values {
	values := Values{}
	object, err := canonical.Parse([]byte(data))
	if err != nil {
		return values
	}
	for _, field := range fields {
		if value, ok := object.Get(field.Name); ok {
			if read := readValue(value, field.Type); read != nil {
				values[field.Name] = read
			}
		}
	}
	return values
}

// readValue is nil for a value that is not of the type: older rules may have taken it.
func readValue(value canonical.Value, is record.Type) any {
	switch is.Shape() {
	case record.NumberShape:
		literal, _ := value.Literal()
		if number, err := decimal.NewFromString(literal); err == nil {
			return number
		}
	case record.BoolShape:
		if flag, ok := value.Bool(); ok {
			return flag
		}
	case record.InstantShape:
		if at, ok := record.ParseInstant(value); ok {
			return at
		}
	case record.IDShape:
		text, _ := value.Text()
		if id, err := uuid.Parse(text); err == nil {
			return id
		}
	case record.TextsShape:
		return textsOf(value)
	case record.ListShape:
		return len(value.Members())
	default:
		if text, ok := value.Text(); ok && text != "" {
			return text
		}
	}
	return nil
}

func textsOf(value canonical.Value) (texts []string) {
	for element := range value.Elements() {
		if text, ok := element.Text(); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// Column is what a document has in a column of the projected lists, as Values has
// it; nil for nothing.
func (d *Document) Column(name string) any {
	switch name {
	case "number":
		return textOrNil(d.Number)
	case "occurred_at":
		return d.OccurredAt
	case "outlet_id":
		return idOrNil(d.Outlet)
	case "employee_id":
		return idOrNil(d.Employee)
	case "counterparty_id":
		return idOrNil(d.Counterparty)
	case "warehouse_id":
		return idOrNil(d.Warehouse)
	case "to_warehouse_id":
		return idOrNil(d.ToWarehouse)
	case "customer_name":
		return textOrNil(d.CustomerName)
	case "promised_at":
		return timeOrNil(d.PromisedAt)
	case "delivered_at":
		return timeOrNil(d.DeliveredAt)
	case "type":
		return textOrNil(d.Type)
	case "status":
		return textOrNil(d.Status)
	case "total":
		if d.Total.Valid {
			return d.Total.Decimal
		}
	}
	return nil
}

func textOrNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func idOrNil(id uuid.NullUUID) any {
	if !id.Valid {
		return nil
	}
	return id.UUID
}

func timeOrNil(at *time.Time) any {
	if at == nil {
		return nil
	}
	return *at
}
