package record

// Digits after the point of money and quantities.
const (
	moneyDigits    = 4
	quantityDigits = 6
)

// Bounds of money and quantities: with their fraction 15 digits, which every
// JSON implementation keeps.
const (
	maxMoney    = 1e11 * 1e4
	maxQuantity = 1e9 * 1e6
)
