package export_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"github.com/interpos/cabinet/internal/export"
)

var columns = []export.Column{
	{Title: "Название", Kind: export.Text}, {Title: "Количество", Kind: export.Number}, {Title: "Сумма", Kind: export.Money},
	{Title: "Доля", Kind: export.Ratio}, {Title: "Чеки", Kind: export.Count}, {Title: "День", Kind: export.Date}, {Title: "Время", Kind: export.Time},
}

func write(t *testing.T, format export.Format, rows ...[]any) []byte {
	t.Helper()
	var file bytes.Buffer
	table, err := export.New(&file, format, export.Table{Title: "Продажи: товары/группы за май и июнь", Columns: columns, MinorDigits: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := table.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := table.Total("Итого", decimal.RequireFromString("3")); err != nil {
		t.Fatal(err)
	}
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func writeIn(t *testing.T, dialect export.Dialect, rows ...[]any) []byte {
	t.Helper()
	var file bytes.Buffer
	table, err := export.New(&file, export.CSV, export.Table{Columns: columns, Dialect: dialect})
	for _, row := range rows {
		err = errors.Join(err, table.Row(row...))
	}
	if err := errors.Join(err, table.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func number(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func sample() []any {
	moscow := time.FixedZone("", 3*60*60)
	return []any{"Сыр, «Российский»\nострый", number("0.333"), number("123456789.1234"), decimal.NewNullDecimal(number("0.25")), int64(7),
		time.Date(2026, 5, 25, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 25, 17, 3, 14, 0, time.UTC).In(moscow)}
}

func TestCSVIsReadBackToTheLastDigit(t *testing.T) {
	file := string(write(t, export.CSV, sample(), []any{"", number("0"), nil, decimal.NullDecimal{}, 0, nil, nil}))
	body, marked := strings.CutPrefix(file, "\ufeff")
	if !marked || !strings.Contains(body, "\r\n") {
		t.Errorf("no byte order mark or line ends in %q", file)
	}
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(lines) != 3 {
		t.Fatal(err, lines)
	}
	for i, want := range []string{
		"Название|Количество|Сумма|Доля|Чеки|День|Время",
		"Сыр, «Российский»\nострый|0.333|123456789.1234|0.25|7|2026-05-25|2026-05-25 20:03:14",
		"|0|||0||",
	} {
		if got := strings.Join(lines[i], "|"); got != want {
			t.Errorf("line %d: %q, want %q", i, got, want)
		}
	}
}

func TestXLSXHasNumbersAndTimesOfItsOwnKind(t *testing.T) {
	file, err := excelize.OpenReader(bytes.NewReader(write(t, export.XLSX, sample(), []any{"пусто", nil, decimal.NullDecimal{}, nil, nil, nil, nil})))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sheet := file.GetSheetName(0)
	if sheet != "Продажи  товары группы за май и" {
		t.Errorf("the sheet is called %q", sheet)
	}
	for cell, want := range map[string]string{
		"A1": "Название", "A2": "Сыр, «Российский»\nострый", "B2": "0.333", "C2": "123456789.1234", "D2": "0.25", "E2": "7",
		"F2": "46167", "A3": "пусто", "B3": "", "A4": "Итого", "B4": "3",
	} {
		got, err := file.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		if err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", cell, got, want, err)
		}
	}
	for cell, want := range map[string]string{"C2": "123,456,789.123", "D2": "25.0%", "F2": "2026-05-25", "G2": "2026-05-25 20:03:14"} {
		if got, err := file.GetCellValue(sheet, cell); err != nil || got != want {
			t.Errorf("%s is shown as %q, want %q (%v)", cell, got, want, err)
		}
	}
	for _, cell := range []string{"B2", "C2", "D2", "E2", "F2", "G2"} {
		if kind, err := file.GetCellType(sheet, cell); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
			t.Errorf("%s is a text (%v)", cell, err)
		}
	}
	if panes, err := file.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v %v", panes, err)
	}
}

// A workbook knows a text from a formula; CSV does not, so that the text is marked there.
func TestTextsAreNoFormulas(t *testing.T) {
	for _, text := range []string{"=1+1", "+996 555 123456", "-1", "@SUM(A1)", "\t=1", "\n=1", "'quoted", " padded "} {
		row := []any{text, nil, nil, nil, nil, nil, nil}
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(write(t, export.CSV, row)), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := text
		if strings.ContainsAny(text, "=+-@") {
			want = "'" + strings.NewReplacer("\t", "\t'", "\n", "\n'").Replace(text)
		}
		if lines[1][0] != want {
			t.Errorf("%q in CSV: %q", text, lines[1][0])
		}
		file, err := excelize.OpenReader(bytes.NewReader(write(t, export.XLSX, row)))
		if err != nil {
			t.Fatal(err)
		}
		sheet := file.GetSheetName(0)
		got, _ := file.GetCellValue(sheet, "A2")
		kind, _ := file.GetCellType(sheet, "A2")
		formula, _ := file.GetCellFormula(sheet, "A2")
		isText := kind == excelize.CellTypeInlineString || kind == excelize.CellTypeSharedString
		if got != text || formula != "" || !isText {
			t.Errorf("%q in XLSX: %q, formula %q, a text: %t", text, got, formula, isText)
		}
		_ = file.Close()
	}
	if file := string(write(t, export.CSV, []any{"Кофе = чай", number("-5"), nil, nil, nil, nil, nil})); !strings.Contains(file, "Кофе = чай,-5") {
		t.Errorf("a harmless text and a number are changed: %q", file)
	}
}

// A file is opened by spreadsheets that expect another separator than it has, too.
func TestNoCellIsAFormulaInAnySpreadsheet(t *testing.T) {
	var formulas []string
	for _, sign := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫"} {
		for _, skipped := range []string{"", " ", "\u00a0", "\ufeff", "\u200b", "\u202e", "\u3000", "\t", "\v", "\x00", `"`, `" "`} {
			formulas = append(formulas, skipped+sign+"cmd|'/C calc'!A0")
		}
	}
	for _, dialect := range []export.Dialect{export.RFC4180, export.Russian} {
		for _, before := range []string{"", "Борщ;", "Борщ,", "Борщ\t", "Борщ|", "Борщ\n", "Борщ\r", "Борщ\r\n", `Борщ";"`, `"Борщ", `} {
			for _, formula := range formulas {
				file := string(writeIn(t, dialect, []any{before + formula, nil, nil, nil, nil, nil, nil}))
				holdNoFormula(t, before+formula, file)
			}
		}
	}
}

// holdNoFormula reads a file as spreadsheets of all dialects do, and also as one that heeds no quotes.
func holdNoFormula(t *testing.T, text, file string) {
	t.Helper()
	for _, separator := range ",;\t|" {
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff")))
		reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord = separator, true, -1
		lines, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		cells := strings.FieldsFunc(file, func(r rune) bool { return r == separator || r == '\r' || r == '\n' })
		for _, line := range lines {
			cells = append(cells, line...)
		}
		for _, cell := range cells {
			seen := strings.TrimLeft(cell, "\" \u00a0\ufeff\u200b\u202e\u3000\t\v\x00")
			if first, _ := utf8.DecodeRuneInString(seen); strings.ContainsRune("=+-@＝＋－＠﹢﹣﹦﹫", first) {
				t.Fatalf("%q: where %q separates, %q is a formula", text, separator, cell)
			}
		}
	}
}

// Russian Excel separates by semicolons and takes 1,5 for a number, and 1.5 for the first of May.
func TestARussianFileOpensInColumnsWithNumbers(t *testing.T) {
	file := string(writeIn(t, export.Russian, sample(), []any{"Чай, чёрный; крепкий", number("-5.5"), nil, nil, nil, nil, nil}))
	want := "\ufeffНазвание;Количество;Сумма;Доля;Чеки;День;Время\r\n" +
		"\"Сыр, «Российский»\nострый\";0,333;123456789,1234;0,25;7;2026-05-25;2026-05-25 20:03:14\r\n" +
		"\"Чай, чёрный; крепкий\";-5,5;;;;;\r\n"
	if file != want {
		t.Errorf("%q\nwant %q", file, want)
	}
}

func TestALineFeedStaysALineFeed(t *testing.T) {
	row := []any{"Первая\nвторая, \"третья\"\rчетвертая", nil, nil, nil, nil, nil, nil}
	if file := string(write(t, export.CSV, row)); !strings.HasSuffix(file, "\r\n\"Первая\nвторая, \"\"третья\"\"\rчетвертая\",,,,,,\r\n") {
		t.Errorf("CSV: %q", file)
	}
}

func TestMoneyIsShownInTheDigitsOfTheCurrency(t *testing.T) {
	for digits, want := range []string{0: "1,235", 2: "1,234.50", 3: "1,234.500", 4: "1,234.5000"} {
		if want == "" {
			continue
		}
		var file bytes.Buffer
		table, err := export.New(&file, export.XLSX, export.Table{Title: "x", Columns: columns[2:3], MinorDigits: digits})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(table.Row(number("1234.5")), table.Close()); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&file)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := book.GetCellValue(book.GetSheetName(0), "A2"); got != want {
			t.Errorf("%d digits: %q, want %q", digits, got, want)
		}
		_ = book.Close()
	}
}

func TestWhatIsNoCellOrFormatIsRefused(t *testing.T) {
	for _, format := range []export.Format{export.CSV, export.XLSX} {
		table, err := export.New(&bytes.Buffer{}, format, export.Table{Title: "x", Columns: columns})
		if err != nil {
			t.Fatal(err)
		}
		if err := table.Row(1.5); err == nil {
			t.Errorf("%s takes a float", format)
		}
	}
	if _, err := export.New(&bytes.Buffer{}, "pdf", export.Table{Title: "x", Columns: columns}); err == nil {
		t.Error("an unknown format is taken")
	}
}
