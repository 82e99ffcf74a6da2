package projection

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

// source is one record of the feed, as the projections read it.
type source struct {
	kind string
	id   uuid.UUID
	data canonical.Value
}

// rows are what one record contributes to the projections; what it has no part
// in is nil.
type rows struct {
	entry    *entry
	deleted  *deletedEntry
	document *document
	sale     *sale
	lines    []saleLine
	payments []salePayment
}

// entry is a row of directory_entries.
type entry struct {
	remarks
	name, code string
	group      uuid.NullUUID
	archived   bool
	search     string
}

// deletedEntry is a row of deleted_entries.
type deletedEntry struct {
	name  string
	group uuid.NullUUID
}

// document is a row of documents.
type document struct {
	remarks
	number                                          string
	occurredAt, day                                 time.Time
	outlet, employee, counterparty, shift, refundOf uuid.NullUUID
	warehouse, toWarehouse                          uuid.NullUUID // what is transferred goes to the second
	status, kindType, search                        string
	total                                           decimal.NullDecimal
	customerName                                    string     // of a delivery order, as it was written down
	placedAt, promisedAt, deliveredAt               *time.Time // of a delivery order
	late                                            bool       // it came, or changed, after its business day was over (markLate)
}

// sale is a row of sales.
type sale struct {
	sign   int16 // 1 for a sale, -1 for a refund
	hour   int16
	guests int64
	amounts
}

// saleLine is a row of sale_lines. Its amounts hold its share of the receipt's.
type saleLine struct {
	product  uuid.NullUUID // none: an open item, known by its name
	name     string        // as sold; without it and a product, what the receipt has beside its lines
	quantity decimal.Decimal
	leads    bool // the first line of its product: where the receipt is counted for it
	amounts
}

// salePayment is a row of sale_payments.
type salePayment struct {
	paymentType uuid.UUID
	amount      decimal.Decimal
}

// markLate notes whether the record, as it now is, was received after its business
// day was over, and so changed a past that somebody may have seen. What lies before
// the day after the first device's connection was history from the start.
func (r *rows) markLate(received, connected time.Time, calendar Calendar) {
	if r.document != nil {
		r.document.late = calendar.Day(received).After(r.document.day) && r.document.day.After(calendar.Day(connected))
	}
}

// projectRecord is the pure function from a record to its rows. Fields that it does
// not know are nothing to it; optional ones may be left out. An error says that
// the record lacks what every record of its kind has.
func projectRecord(s source, by settings) (rows, error) {
	kind, known := record.Find(s.kind)
	if !known {
		return rows{}, nil
	}
	if !s.data.IsObject() {
		return rows{}, fmt.Errorf("%s %s is not an object", s.kind, s.id)
	}
	remarks, err := remarksOf(kind, s.data, by.minorDigits)
	if err != nil {
		return rows{}, err
	}
	if !kind.Document {
		entry := projectEntry(kind, s.data)
		entry.remarks = remarks
		return rows{entry: entry}, nil
	}
	document, err := projectDocument(kind, s, by.calendar)
	if err != nil {
		return rows{}, err
	}
	document.remarks = remarks
	result := rows{document: document}
	if s.kind == kindReceipt && document.isCounted() {
		projectSale(&result, s.data, by.calendar, by.minorDigits)
	}
	return result, nil
}
