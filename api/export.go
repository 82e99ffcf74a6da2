package api

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"golang.org/x/text/language"

	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/text"
)

// formatJSON is the format of an answer that is no file.
const formatJSON = "json"

// format is the format that is asked for, a file's language checked too: by the query,
// else by the header Accept.
func (q *query) format() string {
	q.word("lang", text.Russian, text.Russian, text.English)
	q.c.Response().Header().Add(echo.HeaderVary, echo.HeaderAccept)
	return q.word("format", formatOf(q.c.Request().Header.Get(echo.HeaderAccept)), formatJSON, string(export.CSV), string(export.XLSX))
}

// formatOf is the format that an Accept likes best (RFC 9110, 12.5.1): JSON where it likes
// nothing better, or nothing that there is.
func formatOf(accept string) string {
	best, liking := formatJSON, qualityOf(accept, echo.MIMEApplicationJSON)
	for _, format := range []export.Format{export.CSV, export.XLSX} {
		if quality := qualityOf(accept, format.ContentType()); quality > liking {
			best, liking = string(format), quality
		}
	}
	return best
}

// qualityOf is how much an Accept wants a media type, from 0 to 1: by the range that fits
// it most closely. Ranges that cannot be read are left out.
func qualityOf(accept, contentType string) float64 {
	wanted, _, _ := mime.ParseMediaType(contentType)
	major, _, _ := strings.Cut(wanted, "/")
	closeness := map[string]int{wanted: 3, major + "/*": 2, "*/*": 1}
	quality, closest := 0.0, 0
	for part := range strings.SplitSeq(accept, ",") {
		given, params, err := mime.ParseMediaType(part)
		if err != nil || closeness[given] <= closest {
			continue
		}
		closest, quality = closeness[given], 1
		if q, ok := params["q"]; ok {
			if quality, err = strconv.ParseFloat(q, 64); err != nil {
				quality = 0
			}
		}
	}
	return quality
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

// dialectFor is the CSV that a reader's spreadsheet opens in columns: a Russian one where
// it asks for Russian. A program that names no language gets RFC 4180.
func dialectFor(c echo.Context) export.Dialect {
	if asked := c.QueryParam("lang") + c.Request().Header.Get("Accept-Language"); asked != "" && wordsOf(c).Language == text.Russian {
		return export.Russian
	}
	return export.RFC4180
}

// sendTable answers with a file. It is finished before its first byte is sent: a
// failure is a problem answer, never half a file; and no slow reader holds the
// database. What is not complete says so: in the
// header Freshness as lists do, in the file's name, and in a workbook's last row.
func sendTable(c echo.Context, format export.Format, name string, head export.Table,
	fill func(export.Writer) (projection.Freshness, error)) error {
	file, err := os.CreateTemp("", "interpos-export-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	head.Dialect = dialectFor(c)
	table, err := export.New(file, format, head)
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
	markStream(c)
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
