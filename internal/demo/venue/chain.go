package venue

import "time"

// outlet is one place of the chain, with the habits of those who come there.
type outlet struct {
	id             int // of the place, of its store, and of its hall if it has one
	title, address string
	phone          string
	perDay         float64 // receipts of an average day
	opens, closes  int     // hours
	week           [7]float64
	weekday        string // weights of the hours from opening on
	weekend        string
	hall           float64 // share of guests who sit down
	tables         int
	taste          map[string]float64 // groups that sell better or worse here
	cashiers       []*person
	waiters        []*person
	manager        *person
}

// outletsOfChain lists the outlets; Sunday is the first day of the week.
func outletsOfChain() []*outlet {
	return []*outlet{
		{
			id: 1, title: "Булочная на Покровке", address: "Москва, ул. Покровка, 17", phone: "+7 495 120-17-01",
			perDay: 122, opens: 8, closes: 22, week: [7]float64{1.16, 0.86, 0.88, 0.93, 0.98, 1.14, 1.28},
			weekday: "7 10 8 6 7 9 8 6 6 7 9 8 6 3", weekend: "2 5 9 11 11 10 9 8 8 7 7 6 5 3",
			hall: 0.42, tables: 12, taste: map[string]float64{"Хлеб": 1.7, "Выпечка": 1.2, "Десерты": 1.2},
		},
		{
			id: 2, title: "Кофейня у метро Сокольники", address: "Москва, Сокольническая пл., 4", phone: "+7 495 120-17-02",
			perDay: 160, opens: 7, closes: 21, week: [7]float64{0.82, 1.04, 1.07, 1.08, 1.06, 1.09, 0.90},
			weekday: "13 19 14 7 5 6 7 6 5 5 7 8 6 3", weekend: "3 6 9 10 10 9 9 8 8 7 6 5 4 3",
			hall: 0.10, tables: 5, taste: map[string]float64{"Кофе": 1.5, "Еда": 0.4, "Завтраки": 0.3, "Хлеб": 0.5, "Товары": 1.2},
		},
		{
			id: 3, title: "Бистро в БЦ «Орион»", address: "Москва, Ленинградский пр-т, 37, корп. 9", phone: "+7 495 120-17-03",
			perDay: 98, opens: 8, closes: 20, week: [7]float64{0.18, 1.20, 1.28, 1.30, 1.27, 1.16, 0.24},
			weekday: "8 11 6 5 14 18 10 6 5 5 4 3", weekend: "1 3 5 6 6 6 5 4 3 3 2 1",
			hall: 0.55, tables: 16, taste: map[string]float64{"Еда": 2.2, "Завтраки": 1.3, "Хлеб": 0.3, "Десерты": 0.8},
		},
	}
}

// hourlyTraffic are the weights of an outlet's hours on a day.
func (o *outlet) hourlyTraffic(day time.Time) []float64 {
	if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		return parseNumbers(o.weekend)
	}
	return parseNumbers(o.weekday)
}

// paymentType is how a guest pays.
type paymentType struct {
	id          int
	title, kind string
}

var (
	cash        = paymentType{1, "Наличные", "cash"}
	card        = paymentType{2, "Банковская карта", "card"}
	fast        = paymentType{3, "СБП", "transfer"}
	bonus       = paymentType{4, "Бонусы", "bonus"}
	certificate = paymentType{5, "Подарочный сертификат", "certificate"}
)

var paymentTypes = []paymentType{cash, card, fast, bonus, certificate}

// Discounts that the till knows, in percent.
const (
	eveningDiscount = 30 // bakery in the last hour
	staffDiscount   = 20
)

var discounts = []struct {
	title   string
	percent int64
}{
	{"Вечерняя скидка на выпечку", eveningDiscount}, {"Сотрудник", staffDiscount},
	{"Постоянный гость 3 %", 3}, {"Постоянный гость 5 %", 5}, {"Постоянный гость 10 %", 10},
}

var suppliers = []struct{ code, title, taxID, phone, email, address string }{
	{"П-01", "ООО «Зерно и Чашка»", "7701234569", "+7 495 221-40-11", "zakaz@zernochashka.example", "Москва, ул. Правды, 8"},
	{"П-02", "АО «Молочный двор»", "5047123458", "+7 495 221-40-12", "opt@moldvor.example", "Московская обл., г. Химки, ул. Заводская, 2"},
	{"П-03", "ООО «Мельница»", "6901456787", "+7 4822 41-40-13", "sale@melnica.example", "Тверь, наб. Лазури, 21"},
	{"П-04", "ИП Садыков Р. Т.", "772145678902", "+7 926 221-40-14", "sadykov.fruit@mail.example", "Москва, Калужское ш., 14"},
	{"П-05", "ООО «МясоРыбТорг»", "7728345673", "+7 495 221-40-15", "info@mrt.example", "Москва, ул. Рябиновая, 45"},
	{"П-06", "ООО «УпакСнаб»", "7719456781", "+7 495 221-40-16", "zakaz@upaksnab.example", "Москва, ул. Буракова, 27"},
}

var wasteReasons = []string{"Истёк срок годности", "Порча при хранении", "Бой и брак", "Дегустация", "Питание персонала"}

var units = []struct{ code, title, short string }{
	{"796", "Штука", "шт"}, {"698", "Порция", "порц"}, {"166", "Килограмм", "кг"}, {"112", "Литр", "л"},
}
