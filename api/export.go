package api

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"github.com/interpos/cabinet/internal/export"
)

// formatJSON is the format of an answer that is no file.
const formatJSON = "json"

// column is a column of a file: the field of the API that it holds, whose title
// is in titles.go, and what it is.
type column struct {
	field string
	kind  export.Kind
}

// format is the format that is asked for, a file's language checked too.
func (q *query) format() string {
	q.word("lang", "ru", "ru", "en")
	return q.word("format", formatJSON, string(export.CSV), string(export.XLSX))
}

var languages = language.NewMatcher([]language.Tag{language.Russian, language.English})

// languageOf is ru or en: that of the query, else the one that Accept-Language
// likes best.
func languageOf(c echo.Context) string {
	if asked := c.QueryParam("lang"); asked != "" {
		return asked
	}
	tag, _ := language.MatchStrings(languages, c.Request().Header.Get("Accept-Language"))
	base, _ := tag.Base()
	return base.String()
}

// sendTable answers with a file. It is finished before its first byte is sent: a
// failure is a problem answer, never half a file; and no slow reader holds the
// database. name says what the sheet is called; with suffix, the file.
func sendTable(c echo.Context, format export.Format, name, suffix string, columns []column, fill func(export.Writer) error) error {
	file, err := os.CreateTemp("", "interpos-export-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	lang := languageOf(c)
	titled := make([]export.Column, len(columns))
	for i, column := range columns {
		titled[i] = export.Column{Title: title(lang, column.field), Kind: column.kind}
	}
	table, err := export.New(file, format, title(lang, name), titled)
	if err != nil {
		return err
	}
	if err := fill(table); err != nil {
		_ = table.Close()
		return err
	}
	if err := table.Close(); err != nil {
		return err
	}
	return sendFile(c, file, name+suffix+"."+string(format), format.ContentType())
}

func sendFile(c echo.Context, file *os.File, name, contentType string) error {
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	header.Set(echo.HeaderContentLength, strconv.FormatInt(size, 10))
	return c.Stream(http.StatusOK, contentType, file)
}

// called is what an id is called; the id itself until its record arrives.
func called(names map[uuid.UUID]string, id uuid.NullUUID) string {
	if name, ok := names[id.UUID]; ok || !id.Valid {
		return name
	}
	return id.UUID.String()
}

func yes(lang string, is bool) string {
	if !is {
		return ""
	}
	return title(lang, "yes")
}
