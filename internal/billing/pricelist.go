// Package billing knows what the operator of the cabinet charges for modules.
package billing

import (
	"errors"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/currency"
	"github.com/interpos/cabinet/internal/textfile"
)

// Periods are those that a license is renewed by, in months.
var Periods = []int{1, 3, 6, 12}

// maxPrice bounds a price, so that whatever is written of it stays exact.
var maxPrice = decimal.New(1, 12)

// Offer is a period with its price.
type Offer struct {
	Months   int
	Price    decimal.Decimal
	Currency string // ISO 4217
}

// PriceList is what the operator charges, by module and currency.
type PriceList struct {
	prices map[access.Module]map[string]map[int]decimal.Decimal
}

// file is the price list as the operator writes it. Prices are read as they stand there:
// 1500.10 is a decimal and no float.
type file struct {
	Prices map[string]map[string]map[int]amount `yaml:"prices"`
}

// amount is a scalar, as it is written.
type amount string

// UnmarshalYAML takes the text of the scalar.
func (a *amount) UnmarshalYAML(text []byte) error {
	*a = amount(textfile.Trim(string(text)))
	if n := len(*a); n > 1 && ((*a)[0] == '"' || (*a)[0] == '\'') && (*a)[n-1] == (*a)[0] {
		*a = (*a)[1 : n-1]
	}
	return nil
}

// ReadPriceList reads the operator's price list, a YAML file. The error names all that is wrong
// with it.
func ReadPriceList(path string) (*PriceList, error) {
	text, err := textfile.Read(path)
	if err != nil {
		return nil, err
	}
	list, err := ParsePriceList(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

// ParsePriceList is ReadPriceList of the text of a file.
func ParsePriceList(text string) (*PriceList, error) {
	var written file
	if err := yaml.UnmarshalWithOptions([]byte(text), &written, yaml.Strict()); err != nil {
		return nil, err
	}
	if len(written.Prices) == 0 {
		return nil, errors.New("prices: names no module")
	}
	list := &PriceList{map[access.Module]map[string]map[int]decimal.Decimal{}}
	var wrong []error
	for _, module := range sortedKeys(written.Prices) {
		if access.SectionOfModule(access.Module(module)) == "" {
			wrong = append(wrong, fmt.Errorf("prices.%s: there is no such module", module))
			continue
		}
		list.prices[access.Module(module)] = map[string]map[int]decimal.Decimal{}
		for _, code := range sortedKeys(written.Prices[module]) {
			prices, err := readPrices(fmt.Sprintf("prices.%s.%s", module, code), code, written.Prices[module][code])
			wrong = append(wrong, err)
			list.prices[access.Module(module)][code] = prices
		}
	}
	return list, errors.Join(wrong...)
}

// readPrices reads the prices of a module in one currency; place is where they stand.
func readPrices(place, code string, written map[int]amount) (map[int]decimal.Decimal, error) {
	if !currency.IsCurrent(code) {
		return nil, fmt.Errorf("%s: is no currency of ISO 4217", place)
	}
	prices := map[int]decimal.Decimal{}
	var wrong []error
	for _, months := range sortedKeys(written) {
		price, err := readPrice(string(written[months]), currency.MinorDigits(code))
		if !slices.Contains(Periods, months) {
			err = errors.New("a period is 1, 3, 6 or 12 months")
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s.%d: %w", place, months, err))
			continue
		}
		prices[months] = price
	}
	if len(written) == 0 {
		wrong = append(wrong, fmt.Errorf("%s: has no price", place))
	}
	return prices, errors.Join(wrong...)
}

func readPrice(text string, digits int) (decimal.Decimal, error) {
	price, err := decimal.NewFromString(text)
	switch {
	case err != nil || !plainNumber(text):
		return price, fmt.Errorf("%q is no price such as 1500.00", text)
	case !price.IsPositive() || price.GreaterThan(maxPrice):
		return price, errors.New("a price is more than 0, and at most 1000000000000")
	case !price.Equal(price.Truncate(int32(digits))): //nolint:gosec // 0 to 4
		return price, fmt.Errorf("this currency has %d digits after the point, %s has more", digits, text)
	}
	return price, nil
}

// plainNumber says whether a text has digits and a point alone: no exponent, no sign.
func plainNumber(text string) bool {
	return len(text) <= 32 && !slices.ContainsFunc([]rune(text), func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
}

// Offers are the periods that a module may be renewed by in a currency, the shortest first. A nil
// list, of an operator who has none, offers nothing.
func (l *PriceList) Offers(module access.Module, code string) []Offer {
	offers := []Offer{}
	if l == nil {
		return offers
	}
	prices := l.prices[module][code]
	for _, months := range sortedKeys(prices) {
		offers = append(offers, Offer{months, prices[months], code})
	}
	return offers
}

func sortedKeys[K int | string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
