package text_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	plural      = regexp.MustCompile(`_(zero|one|two|few|many|other)$`)
	quotedKey   = regexp.MustCompile("['\"`]([\\w:.-]+)['\"`]")
	madeKey     = regexp.MustCompile("`([^`\n]*\\$\\{[^`\n]*)`")
	placeholder = regexp.MustCompile(`\$\{[^}]*\}`)
	namespaceOf = regexp.MustCompile(`useTranslation\((?:\[)?['"]([a-z]+)['"]`)
)

// usage are the keys that sources speak of, and the patterns of keys that they make.
type usage struct {
	quoted map[string]bool
	made   map[string][]*regexp.Regexp // by namespace; "" for any
}

// usedKeys reads the sources of the web application and of the server.
func usedKeys(t *testing.T) usage {
	t.Helper()
	used := usage{map[string]bool{}, map[string][]*regexp.Regexp{}}
	for _, root := range []string{"../../frontend/src", "../../api", "."} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !slices.Contains([]string{".ts", ".tsx", ".go"}, filepath.Ext(path)) ||
				strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".d.ts") {
				return err
			}
			content, err := os.ReadFile(path)
			used.add(string(content))
			return err
		})
		require.NoError(t, err)
	}
	return used
}

func (u usage) add(source string) {
	for _, found := range quotedKey.FindAllStringSubmatch(source, -1) {
		u.quoted[found[1]] = true
	}
	namespaces := namespaceOf.FindAllStringSubmatch(source, -1)
	for _, found := range madeKey.FindAllStringSubmatch(source, -1) {
		parts := placeholder.Split(found[1], -1)
		if !strings.Contains(strings.Join(parts, ""), ".") {
			continue
		}
		if len(strings.Join(parts, "")) > 1 {
			u.made[""] = append(u.made[""], pattern(parts))
			continue
		}
		for _, namespace := range namespaces { // a key of nothing but variables: of the source's own words
			u.made[namespace[1]] = append(u.made[namespace[1]], pattern(parts))
		}
	}
}

func pattern(parts []string) *regexp.Regexp {
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile(`^(\w+:)?` + strings.Join(parts, `[\w-]+`) + `$`)
}

func (u usage) has(namespace, key string) bool {
	base := plural.ReplaceAllString(key, "")
	for _, name := range []string{key, base, namespace + ":" + base} {
		if u.quoted[name] {
			return true
		}
	}
	return slices.ContainsFunc(slices.Concat(u.made[""], u.made[namespace]), func(made *regexp.Regexp) bool {
		return made.MatchString(base) || made.MatchString(key) || made.MatchString(namespace+":"+base)
	})
}

// The words of letters are held by package mail.
func TestNoWordsAreLeftOver(t *testing.T) {
	used := usedKeys(t)
	files, err := filepath.Glob("../../frontend/src/locales/en/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		namespace := strings.TrimSuffix(filepath.Base(file), ".json")
		for _, key := range keysOf(t, "en", namespace) {
			require.True(t, namespace == "mail" || used.has(namespace, key), "nothing uses %s:%s", namespace, key)
		}
	}
}
