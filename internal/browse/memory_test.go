//go:build linux

package browse_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/projection/feedtest"
)

// What a source adds to its records may be long: a list holds what it shows of them.
func TestAListHoldsOnlyWhatItShows(t *testing.T) {
	const records, each = 100, 200_000 // bytes of a field that no kind has
	v := feedtest.New(t)
	v.License("delivery")
	long := strings.Repeat("x", each)
	for i := range records {
		v.Push(
			entry("product", fmt.Sprint("Product ", i), map[string]any{"from_the_future": long}),
			feedtest.Receipt{Number: fmt.Sprint(i), At: noon, More: map[string]any{"from_the_future": long}}.Change(),
			feedtest.Change{Kind: "delivery_order", ID: uuid.New(), Data: map[string]any{
				"number": fmt.Sprint(i), "status": "new", "type": "courier", "placed_at": noon, "phone": "1", "total": 0,
				"lines": []any{}, "from_the_future": long}})
	}
	for kind, read := range map[string]func() (any, error){
		"product": func() (any, error) {
			return browse.New(v.Projector).Entries(t.Context(), v.Organization, "product", browse.EntryQuery{Limit: records})
		},
		"receipt": func() (any, error) {
			return browse.New(v.Projector).Documents(t.Context(), v.Organization, "receipt", browse.DocumentQuery{Limit: records})
		},
		"delivery_order": func() (any, error) {
			return browse.New(v.Projector).Documents(t.Context(), v.Organization, "delivery_order", browse.DocumentQuery{Limit: records})
		},
	} {
		if _, err := read(); err != nil { // what stays of the first is not the page
			t.Fatal(kind, err)
		}
		before := held()
		page, err := read()
		if err != nil {
			t.Fatal(kind, err)
		}
		if more := held() - before; more > records*each/20 {
			t.Errorf("%s: a page holds %d bytes of records that have %d", kind, more, records*each)
		}
		runtime.KeepAlive(page)
	}
}

// held are the bytes that are in use.
func held() int {
	runtime.GC()
	runtime.GC() // of what the first has left in pools
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	return int(now.HeapAlloc)
}
