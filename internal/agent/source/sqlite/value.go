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
	In: func(in *source.In) (string, []any) {
		args := make([]any, len(in.Values))
		for i, value := range in.Values {
			args[i] = readArgument(value)
		}
		return " IN (?" + strings.Repeat(",?", max(0, len(args)-1)) + ")", args
	},
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
