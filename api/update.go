package api

import (
	"time"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
)

// UpdateQuery reads what has changed, for copies of the records that others keep.
type UpdateQuery struct {
	UpdatedSince string `query:"updated_since" json:"updated_since" validate:"optional" format:"date-time" example:"2026-05-25T00:00:00+03:00"` // Only what the cabinet has taken at this moment or later, in the order in which it did, deleted ones too. Without `sort`
	Include      string `query:"include" json:"include" validate:"optional" enums:"data" example:"data"`                                        // data: each item with the whole record. A page ends at 4 MiB of it
}

// Deletion is a record that was deleted.
type Deletion struct {
	ID        string    `json:"id" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`
	UpdatedAt time.Time `json:"updated_at" example:"2026-05-25T17:03:12Z"` // When the cabinet took it
}

// updateQuery is what is asked of the order and the content of a list.
type updateQuery struct {
	since    *time.Time // nil: an ordinary list
	withData bool
}

func (q *query) updates() updateQuery {
	asked := updateQuery{since: q.moment("updated_since"), withData: q.word("include", "", "data") != ""}
	if asked.since != nil && q.c.QueryParam("sort") != "" {
		q.wrong("sort", "invalid", "must be left out with updated_since: what has changed comes in the order of the changes")
	}
	return asked
}

// moment is a time with an offset, nil where it is left out.
func (q *query) moment(name string) *time.Time {
	text := q.c.QueryParam(name)
	if text == "" {
		return nil
	}
	at, ok := record.Instant(text)
	if !ok {
		q.wrong(name, "time", "must be a moment with an offset, such as 2026-05-25T20:03:14+03:00")
		return nil
	}
	return &at
}

// refuseFile refuses a file of what has changed.
func (q updateQuery) refuseFile(format string) error {
	if format != formatJSON && (q.since != nil || q.withData) {
		return fault.Invalid(fault.Field{Field: "format", Code: "invalid", Message: "must be json with updated_since and include"})
	}
	return nil
}

func deletionsOf(deleted []browse.Deletion) *[]Deletion {
	answer := make([]Deletion, len(deleted))
	for i, deletion := range deleted {
		answer[i] = Deletion{deletion.ID.String(), deletion.UpdatedAt.UTC()}
	}
	return &answer
}
