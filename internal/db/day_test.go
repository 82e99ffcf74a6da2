package db_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Expressions of SQL that take the day of a moment, which is that of the session's
// zone: a day is the organization's business day, and projection.Calendar knows it.
var daysOfMoments = regexp.MustCompile(`(?i)::date\b|\bas date\)|\bdate_trunc\(|\bcurrent_date\b|\bextract\((day|dow|doy|hour)|'today'`)

// What is a day already: an argument, and the days of a series.
var isDay = regexp.MustCompile(`(?i)^(\$\d+|d\.day)::date\b`)

func TestNoStatementTakesTheDayOfAMoment(t *testing.T) {
	files, days := 0, 0
	for _, root := range []string{"../../api", "../../internal"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			isProduct := strings.HasSuffix(path, ".sql") || strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
			if err != nil || !isProduct || strings.Contains(path, "/agent/") || strings.Contains(path, "/demo/") { // SQL of a source
				return err
			}
			text, err := os.ReadFile(filepath.Clean(path))
			if err != nil {
				return err
			}
			files++
			for _, found := range daysOfMoments.FindAllIndex(text, -1) {
				days++
				begin := strings.LastIndexAny(string(text[:found[0]]), " \t\n(,") + 1
				if !isDay.Match(text[begin:found[1]]) {
					t.Errorf("%s: %s", path, text[begin:found[1]])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 200 || days == 0 {
		t.Errorf("only %d days in %d files were looked at", days, files)
	}
}
