package record

import (
	"math"
	"math/bits"

	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/canonical"
)

// exact is an exact decimal: a whole number of 10^-10 where it fits 63 bits, as nearly
// all amounts of documents do, else a decimal.
type exact struct {
	units int64
	wide  *decimal.Decimal // nil: units hold it
}

const exactDigits = moneyDigits + quantityDigits // of a product of both

// numberIn is a number field; 0 where it is left out. It is already checked.
func numberIn(object canonical.Value, name string, places int) exact {
	value, _ := object.Get(name)
	return exactOf(value, places)
}

func moneyIn(object canonical.Value, name string) exact { return numberIn(object, name, moneyDigits) }

// exactOf is the number of a value that usually has up to so many digits after the point.
func exactOf(value canonical.Value, places int) exact {
	if value.Type() != canonical.Number {
		return exact{}
	}
	step := int64(1e10)
	for range places {
		step /= 10
	}
	number, problem := canonical.Fixed(value.Bytes(), places, math.MaxInt64/step)
	if problem != "" {
		return wideOf(decimal.RequireFromString(string(value.Bytes())))
	}
	return exact{units: number * step}
}

func wideOf(number decimal.Decimal) exact { return exact{wide: &number} }

func (a exact) decimal() decimal.Decimal {
	if a.wide != nil {
		return *a.wide
	}
	return decimal.New(a.units, -exactDigits)
}

func (a exact) plus(b exact) exact {
	if sum := a.units + b.units; a.wide == nil && b.wide == nil && (sum > a.units) == (b.units > 0) {
		return exact{units: sum}
	}
	return wideOf(a.decimal().Add(b.decimal()))
}

func (a exact) minus(b exact) exact {
	if b.wide == nil && b.units != math.MinInt64 {
		return a.plus(exact{units: -b.units})
	}
	return wideOf(a.decimal().Sub(b.decimal()))
}

// times is the product of an object's quantity and price.
func timesPrice(object canonical.Value) exact {
	quantity, _ := object.Get("quantity")
	price, _ := object.Get("price")
	if quantity.Type() != canonical.Number || price.Type() != canonical.Number {
		return exact{}
	}
	count, problem := canonical.Fixed(quantity.Bytes(), quantityDigits, maxQuantity)
	each, also := canonical.Fixed(price.Bytes(), moneyDigits, maxMoney)
	high, low := bits.Mul64(uint64(max(count, -count)), uint64(max(each, -each)))
	if problem != "" || also != "" || high > 0 || low > math.MaxInt64 {
		return wideOf(exactOf(quantity, quantityDigits).decimal().Mul(exactOf(price, moneyDigits).decimal()))
	}
	if (count < 0) != (each < 0) {
		return exact{units: -int64(low)}
	}
	return exact{units: int64(low)}
}

func (a exact) isZero() bool {
	if a.wide != nil {
		return a.wide.IsZero()
	}
	return a.units == 0
}

func (a exact) equals(b exact) bool { return a.minus(b).isZero() }

// roundsTo says whether total is this amount rounded, in whatever way, to the step of a
// currency with so many minor digits, or to a finer one.
func (a exact) roundsTo(total exact, minorDigits int) bool {
	off := total.minus(a)
	if off.isZero() {
		return true
	}
	step := int64(1e10)
	for range min(minorDigits, moneyDigits) {
		step /= 10
	}
	if total.wide == nil && off.wide == nil {
		for total.units%step != 0 {
			step /= 10
		}
		return -step < off.units && off.units < step
	}
	wideStep := decimal.New(step, -exactDigits)
	for !total.decimal().Mod(wideStep).IsZero() {
		wideStep = wideStep.Shift(-1)
	}
	return off.decimal().Abs().LessThan(wideStep)
}

// String is the decimal without zeros at its end.
func (a exact) String() string { return a.decimal().String() }
