package cursor

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Column is a column that a list is ordered by: an SQL expression, which must never
// be null, and its type.
type Column struct {
	Expression string
	Type       Type
}

// Type is the SQL type of a column.
type Type string

// Types of columns.
const (
	Text    Type = "text"
	Number  Type = "numeric"
	Integer Type = "bigint"
	Time    Type = "timestamptz"
	ID      Type = "uuid"
)

// timeLayout is a moment as keyExpression writes it, with all that PostgreSQL keeps of it.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// keyExpression is the expression of the text that a cursor keeps of the column.
func (c Column) keyExpression() string {
	if c.Type == Time {
		return "to_char(" + c.Expression + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
	}
	return "(" + c.Expression + ")::text"
}

// canRead says whether a text is one that PostgreSQL reads as the type: a stranger may
// have made it up.
func (t Type) canRead(key string) bool {
	var err error
	switch t {
	case Number:
		_, err = decimal.NewFromString(key)
		return err == nil && len(key) < 100 && !strings.ContainsAny(key, "eE")
	case Integer:
		_, err = strconv.ParseInt(key, 10, 64)
	case Time:
		var at time.Time
		at, err = time.Parse(timeLayout, key)
		return err == nil && at.Year() > 0
	case ID:
		_, err = uuid.Parse(key)
		return err == nil && len(key) == 36
	default:
		return !strings.Contains(key, "\x00")
	}
	return err == nil
}
