package postgres

import (
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/interpos/cabinet/internal/agent/source"
)

var dialect = source.Dialect{
	Output:      func(quoted string) string { return quoted },
	Arg:         func(v source.Value) any { return v.Text },
	Placeholder: func(n int) string { return "$" + strconv.Itoa(n) },
	In: func(in *source.In) (string, []any) {
		return " = ANY($1)", []any{arrayLiteral(in.Values)}
	},
	NoMark: func(quoted string, _ source.Value) string { return quoted + " IS NULL" },
}

// inRows lists rows of values: an array for each column, of its type.
func inRows(in *source.In, types []string) (condition string, args []any) {
	var arrays []string
	for column, name := range types {
		values := make([]source.Value, len(in.Values))
		for i, value := range in.Values {
			values[i] = value.Parts()[column]
		}
		args = append(args, arrayLiteral(values))
		arrays = append(arrays, "$"+strconv.Itoa(column+1)+"::"+name+"[]")
	}
	return " IN (SELECT * FROM unnest(" + strings.Join(arrays, ", ") + "))", args
}

// valueOf takes the text that PostgreSQL itself writes: exact for numeric, the
// shortest that denotes the same value for real and double.
func valueOf(oid uint32, cell []byte) source.Value {
	if cell == nil {
		return source.Value{}
	}
	switch oid {
	case pgtype.BoolOID:
		return source.BoolValue(string(cell) == "t")
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.NumericOID, pgtype.Float4OID, pgtype.Float8OID:
		return source.Value{Type: source.Number, Text: string(cell)}
	case pgtype.ByteaOID:
		return source.Value{Type: source.Blob, Text: string(cell)}
	case pgtype.BPCharOID:
		return source.Value{Type: source.Text, Text: strings.TrimRight(string(cell), " ")}
	}
	return source.Value{Type: source.Text, Text: string(cell)}
}

// arrayLiteral writes values as PostgreSQL's array input takes them, whatever
// type the array is inferred to have.
func arrayLiteral(values []source.Value) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = `"` + escape.Replace(value.Text) + `"`
	}
	return "{" + strings.Join(quoted, ",") + "}"
}
