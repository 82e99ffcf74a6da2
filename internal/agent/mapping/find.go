package mapping

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/interpos/cabinet/internal/textfile"
)

// marks are what every mapping has, whatever else is wrong with it.
var marks = []*regexp.Regexp{regexp.MustCompile(`(?m)^source:`), regexp.MustCompile(`(?m)^kinds:`)}

// FindIn gives the names of the files of a folder that are mappings, right ones or not.
func FindIn(folder string) (names []string, err error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if extension := filepath.Ext(entry.Name()); !entry.Type().IsRegular() || extension != ".yaml" && extension != ".yml" {
			continue
		}
		text, err := textfile.Read(filepath.Join(folder, entry.Name()))
		if err != nil || slices.ContainsFunc(marks, func(mark *regexp.Regexp) bool { return !mark.MatchString(text) }) {
			continue
		}
		names = append(names, entry.Name())
	}
	return names, nil
}
