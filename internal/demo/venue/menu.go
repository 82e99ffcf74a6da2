package venue

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed menu.txt
var menuText string

//go:embed stock.txt
var stockText string

// item is everything that has a row in the table items.
type item struct {
	id       int
	title    string
	kind     string // dish, goods, semi_finished, ingredient, modifier, service
	group    *group
	unit     string
	price    money
	cost     money      // of one unit
	weights  [3]float64 // how often it is taken: morning, day, evening
	parts    []part
	supplier int
	pack     amount
}

type part struct {
	item     *item
	quantity amount
}

type group struct {
	id    int
	title string
	color string
}

// menu is what the chain sells, buys and makes.
type menu struct {
	groups []*group
	items  []*item
	sold   []*item // without modifiers
	extras []*item // modifiers
}

// theMenu reads the two embedded texts, once.
var theMenu = sync.OnceValues(func() (*menu, error) {
	m := &menu{}
	if err := m.readStock(); err != nil {
		return nil, err
	}
	return m, m.readSold()
})

func (m *menu) addItem(i *item) {
	i.id = len(m.items) + 1
	m.items = append(m.items, i)
}

func (m *menu) newGroup(title, color string) *group {
	g := &group{len(m.groups) + 1, title, color}
	m.groups = append(m.groups, g)
	return g
}

// stockItem finds what can be a part of something else.
func (m *menu) stockItem(title string) *item {
	for _, i := range m.items {
		if i.title == title && i.kind != "modifier" {
			return i
		}
	}
	return nil
}

func (m *menu) readStock() error {
	ingredients, halfMade := m.newGroup("Ингредиенты", "gray"), m.newGroup("Полуфабрикаты", "gray")
	for _, columns := range parseRows(stockText) {
		i := &item{title: columns[0], unit: columns[1], kind: "ingredient", group: ingredients}
		if columns[2] == "=" {
			i.kind, i.group = "semi_finished", halfMade
			if err := m.readParts(i, columns[3]); err != nil {
				return err
			}
			m.addItem(i)
			continue
		}
		cost, err := parseFixed(columns[2], 4)
		if err != nil {
			return err
		}
		pack, err := parseFixed(columns[4], 3)
		if err != nil {
			return err
		}
		i.cost, i.pack = money(cost), amount(pack)
		if i.supplier, err = strconv.Atoi(columns[3]); err != nil {
			return err
		}
		m.addItem(i)
	}
	return nil
}

func (m *menu) readSold() error {
	var section *group
	kind := ""
	for _, columns := range parseRows(menuText) {
		if strings.HasPrefix(columns[0], "[") {
			section, kind = m.newGroup(columns[0][1:], strings.TrimSuffix(columns[2], "]")), columns[1]
			continue
		}
		i := &item{title: columns[0], unit: columns[1], kind: kind, group: section}
		if bought := m.stockItem(i.title); kind == "goods" && bought != nil {
			bought.kind, bought.group, i = kind, section, bought
		} else {
			m.addItem(i)
		}
		if err := m.readPrice(i, columns); err != nil {
			return fmt.Errorf("%s: %w", i.title, err)
		}
		if kind == "modifier" {
			m.extras = append(m.extras, i)
		} else {
			m.sold = append(m.sold, i)
		}
	}
	return nil
}

func (m *menu) readPrice(i *item, columns []string) error {
	price, err := parseFixed(columns[2], 4)
	if err != nil {
		return err
	}
	i.price = money(price)
	for n, text := range strings.Fields(columns[3]) {
		if i.weights[n], err = strconv.ParseFloat(text, 64); err != nil {
			return err
		}
	}
	return m.readParts(i, columns[4])
}

func (m *menu) readParts(i *item, text string) error {
	if text == "-" {
		return nil
	}
	for _, written := range strings.Split(text, " + ") {
		at := strings.LastIndexByte(written, ' ')
		quantity, err := parseFixed(written[at+1:], 3)
		if err != nil {
			return err
		}
		of := m.stockItem(written[:at])
		if of == nil {
			return fmt.Errorf("%s: no such stock: %s", i.title, written[:at])
		}
		i.parts = append(i.parts, part{of, amount(quantity)})
		i.cost += money(int64(of.cost) * quantity / int64(unit))
	}
	return nil
}

// parseRows are the lines that say something, split at their bars.
func parseRows(text string) [][]string {
	var all [][]string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "|")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		all = append(all, columns)
	}
	return all
}

// addIngredients adds what a quantity of the item is made of, down to what is bought.
func (i *item) addIngredients(quantity amount, into map[*item]amount) {
	if len(i.parts) == 0 {
		into[i] += quantity
		return
	}
	for _, p := range i.parts {
		p.item.addIngredients(amount(int64(p.quantity)*int64(quantity)/int64(unit)), into)
	}
}
