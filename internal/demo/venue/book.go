package venue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// book writes into the venue's database, within one transaction. The first
// failure stays in err and makes everything after it do nothing.
type book struct {
	ctx        context.Context
	writtenAt  time.Time // when the rows are written; zero: a history that was there from the start
	tx         *sql.Tx
	err        error
	next       map[string]int // ids, by table
	numbers    map[string]int // of documents, by table and place
	statements map[string]*sql.Stmt
}

func newBook(ctx context.Context, tx *sql.Tx) *book {
	return &book{ctx: ctx, tx: tx, next: map[string]int{}, numbers: map[string]int{}, statements: map[string]*sql.Stmt{}}
}

// insertNew inserts a row and gives it the next id of the table.
func (b *book) insertNew(table string, values ...any) int {
	if _, known := b.next[table]; !known {
		b.next[table] = b.queryNumber("SELECT coalesce(max(id), 0) FROM " + table)
	}
	b.next[table]++
	id := b.next[table]
	b.insertRow(table, append([]any{id}, values...)...)
	return id
}

// insertRow puts a row into all columns of a table.
func (b *book) insertRow(table string, values ...any) {
	if b.err != nil {
		return
	}
	statement, ok := b.statements[table]
	if !ok {
		text := "INSERT INTO " + table + " VALUES (?" + strings.Repeat(",?", len(values)-1) + ")"
		if statement, b.err = b.tx.PrepareContext(b.ctx, text); b.err != nil {
			return
		}
		b.statements[table] = statement
	}
	for i, value := range values {
		values[i] = columnValue(value)
	}
	_, b.err = statement.ExecContext(b.ctx, values...)
}

func (b *book) execute(query string, args ...any) {
	if b.err != nil {
		return
	}
	for i := range args {
		args[i] = columnValue(args[i])
	}
	_, b.err = b.tx.ExecContext(b.ctx, query, args...)
}

// queryNumber reads one whole number.
func (b *book) queryNumber(query string, args ...any) (n int) {
	if b.err == nil {
		b.err = b.tx.QueryRowContext(b.ctx, query, args...).Scan(&n)
	}
	return n
}

// queryNumbers reads a column of whole numbers.
func (b *book) queryNumbers(query string, args ...any) (all []int) {
	if b.err != nil {
		return nil
	}
	rows, err := b.tx.QueryContext(b.ctx, query, args...)
	if err != nil {
		b.err = err
		return nil
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var n int
		if b.err = rows.Scan(&n); b.err != nil {
			return nil
		}
		all = append(all, n)
	}
	b.err = rows.Err()
	return all
}

// queryTime reads one time; zero where there is none.
func (b *book) queryTime(query string, args ...any) (at time.Time) {
	if b.err != nil {
		return time.Time{}
	}
	var text string
	err := b.tx.QueryRowContext(b.ctx, query, args...).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}
	}
	if b.err = err; err == nil {
		at, b.err = time.Parse(time.RFC3339, text)
	}
	return at
}

// queryMoney reads an amount that the database added up.
func (b *book) queryMoney(query string, args ...any) money {
	var rubles float64
	if b.err == nil {
		b.err = b.tx.QueryRowContext(b.ctx, query, args...).Scan(&rubles)
	}
	return roundTo(int64(rubles*float64(rouble)+0.5), int64(kopeck)) * kopeck
}

// nextNumber gives the next document number of a place: 2-000417.
func (b *book) nextNumber(table string, o *outlet) string {
	at := fmt.Sprintf("%s %d", table, o.id)
	if _, known := b.numbers[at]; !known {
		b.numbers[at] = b.queryNumber("SELECT count(*) FROM "+table+" WHERE place_id = ?", o.id)
	}
	b.numbers[at]++
	return fmt.Sprintf("%d-%06d", o.id, b.numbers[at])
}

// columnValue is a value as the database takes it: amounts as decimal text, which
// its columns turn into numbers, times as text with their offset.
func columnValue(value any) any {
	switch v := value.(type) {
	case money:
		return v.String()
	case amount:
		return v.String()
	case time.Time:
		return formatTime(v)
	}
	return value
}

// mark is the change mark of a row that tells of a moment: that is no earlier than its
// writing, else whoever reads by marks would miss it.
func (b *book) mark(at time.Time) time.Time {
	if b.writtenAt.After(at) {
		return b.writtenAt
	}
	return at
}

func formatTime(at time.Time) string { return at.Format("2006-01-02T15:04:05Z07:00") }

// null is nothing for a zero value.
func null[T comparable](value T) any {
	var zero T
	if value == zero {
		return nil
	}
	return value
}
