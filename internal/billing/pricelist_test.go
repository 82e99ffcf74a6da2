package billing

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
)

func TestAPriceIsReadAsItIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prices.yaml")
	require.NoError(t, os.WriteFile(path, []byte("\ufeffprices:\n  delivery:\n    RUB: {12: 15000, 1: 1500.10, 3: \"4200.5\"}\n    JPY: {1: 2500}\n    KWD: {1: 5.125}\n"), 0o600))
	list, err := ReadPriceList(path)
	require.NoError(t, err)
	written := func(code string) (texts []string) {
		for _, offer := range list.Offers(access.Delivery, code) {
			require.Equal(t, code, offer.Currency)
			texts = append(texts, offer.Price.String())
		}
		return texts
	}
	require.Equal(t, []string{"1500.1", "4200.5", "15000"}, written("RUB"), "the shortest period first")
	require.Equal(t, []string{"2500"}, written("JPY"))
	require.Equal(t, []string{"5.125"}, written("KWD"))
	require.Empty(t, list.Offers(access.Delivery, "EUR"))
	require.Empty(t, list.Offers("rockets", "RUB"))
	require.Empty(t, (*PriceList)(nil).Offers(access.Delivery, "RUB"), "an operator without a list")
}

func TestAPriceListSaysWhatIsWrongWithIt(t *testing.T) {
	for name, test := range map[string]struct{ text, says string }{
		"nothing":                {"", "names no module"},
		"no YAML":                {"prices: [", ""},
		"a word more":            {"prices: {delivery: {RUB: {1: 10}}}\ndiscount: 5", "discount"},
		"no such module":         {"prices: {rockets: {RUB: {1: 10}}}", "prices.rockets: there is no such module"},
		"no such currency":       {"prices: {delivery: {RUR: {1: 10}}}", "prices.delivery.RUR: is no currency"},
		"no price":               {"prices: {delivery: {RUB: {}}}", "prices.delivery.RUB: has no price"},
		"another period":         {"prices: {delivery: {RUB: {2: 10}}}", "prices.delivery.RUB.2: a period is 1, 3, 6 or 12 months"},
		"a period that is twice": {"prices: {delivery: {RUB: {1: 10, 1: 20}}}", ""},
		"a word for a price":     {"prices: {delivery: {RUB: {1: ten}}}", "prices.delivery.RUB.1: \"ten\" is no price"},
		"nothing to pay":         {"prices: {delivery: {RUB: {1: 0}}}", "more than 0"},
		"less than nothing":      {"prices: {delivery: {RUB: {1: -5}}}", "is no price"},
		"an exponent":            {"prices: {delivery: {RUB: {1: 1e3}}}", "is no price"},
		"a comma":                {"prices: {delivery: {RUB: {1: \"1500,10\"}}}", "is no price"},
		"too much":               {"prices: {delivery: {RUB: {1: 1000000000001}}}", "at most 1000000000000"},
		"parts of a kopeck":      {"prices: {delivery: {RUB: {1: 10.001}}}", "has 2 digits after the point"},
		"kopecks of a yen":       {"prices: {delivery: {JPY: {1: 10.5}}}", "has 0 digits after the point"},
	} {
		_, err := ParsePriceList(test.text)
		require.ErrorContains(t, err, test.says, name)
	}
	_, err := ParsePriceList("prices: {delivery: {RUB: {1: 0, 2: 5}, XXX: {1: 5}}}")
	require.ErrorContains(t, err, "RUB.1")
	require.ErrorContains(t, err, "RUB.2")
	require.ErrorContains(t, err, "delivery.XXX", "all that is wrong, at once")
	_, err = ReadPriceList("/no/such/file.yaml")
	require.Error(t, err)
}
