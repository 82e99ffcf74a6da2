package api

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/currency"
	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/text"
)

// recordFile is what the files of a kind's records are written with.
type recordFile struct {
	kind  *record.Kind
	words *text.Words
	zone  *time.Location
	names map[uuid.UUID]browse.Name // of the ids in the record that is written now
}

// columnOf is that of a field.
func (f *recordFile) columnOf(field record.Field) export.Column {
	return export.Column{Title: f.words.Field(f.kind.Name, field.Name), Kind: columnKind(field.Type)}
}

func columnKind(is record.Type) export.Kind {
	switch is {
	case record.Money:
		return export.Money
	case record.Quantity, record.Percent, record.Integer, record.List:
		return export.Number
	case record.Moment:
		return export.Time
	case record.Date:
		return export.Date
	}
	return export.Text
}

// cellOf is a field's value as a file has it: names in place of ids, words in the
// reader's language, times by the organization's clock.
func (f *recordFile) cellOf(field record.Field, value any) any {
	switch value := value.(type) {
	case uuid.UUID:
		return f.nameOrID(uuid.NullUUID{UUID: value, Valid: true})
	case bool:
		return f.words.YesOrNo(value)
	case time.Time:
		return value.In(f.zone)
	case []string:
		return strings.Join(value, ", ")
	case string:
		if field.Type == record.Word {
			return f.words.Choice(f.kind.Name, field.Name, value)
		}
		if day, err := time.Parse(time.DateOnly, value); err == nil && field.Type == record.Date {
			return day
		}
	}
	return value
}

// nameOrID is what an id is called; the id itself until its record arrives.
func (f *recordFile) nameOrID(id uuid.NullUUID) string {
	if name, ok := f.names[id.UUID]; ok || !id.Valid {
		return markDeleted(f.words, name.Text, name.Deleted)
	}
	return id.UUID.String()
}

// markDeleted is the name of a record that may be deleted, as files have it.
func markDeleted(words *text.Words, name string, deleted bool) string {
	if !deleted {
		return name
	}
	return strings.ReplaceAll(words.Text("common:deleted_name"), "{{name}}", name)
}

func (f *recordFile) remarkColumn() export.Column {
	return export.Column{Title: f.words.Text("record:remark.title")}
}

// remarkCell is what is remarked of a record, each kind of remark once, as lists call it.
func (f *recordFile) remarkCell(remarks []record.Remark) string {
	var said []string
	for _, remark := range remarks {
		if name := f.words.Text("record:remark.code." + remark.Code); !slices.Contains(said, name) {
			said = append(said, name)
		}
	}
	return strings.Join(said, ", ")
}

// directoryFrame are the columns that the file of every directory begins with, and
// those that it ends with; between them stand the kind's own.
var directoryFrame = []record.Field{
	{Name: "name", Column: "name"}, {Name: "code", Column: "code"},
	{Name: "group_id", Column: "group_id", Type: record.Reference}, {Name: "archived", Column: "archived"},
}

func (s *Server) exportDirectory(c echo.Context, format export.Format, name string, query browse.EntryQuery) error {
	kind, err := browse.FindKind(name, false)
	if err != nil {
		return err
	}
	file := &recordFile{kind: kind, words: wordsOf(c)}
	own := kind.Select(func(f record.Field) bool { return f.Export })
	var columns []export.Column
	for _, field := range directoryFrame {
		if filling := kind.Filling(field.Column); len(filling) > 0 {
			field.Name = filling[0].Name
		}
		columns = append(columns, file.columnOf(field))
	}
	for _, field := range own {
		columns = append(columns, file.columnOf(field))
	}
	columns = append(columns, file.columnOf(record.Field{Name: "modified_at", Type: record.Moment}), file.remarkColumn(), file.columnOf(record.Field{Name: "id"}))
	head, err := s.tableOf(c, file.words.Kind(name), columns)
	if err != nil {
		return err
	}
	return sendTable(c, format, name, head, func(table export.Writer) (projection.Freshness, error) {
		return s.Records.EachEntry(c.Request().Context(), actor(c).OrganizationID, name, query,
			func(entry browse.Entry, zone *time.Location, names map[uuid.UUID]browse.Name) error {
				file.zone, file.names = zone, names
				cells := []any{entry.Name, entry.Code, file.nameOrID(entry.Group), file.yesOrNothing(entry.Archived)}
				for _, field := range own {
					cells = append(cells, file.cellOf(field, entry.Values[field.Name]))
				}
				return table.Row(append(cells, entry.ModifiedAt.In(zone), file.remarkCell(entry.Remarks), entry.ID.String())...)
			})
	})
}

