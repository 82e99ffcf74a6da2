package projection

import (
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

func projectEntry(kind *record.Kind, data canonical.Value) *entry {
	e := &entry{
		name: textIn(kind, data, "name"), code: textIn(kind, data, "code"), group: idIn(kind, data, "group_id"),
		search: searchableIn(kind, data),
	}
	for _, field := range kind.Filling("archived") {
		e.archived = e.archived || flagOf(data, field.Name)
	}
	return e
}

// textIn is what the fields of a kind fill of a column: the first that is given.
func textIn(kind *record.Kind, data canonical.Value, column string) string {
	for _, field := range kind.Filling(column) {
		if text := headText(data, field.Name); text != "" {
			return text
		}
	}
	return ""
}

// idIn is textIn of a column that holds ids.
func idIn(kind *record.Kind, data canonical.Value, column string) uuid.NullUUID {
	for _, field := range kind.Filling(column) {
		if id := idOf(data, field.Name); id.Valid {
			return id
		}
	}
	return uuid.NullUUID{}
}

// timeIn is textIn of a column that holds times.
func timeIn(kind *record.Kind, data canonical.Value, column string) *time.Time {
	for _, field := range kind.Filling(column) {
		if at := nullableTime(data, field.Name); at != nil {
			return at
		}
	}
	return nil
}

// searchableIn are the words that a record of a kind is found by.
func searchableIn(kind *record.Kind, data canonical.Value) string {
	var words []string
	for _, field := range kind.Searched() {
		words = append(words, textOf(data, field.Name))
		for element := range elementsOf(data, field.Name) {
			text, _ := element.Text()
			words = append(words, text)
		}
	}
	return Searchable(words...)
}
