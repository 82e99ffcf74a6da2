package api

import (
	"reflect"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
)

// PageQuery asks for a page of a list.
type PageQuery struct {
	Cursor string `query:"cursor" json:"cursor" validate:"optional"`                                      // next_cursor of the page before
	Limit  int    `query:"limit" json:"limit" validate:"optional" minimum:"1" maximum:"200" default:"50"` // Items at the most
}

// queryNumber reads a whole number of the query within the bounds that a field of Q
// declares by its tags: what openapi.yaml says is what holds.
func queryNumber[Q any](c echo.Context, name string) (int, error) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Q]()) {
		if field.Tag.Get("query") == name {
			bound := func(tag string) int {
				number, err := strconv.Atoi(field.Tag.Get(tag))
				if err != nil {
					panic(name + " declares no " + tag)
				}
				return number
			}
			return queryInt(c, name, bound("default"), bound("minimum"), bound("maximum"))
		}
	}
	panic(name + " is no parameter of the query")
}

// queryInt reads a whole number of the query, between least and most.
func queryInt(c echo.Context, name string, otherwise, least, most int) (int, error) {
	text := c.QueryParam(name)
	if text == "" {
		return otherwise, nil
	}
	number, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return 0, fault.Invalid(fault.Field{Field: name, Code: "invalid", Message: "must be a whole number"})
	case number < least:
		return 0, fault.Invalid(fault.Field{Field: name, Code: "too_small", Message: "must be at least " + strconv.Itoa(least)})
	case number > most:
		return 0, fault.Invalid(fault.Field{Field: name, Code: "too_large", Message: "must be at most " + strconv.Itoa(most)})
	}
	return number, nil
}
