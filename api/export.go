package api

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/text"
)

// formatJSON is the format of an answer that is no file.
const formatJSON = "json"

// format is the format that is asked for, a file's language checked too.
func (q *query) format() string {
	q.word("lang", text.Russian, text.Russian, text.English)
	return q.word("format", formatJSON, string(export.CSV), string(export.XLSX))
}

var languages = language.NewMatcher([]language.Tag{language.Russian, language.English})

// wordsOf are the words in the language of the query, else in the one that
// Accept-Language likes best.
func wordsOf(c echo.Context) *text.Words {
	if asked := c.QueryParam("lang"); asked != "" {
		return text.In(asked)
	}
	tag, _ := language.MatchStrings(languages, c.Request().Header.Get("Accept-Language"))
	base, _ := tag.Base()
	return text.In(base.String())
}

// sendTable answers with a file. It is finished before its first byte is sent: a
// failure is a problem answer, never half a file; and no slow reader holds the
// database. title is what the sheet is called. What is not complete says so: in the
// header Freshness as lists do, in the file's name, and in a workbook's last row.
func sendTable(c echo.Context, format export.Format, name, title string, columns []export.Column,
	fill func(export.Writer) (projection.Freshness, error)) error {
	file, err := os.CreateTemp("", "interpos-export-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	table, err := export.New(file, format, title, columns)
	if err != nil {
		return err
	}
	freshness, err := fill(table)
	if err == nil && !freshness.Complete {
		name += "_incomplete"
		err = table.Note(freshnessNote(wordsOf(c), freshness))
	}
	if err := errors.Join(err, table.Close()); err != nil {
		return err
	}
	if err := setFreshness(c, freshness); err != nil {
		return err
	}
	return sendFile(c, file, name+"."+string(format), format.ContentType())
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

// nameOrID is what an id is called; the id itself until its record arrives.
func nameOrID(names map[uuid.UUID]string, id uuid.NullUUID) string {
	if name, ok := names[id.UUID]; ok || !id.Valid {
		return name
	}
	return id.UUID.String()
}
