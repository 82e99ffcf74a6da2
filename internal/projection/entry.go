package projection

import "github.com/interpos/cabinet/internal/canonical"

func projectEntry(data canonical.Value) *entry {
	e := &entry{
		name: textOf(data, "name"), code: textOf(data, "code"),
		group:    firstID(data, "group_id", "parent_id"),
		archived: flagOf(data, "archived") || flagOf(data, "dismissed"),
	}
	words := []string{e.name}
	for _, name := range []string{"code", "short_name", "phone", "email", "tax_id", "card_number", "position", "address"} {
		words = append(words, textOf(data, name))
	}
	for barcode := range elementsOf(data, "barcodes") {
		text, _ := barcode.Text()
		words = append(words, text)
	}
	e.search = Searchable(words...)
	return e
}
