package api

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/fault"
)

// maxQueryText is the longest text that is searched for, in characters.
const maxQueryText = 200

// query reads the parameters of an address and collects what is wrong with them.
type query struct {
	c      echo.Context
	faults []fault.Field
}

func queryOf(c echo.Context) *query { return &query{c: c} }

// err is ValidationFailed with all that was wrong, or nil.
func (q *query) err() error {
	if len(q.faults) > 0 {
		return fault.Invalid(q.faults...)
	}
	return nil
}

func (q *query) wrong(name, code, message string) {
	q.faults = append(q.faults, fault.Field{Field: name, Code: code, Message: message})
}

func (q *query) text(name string) string {
	text := strings.TrimSpace(q.c.QueryParam(name))
	if utf8.RuneCountInString(text) > maxQueryText {
		q.wrong(name, "too_long", "must have at most 200 characters")
		return ""
	}
	return text
}

// id is a UUID, nil where it is left out.
func (q *query) id(name string) *uuid.UUID {
	text := q.c.QueryParam(name)
	if text == "" {
		return nil
	}
	id, err := uuid.Parse(text)
	if err != nil {
		q.wrong(name, "uuid", "must be a UUID")
		return nil
	}
	return &id
}

// flag is true or false, false where it is left out.
func (q *query) flag(name string) bool {
	switch q.c.QueryParam(name) {
	case "", "false":
	case "true":
		return true
	default:
		q.wrong(name, "invalid", "must be true or false")
	}
	return false
}

// day is a date, nil where it is left out.
func (q *query) day(name string) *time.Time {
	text := q.c.QueryParam(name)
	if text == "" {
		return nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || day.Year() < 1900 || day.Year() > 9998 {
		q.wrong(name, "date", "must be a date, such as 2026-05-25")
		return nil
	}
	return &day
}

// word is one of the words, the first where it is left out.
func (q *query) word(name string, words ...string) string {
	text := q.c.QueryParam(name)
	if text == "" {
		return words[0]
	}
	if !slices.Contains(words, text) {
		q.wrong(name, "unknown", "must be one of: "+strings.Join(words, ", "))
	}
	return text
}

func (q *query) limit() int {
	limit, err := queryNumber[PageQuery](q.c, "limit")
	if known := asFault(err); err != nil {
		q.faults = append(q.faults, known.Fields...)
	}
	return limit
}

// number writes a decimal as a JSON number, digit by digit: never as a float.
func number(d decimal.Decimal) json.Number { return json.Number(d.String()) }

// valuesOf are values of a record as JSON has them: numbers digit by digit, times in UTC.
func valuesOf(values browse.Values) map[string]any {
	answer := make(map[string]any, len(values))
	for name, value := range values {
		switch value := value.(type) {
		case decimal.Decimal:
			answer[name] = number(value)
		case time.Time:
			answer[name] = value.UTC()
		default:
			answer[name] = value
		}
	}
	return answer
}

// optionalNumber is null where there is no number.
func optionalNumber(d decimal.NullDecimal) *json.Number {
	if !d.Valid {
		return nil
	}
	n := number(d.Decimal)
	return &n
}

// optionalID is left out where there is no id.
func optionalID(id uuid.NullUUID) string {
	if !id.Valid {
		return ""
	}
	return id.UUID.String()
}

// day writes the date of a business day.
func day(at time.Time) string { return at.Format(time.DateOnly) }

// References are what ids in the answer are called: names of directory records,
// numbers of documents. An id whose record has not arrived is not in it.
type References map[string]string

// Named are the names of the ids in an answer, those of deleted records too.
type Named struct {
	References        References `json:"references"`                                                                                      // Names of the ids in the answer; of a deleted directory record, its last
	DeletedReferences []string   `json:"deleted_references,omitempty" validate:"optional" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"` // Those of the ids in references whose records are deleted
}

func namedBy(names map[uuid.UUID]browse.Name) Named {
	named := Named{References: make(References, len(names))}
	for id, name := range names {
		named.References[id.String()] = name.Text
		if name.Deleted {
			named.DeletedReferences = append(named.DeletedReferences, id.String())
		}
	}
	slices.Sort(named.DeletedReferences)
	return named
}

// KindCount is how many records of a kind there are, deleted ones not counted.
type KindCount struct {
	Kind  string `json:"kind" example:"product"`
	Count int64  `json:"count" example:"214"`
}

// KindList counts the records of each kind.
type KindList struct {
	Items     []KindCount `json:"items"`
	Freshness Freshness   `json:"freshness"`
}

func kindListOf(counts browse.Counts) KindList {
	list := KindList{Items: make([]KindCount, len(counts.Kinds)), Freshness: freshnessOf(counts.Freshness)}
	for i, count := range counts.Kinds {
		list.Items[i] = KindCount(count)
	}
	return list
}
