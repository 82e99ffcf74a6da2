package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// perBatch is how many receipts are pushed at once.
const perBatch = 1000

type object = map[string]any

// batch is 1,000 receipts in every form that a side may want them in.
type batch struct {
	ids  []uuid.UUID
	data []string // of each receipt, as it is stored
	body []byte   // of a push
	at   []int    // where in body each id stands
}

// generator makes receipts of 1 to 4 lines, 1.2 KB in the mean: the same in every run.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(1, seed))} }

// makeBatches are receipts that nobody has sent before.
func (g generator) makeBatches(device uuid.UUID, count int) []*batch {
	made := make([]*batch, count)
	for i := range made {
		made[i] = g.makeBatch(device)
	}
	return made
}

func (g generator) makeBatch(device uuid.UUID) *batch {
	data := make([]string, perBatch)
	for i := range data {
		text, _ := json.Marshal(g.makeReceipt()) // plain values: it cannot fail
		data[i] = string(text)
	}
	return newBatch(device, data)
}

// newBatch gives receipts of these contents new ids.
func newBatch(device uuid.UUID, data []string) *batch {
	b := &batch{ids: make([]uuid.UUID, len(data)), data: data, at: make([]int, len(data))}
	var body bytes.Buffer
	_, _ = fmt.Fprintf(&body, `{"device_id":"%s","changes":[`, device)
	for i, text := range data {
		if i > 0 {
			body.WriteByte(',')
		}
		body.WriteString(`{"kind":"receipt","id":"`)
		b.at[i] = body.Len()
		body.WriteString(uuid.Nil.String() + `","modified_at":"2026-05-25T20:03:14.123+03:00","data":` + text + `}`)
	}
	body.WriteString(`]}`)
	b.body = body.Bytes()
	b.renewIDs()
	return b
}

// renewIDs makes other receipts of a batch, by other ids: that takes next to no time.
func (b *batch) renewIDs() {
	for i := range b.ids {
		b.ids[i] = uuid.New()
		copy(b.body[b.at[i]:], b.ids[i].String())
	}
}

func (g generator) makeReceipt() object {
	at := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(g.IntN(30*24*3600)) * time.Second).Format(time.RFC3339)
	lines, total := make([]object, 1+g.IntN(4)), 0
	for i := range lines {
		count, price := 1+g.IntN(3), 50+g.IntN(400)
		total += count * price
		lines[i] = object{
			"id": uuid.New(), "product_id": uuid.New(), "name": "Капучино большой", "quantity": count, "price": price,
			"discount": 0, "total": count * price, "tax_rate": 20, "tax": 12.5, "cost": 31.25,
		}
	}
	return object{
		"number": fmt.Sprint(g.IntN(1e6)), "occurred_at": at, "closed_at": at, "type": "sale", "status": "closed",
		"outlet_id": uuid.New(), "employee_id": uuid.New(), "shift_id": uuid.New(), "guests": 1, "source": "counter",
		"total": total, "discount_total": 0, "tax_total": 12.5, "tip": 0, "lines": lines,
		"payments": []object{{"payment_type_id": uuid.New(), "amount": total, "at": at}},
	}
}
