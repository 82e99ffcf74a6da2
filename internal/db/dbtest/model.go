//go:build linux

package dbtest

import (
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/schema"

	"github.com/interpos/cabinet/internal/db"
)

// columnTypes are PostgreSQL's types by what GORM takes a field for.
var columnTypes = map[schema.DataType][]string{
	schema.String: {"text"}, schema.Time: {"timestamptz"}, schema.Bool: {"bool"}, schema.Bytes: {"bytea"},
	schema.Int: {"int2", "int4", "int8"}, "numeric": {"numeric"}, "uuid": {"uuid"}, "text[]": {"_text"},
}

type column struct {
	Name     string `db:"column_name"`
	Type     string `db:"udt_name"`
	Nullable bool   `db:"nullable"`
}

// HoldModel holds a GORM model against the table that the migrations have made:
// the same columns, of fitting types, pointers where NULL may stand. GORM would
// otherwise find out in production.
func HoldModel(tb testing.TB, database *db.DB, model any) {
	tb.Helper()
	parsed, err := schema.Parse(model, &sync.Map{}, schema.NamingStrategy{})
	if err != nil {
		tb.Fatalf("%T: %v", model, err)
	}
	columns := columnsOf(tb, database, parsed.Table)
	for _, field := range parsed.Fields {
		if field.DBName == "" {
			continue
		}
		found, exists := columns[field.DBName]
		delete(columns, field.DBName)
		switch nullable := field.FieldType.Kind() == reflect.Pointer; {
		case !exists:
			tb.Errorf("%s.%s: the table has no such column", parsed.Table, field.DBName)
		case !slices.Contains(columnTypes[field.DataType], found.Type):
			tb.Errorf("%s.%s is %s, the model takes it for %s", parsed.Table, field.DBName, found.Type, field.DataType)
		case nullable != found.Nullable:
			tb.Errorf("%s.%s may be NULL: %v in the table, %v in the model", parsed.Table, field.DBName, found.Nullable, nullable)
		}
	}
	for name := range maps.Keys(columns) {
		tb.Errorf("%s.%s: the model has no such field", parsed.Table, name)
	}
}

func columnsOf(tb testing.TB, database *db.DB, table string) map[string]column {
	tb.Helper()
	rows, err := database.Pool.Query(tb.Context(), `
		SELECT column_name::text, udt_name::text, is_nullable = 'YES' AS nullable
		FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`, table)
	if err != nil {
		tb.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[column])
	if err != nil {
		tb.Fatal(err)
	}
	columns := make(map[string]column, len(list))
	for _, c := range list {
		columns[c.Name] = c
	}
	return columns
}
