package venue

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// person works for the chain.
type person struct {
	id       int
	name     string
	position string
	phone    string
	fired    bool
}

// guest has a card of the chain.
type guest struct {
	id       int
	name     string
	phone    string
	email    string
	born     time.Time
	card     string
	discount int64 // percent
	bonus    money
	note     string
}

var (
	womenFirst = splitWords("Анна Мария Елена Ольга Наталья Екатерина Татьяна Ирина Светлана Юлия Дарья Алина Полина Ксения Вероника Софья Алиса Марина Людмила Виктория")
	womenMid   = splitWords("Андреевна Сергеевна Дмитриевна Игоревна Владимировна Алексеевна Павловна Николаевна Михайловна Олеговна")
	menFirst   = splitWords("Александр Дмитрий Сергей Андрей Алексей Михаил Иван Никита Максим Павел Егор Артём Роман Тимур Олег Кирилл Денис Илья Георгий Виктор")
	menMid     = splitWords("Андреевич Сергеевич Дмитриевич Игоревич Владимирович Алексеевич Павлович Николаевич Михайлович Олегович")
	families   = splitWords("Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов Поляков Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов")
)

func splitWords(text string) []string { return strings.Fields(text) }

func fullName(rng *rand.Rand) string {
	family := pick(rng, families)
	if rng.IntN(5) < 3 {
		return family + "а " + pick(rng, womenFirst) + " " + pick(rng, womenMid)
	}
	return family + " " + pick(rng, menFirst) + " " + pick(rng, menMid)
}

func mobileNumber(rng *rand.Rand) string {
	return fmt.Sprintf("+7 9%02d %03d-%02d-%02d", rng.IntN(90)+3, rng.IntN(1000), rng.IntN(100), rng.IntN(100))
}

// hireStaff staffs the outlets; the first three work for the whole chain.
func hireStaff(rng *rand.Rand, outlets []*outlet) []*person {
	var staff []*person
	take := func(position string) *person {
		p := &person{id: len(staff) + 1, name: fullName(rng), position: position, phone: mobileNumber(rng)}
		staff = append(staff, p)
		return p
	}
	take("Директор")
	take("Бухгалтер")
	take("Бренд-шеф")
	for _, o := range outlets {
		o.manager = take("Управляющий")
		for range 4 {
			o.cashiers = append(o.cashiers, take("Бариста-кассир"))
		}
		if o.hall > 0.2 {
			o.waiters = append(o.waiters, take("Официант"), take("Официант"), take("Официант"))
		}
		take("Пекарь")
		take("Повар")
	}
	take("Бариста-кассир").fired = true
	take("Официант").fired = true
	return staff
}

var notes = []string{"Без лактозы", "Просит столик у окна", "Аллергия на орехи", "Заказывает торты к праздникам", "Работает рядом, берёт навынос"}

func regularGuests(rng *rand.Rand, count int) []*guest {
	guests := make([]*guest, count)
	for i := range guests {
		g := &guest{
			id: i + 1, name: fullName(rng), phone: mobileNumber(rng), card: fmt.Sprintf("2900%06d", 1000+i*7),
			born:     time.Date(1960+rng.IntN(46), time.Month(1+rng.IntN(12)), 1+rng.IntN(28), 0, 0, 0, 0, time.UTC),
			discount: []int64{0, 3, 3, 5, 5, 10}[rng.IntN(6)], bonus: money(rng.IntN(120)) * 10 * rouble,
		}
		if rng.IntN(3) == 0 {
			g.email = fmt.Sprintf("guest%d@mail.example", g.id)
		}
		if rng.IntN(6) == 0 {
			g.note = pick(rng, notes)
		}
		guests[i] = g
	}
	return guests
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }
