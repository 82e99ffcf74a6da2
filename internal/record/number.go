package record

// Digits after the point of money and quantities, as figures count them.
const (
	moneyDigits    = 4
	quantityDigits = 6
)

// Digits that a number may be sent with: before the point, whatever its sign, and behind
// it. No local system writes more behind it, and arithmetic with them would cost without
// bound.
const (
	moneyWhole    = 11
	quantityWhole = 9
	integerDigits = 9
	maxPlaces     = 20
)

// Bounds of money in 10^-4, and of quantities in 10^-6.
const (
	maxMoney    = 1e11 * 1e4
	maxQuantity = 1e9 * 1e6
)
