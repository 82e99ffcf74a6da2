package sync_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/push"
)

// BenchmarkPush pushes batches of 1,000 receipts, new ones and the same once more. It
// does not wait for a disk, so it differs less from run to run than `make bench`.
func BenchmarkPush(b *testing.B) {
	database := dbtest.New(b)
	organization, device := dbtest.Organization(b, database), uuid.New()
	receiver := newCabinet(database, time.Now).receiver
	send := func(b *testing.B, body []byte, want push.Status) {
		read, err := push.DecodeLines(body, device.String())
		if err != nil {
			b.Fatal(err)
		}
		results, _, err := receiver.Push(context.Background(), organization, read)
		if err != nil || results[0].Status != want {
			b.Fatal(err, results)
		}
	}
	var last []byte
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			last = receipts(device)
			b.SetBytes(int64(len(last)))
			b.StartTimer()
			send(b, last, push.Applied)
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			send(b, last, push.Unchanged)
		}
	})
}

// receipts are the lines of a push of 1,000 receipts of some 1.2 KB.
func receipts(outlet uuid.UUID) []byte {
	var body bytes.Buffer
	for number := range 1000 {
		fmt.Fprintf(&body, `{"kind":"receipt","id":"%s","modified_at":"2026-05-25T12:04:00+03:00","data":{"closed_at":"2026-05-25T12:04:00+03:00","lines":[`, uuid.New())
		for line := range 3 {
			if line > 0 {
				body.WriteByte(',')
			}
			fmt.Fprintf(&body, `{"discount":15,"id":"%s","name":"Капучино большой","note":"без сахара","price":190,"product_id":"%s","quantity":2,"tax_rate":20,"total":365}`,
				uuid.New(), outlet)
		}
		fmt.Fprintf(&body, `],"number":"%d","occurred_at":"2026-05-25T12:00:00+03:00","outlet_id":"%s","payments":[{"amount":1095,"payment_type_id":"%s"}],"status":"closed","total":1095,"type":"sale"}}`+"\n",
			number, outlet, outlet)
	}
	return body.Bytes()
}