// tableOf is the head of a file that shows the organization's money.
func (s *Server) tableOf(c echo.Context, title string, columns []export.Column) (export.Table, error) {
	profile, err := s.Organizations.Profile(c.Request().Context(), actor(c).OrganizationID)
	return export.Table{Title: title, Columns: columns, MinorDigits: currency.MinorDigits(profile.Currency)}, err
}

// yesOrNothing is a word for yes, and nothing for no.
func (f *recordFile) yesOrNothing(is bool) string {
	if !is {
		return ""
	}
	return f.words.YesOrNo(true)
}

// documentFrame are the columns of the projected lists in the order of files.
// Columns that are not required stand in the files of kinds with a field for them.
var documentFrame = []record.Field{
	{Column: "number", Required: true}, {Column: "occurred_at", Type: record.Moment, Required: true},
	{Column: businessDay, Type: record.Date, Required: true}, {Column: "outlet_id", Type: record.Reference, Required: true},
	{Column: "warehouse_id", Type: record.Reference}, {Column: "to_warehouse_id", Type: record.Reference},
	{Column: "employee_id", Type: record.Reference, Required: true}, {Column: "counterparty_id", Type: record.Reference, Required: true},
	{Column: "customer_name"}, {Column: "promised_at", Type: record.Moment}, {Column: "delivered_at", Type: record.Moment},
	{Column: ownFields},
	{Column: "type", Type: record.Word, Required: true}, {Column: "status", Type: record.Word, Required: true},
	{Column: "total", Type: record.Money, Required: true},
}

const (
	businessDay = "business_day"
	ownFields   = "" // here stand the fields that no column is projected of
)

// documentFields are the columns of a kind's file.
func documentFields(kind *record.Kind) (fields []record.Field) {
	exported := kind.Select(func(f record.Field) bool { return f.Export })
	for _, place := range documentFrame {
		before := len(fields)
		for _, field := range exported {
			if field.Column == place.Column {
				fields = append(fields, field)
			}
		}
		if place.Required && len(fields) == before {
			place.Name = place.Column
			fields = append(fields, place)
		}
	}
	return fields
}

func (s *Server) exportDocuments(c echo.Context, format export.Format, name string, query browse.DocumentQuery) error {
	kind, err := browse.FindKind(name, true)
	if err != nil {
		return err
	}
	file := &recordFile{kind: kind, words: wordsOf(c)}
	fields := documentFields(kind)
	var columns []export.Column
	for _, field := range fields {
		columns = append(columns, file.columnOf(field))
	}
	columns = append(columns, file.remarkColumn(), file.columnOf(record.Field{Name: "id"}))
	head, err := s.tableOf(c, file.words.Kind(name), columns)
	if err != nil {
		return err
	}
	return sendTable(c, format, name, head, func(table export.Writer) (projection.Freshness, error) {
		return s.Records.EachDocument(c.Request().Context(), actor(c).OrganizationID, name, query,
			func(document browse.Document, zone *time.Location, names map[uuid.UUID]browse.Name) error {
				file.zone, file.names = zone, names
				cells := make([]any, 0, len(columns))
				for _, field := range fields {
					cells = append(cells, file.documentCell(field, &document))
				}
				return table.Row(append(cells, file.remarkCell(document.Remarks), document.ID.String())...)
			})
	})
}

func (f *recordFile) documentCell(field record.Field, document *browse.Document) any {
	switch field.Column {
	case businessDay:
		return document.BusinessDay
	case ownFields:
		return f.cellOf(field, document.Values[field.Name])
	}
	return f.cellOf(field, document.Column(field.Column))
}
