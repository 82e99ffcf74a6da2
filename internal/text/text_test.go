package text_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/text"
)

var languages = []string{text.Russian, text.English}

// wanted are the keys of all words of the kinds: alternatives, of which one is enough.
func wanted() (keys [][]string) {
	for _, kind := range record.ForPeople() {
		for _, group := range []string{"kind", "one", "about"} {
			keys = append(keys, []string{group + "." + kind.Name})
		}
		keys = append(keys, wantedOf(kind.Name, kind.Fields)...)
		if kind.Document { // what lists and files have beside the data
			for _, name := range []string{"business_day", "employee_id", "counterparty_id", "type", "total"} {
				keys = append(keys, fieldKeys(kind.Name, name))
			}
		}
	}
	return keys
}

func fieldKeys(kind, name string) []string {
	return []string{"field_of." + kind + "." + name, "field." + name}
}

func wantedOf(kind string, fields []record.Field) (keys [][]string) {
	for _, field := range fields {
		keys = append(keys, fieldKeys(kind, field.Name))
		for _, choice := range field.Choices {
			keys = append(keys, []string{"word_of." + kind + "." + field.Name + "." + choice, "word." + field.Name + "." + choice})
		}
		if field.Type == record.List {
			keys = append(keys, []string{"item." + field.Name})
			keys = append(keys, wantedOf(kind, field.Fields)...)
		}
	}
	return keys
}

func TestEveryKindFieldAndChoiceHasItsWords(t *testing.T) {
	for _, language := range languages {
		for _, alternatives := range wanted() {
			require.True(t, slices.ContainsFunc(alternatives, func(key string) bool {
				_, ok := text.In(language).Find("record:" + key)
				return ok
			}), "%s has no words for %s", language, alternatives)
		}
	}
}

// Words that sources choose freely, and those of what stands around a record's data.
var (
	freeWords = []string{"word.status.", "word_of.cash_shift.status.", "word_of.purchase.status.", "word_of.purchase_return.status.",
		"word_of.write_off.status.", "word_of.transfer.status.", "word_of.stocktake.status.", "word_of.production.status.", "word.source."}
	envelope = []string{"field.id", "field.kind", "field.data", "field.modified_at", "field.deleted", "field.base_version",
		"field.group_id", "field.archived", "field_of.write_off.total"}
)

func TestNoWordsStandForWhatIsNot(t *testing.T) {
	known := map[string]bool{}
	for _, alternatives := range wanted() {
		for _, key := range alternatives {
			known[key] = true
		}
	}
	for _, language := range languages {
		for _, key := range keysOf(t, language, "record") {
			group, _, _ := strings.Cut(key, ".")
			if !slices.Contains([]string{"kind", "one", "about", "field", "field_of", "word", "word_of", "item"}, group) {
				continue
			}
			free := slices.ContainsFunc(freeWords, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
			require.True(t, known[key] || free || slices.Contains(envelope, key), "%s: nothing has the words %s", language, key)
		}
	}
}

// keysOf are the keys of a namespace as its file has them.
func keysOf(t *testing.T, language, namespace string) (keys []string) {
	t.Helper()
	content, err := os.ReadFile("../../frontend/src/locales/" + language + "/" + namespace + ".json")
	require.NoError(t, err)
	var tree map[string]any
	require.NoError(t, json.Unmarshal(content, &tree))
	return leaves("", tree)
}

func leaves(prefix string, tree map[string]any) (keys []string) {
	for name, inner := range tree {
		if branch, ok := inner.(map[string]any); ok {
			keys = append(keys, leaves(prefix+name+".", branch)...)
		} else {
			keys = append(keys, prefix+name)
		}
	}
	return keys
}

func TestWordsAreFoundOrStandForThemselves(t *testing.T) {
	words := text.In("tlh")
	require.Equal(t, text.Russian, words.Language)
	require.Equal(t, "Чеки", words.Kind("receipt"))
	require.Equal(t, "Кассир", words.Field("receipt", "employee_id"))
	require.Equal(t, "Сотрудник", words.Field("purchase", "employee_id"))
	require.Equal(t, "Возврат", words.Choice("receipt", "type", "refund"))
	require.Equal(t, "eaten", words.Choice("receipt", "type", "eaten"))
	require.Equal(t, "record:nothing", words.Text("record:nothing"))
}

func TestWordsAreAddedAndTakenAway(t *testing.T) {
	withdraw := text.Extend(fstest.MapFS{"en/record.json": {Data: []byte(`{"kind":{"allergen":"Allergens"},"list":["one","two"]}`)}})
	require.Equal(t, "Allergens", text.In(text.English).Kind("allergen"))
	require.Equal(t, "Receipts", text.In(text.English).Kind("receipt"), "what was there stays")
	require.Equal(t, []string{"one", "two"}, text.In(text.English).List("record:list"))
	withdraw()
	require.Equal(t, "allergen", text.In(text.English).Kind("allergen"))
	require.Panics(t, func() { text.Extend(fstest.MapFS{"en/record.json": {Data: []byte(`{"kind":1}`)}}) })
}

func TestNumbersChooseTheFormOfTheirText(t *testing.T) {
	for number, want := range map[int64]string{
		1: "1 запись", 3: "3 записи", 11: "11 записей", 21: "21 запись", 120_000: "120\u00a0000 записей", 10_000_002: "10\u00a0000\u00a0002 записи",
	} {
		require.Equal(t, want, text.In(text.Russian).Count("common:total_records", number))
	}
	require.Equal(t, "1 record", text.In(text.English).Count("common:total_records", 1))
	require.Equal(t, "120,000 records", text.In(text.English).Count("common:total_records", 120_000))
	require.Equal(t, "common:nothing", text.In(text.English).Count("common:nothing", 2))
}
