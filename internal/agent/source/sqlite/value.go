package sqlite

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/interpos/cabinet/internal/agent/source"
)

// dialect hides the declared types of columns (by the plus), since database/sql's
// driver would turn what it takes for times into times of its own.
var dialect = source.Dialect{
	Output:      func(quoted string) string { return "+" + quoted },
	Arg:         readArgument,
	Placeholder: func(n int) string { return "?" + strconv.Itoa(n) },
	In:          inValues,
	NoMark:      noMark,
}

// noMark finds NULLs, and what stands before all times that are texts: empty texts, zeros.
// What stands after them is found as a late time is.
func noMark(quoted string, like source.Value) string {
	if like.Type != source.Text {
		return quoted + " IS NULL"
	}
	return "(" + quoted + " IS NULL OR " + quoted + " < '0001')"
}

// inValues lists the values: rows of them, where there are several columns.
func inValues(in *source.In) (condition string, args []any) {
	one, glue := "?", " IN ("
	if width := len(in.Columns); width > 1 {
		one, glue = "(?"+strings.Repeat(",?", width-1)+")", " IN (VALUES "
	}
	for _, value := range in.Values {
		for _, part := range value.Parts() {
			args = append(args, readArgument(part))
		}
	}
	return glue + one + strings.Repeat(","+one, max(0, len(in.Values)-1)) + ")", args
}

func valueOf(cell any) source.Value {
	switch v := cell.(type) {
	case nil:
		return source.Value{}
	case int64:
		return source.Value{Type: source.Number, Text: strconv.FormatInt(v, 10)}
	case float64:
		return source.Value{Type: source.Number, Text: strconv.FormatFloat(v, 'f', -1, 64)}
	case string:
		return source.Value{Type: source.Text, Text: v}
	case []byte:
		return source.Value{Type: source.Blob, Text: string(v)}
	case bool:
		return source.BoolValue(v)
	}
	return source.Value{Type: source.Text, Text: fmt.Sprint(cell)}
}

// readArgument gives a value back to SQLite in the storage class that it had.
func readArgument(v source.Value) any {
	switch v.Type {
	case source.Null:
		return nil
	case source.Blob:
		return []byte(v.Text)
	case source.Number:
		if whole, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return whole
		}
		if double, err := strconv.ParseFloat(v.Text, 64); err == nil {
			return double
		}
	}
	return v.Text
}

// writeArgument leaves a decimal to the column's affinity: a text stays digit by digit.
func writeArgument(v source.Value) any {
	switch v.Type {
	case source.Null:
		return nil
	case source.Bool:
		return v.Text == "true"
	case source.Number:
		if whole, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return whole
		}
	}
	return v.Text
}
