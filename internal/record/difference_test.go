package record_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

// differences writes what changed, one difference a line.
func differences(t *testing.T, before, after string) string {
	t.Helper()
	earlier, err := canonical.Parse([]byte(before))
	require.NoError(t, err)
	later, err := canonical.Parse([]byte(after))
	require.NoError(t, err)
	var lines []string
	for _, d := range record.Differences(earlier, later) {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s → %s", d.Field, d.Operation, d.Before, d.After)))
	}
	return strings.ReplaceAll(strings.Join(lines, "\n"), "  →", " →")
}

func TestDifferences(t *testing.T) {
	for name, test := range map[string]struct{ before, after, want string }{
		"none":                         {`{"a":1.50,"b":null}`, `{"c":null,"a":1.5}`, ``},
		"changed":                      {`{"total":1200}`, `{"total":1150.5}`, `total changed 1200 → 1150.5`},
		"another spelling of a number": {`{"a":0.10}`, `{"a":1e-1}`, ``},
		"another type":                 {`{"a":"1"}`, `{"a":1}`, `a changed "1" → 1`},
		"added":                        {`{}`, `{"note":"x"}`, `note added → "x"`},
		"removed":                      {`{"note":"x"}`, `{"note":null}`, `note removed "x" →`},
		"within an object":             {`{"o":{"a":1,"b":2}}`, `{"o":{"a":1,"b":3}}`, `o.b changed 2 → 3`},
		"a list of words":              {`{"barcodes":["1","2"]}`, `{"barcodes":["1","3"]}`, `barcodes changed ["1","2"] → ["1","3"]`},
		"an empty list is not none":    {`{}`, `{"lines":[]}`, `lines added → []`},
		"the first items":              {`{}`, `{"lines":[{"id":"a"}]}`, `lines[0] added → {"id":"a"}`},
		"the last items":               {`{"lines":[{"id":"a"}]}`, `{}`, `lines[0] removed {"id":"a"} →`},
		"an item by its id":            {`{"l":[{"id":"a","q":1},{"id":"b","q":2}]}`, `{"l":[{"id":"b","q":3}]}`, "l[0].q changed 2 → 3\nl[0] removed {\"id\":\"a\",\"q\":1} →"},
		"items in another order":       {`{"l":[{"id":"a"},{"id":"b"}]}`, `{"l":[{"id":"b"},{"id":"a"}]}`, `l moved →`},
		"a new item moves none":        {`{"l":[{"id":"a"},{"id":"b"}]}`, `{"l":[{"id":"c"},{"id":"a"},{"id":"b"}]}`, `l[0] added → {"id":"c"}`},
		"an item in an item":           {`{"l":[{"id":"a","m":[{"name":"x","q":1}]}]}`, `{"l":[{"id":"a","m":[{"name":"x","q":2}]}]}`, `l[0].m[0].q changed 1 → 2`},
		"an equal item without id":     {`{"l":[{"q":1},{"q":2}]}`, `{"l":[{"q":2}]}`, `l[0] removed {"q":1} →`},
		"an item by what it names":     {`{"l":[{"product_id":"x","q":1},{"product_id":"y","q":2}]}`, `{"l":[{"product_id":"y","q":3}]}`, "l[0].q changed 2 → 3\nl[0] removed {\"product_id\":\"x\",\"q\":1} →"},
		"items that name nothing":      {`{"l":[{"q":1},{"q":2}]}`, `{"l":[{"q":1},{"q":5}]}`, `l[1].q changed 2 → 5`},
		"an item that names another":   {`{"l":[{"product_id":"x"}]}`, `{"l":[{"product_id":"y"}]}`, "l[0] added → {\"product_id\":\"y\"}\nl[0] removed {\"product_id\":\"x\"} →"},
		"one of two equal items":       {`{"l":[{"q":1},{"q":1}]}`, `{"l":[{"q":1}]}`, `l[1] removed {"q":1} →`},
		"a list that becomes a value":  {`{"l":[{"id":"a"}]}`, `{"l":7}`, `l changed [{"id":"a"}] → 7`},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, differences(t, test.before, test.after))
		})
	}
}

// Ten thousand lines that all name the same product are compared as fast as any.
func TestDifferencesOfLongListsTakeNoLongerThanTheirLength(t *testing.T) {
	list := func(quantity int) string {
		items := make([]string, 10_000)
		for i := range items {
			items[i] = fmt.Sprintf(`{"product_id":"x","quantity":%d}`, quantity+i)
		}
		return `{"lines":[` + strings.Join(items, ",") + `]}`
	}
	require.Equal(t, 10_000, strings.Count(differences(t, list(1), list(1_000_000)), "changed"))
}
