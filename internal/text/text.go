// Package text has the words of the cabinet in its languages. They are those of the
// web application's screens: a file or a letter calls a thing as the screens do.
package text

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/interpos/cabinet/frontend/src/locales"
)

// The languages.
const (
	Russian = "ru"
	English = "en"
)

// Words are the words of one language.
type Words struct {
	Language string
	texts    map[string]string // by namespace and path: record:field.name
}

// catalogue are the words by language.
type catalogue map[string]*Words

var current atomic.Pointer[catalogue]

func init() {
	current.Store(&catalogue{Russian: {Language: Russian}, English: {Language: English}})
	Extend(locales.Files)
}

// Extend adds the words of files such as ru/record.json; it panics where one is no
// JSON of texts. withdraw takes away all that was added since: a test does so at
// its end.
func Extend(files fs.FS) (withdraw func()) {
	before := current.Load()
	after := catalogue{}
	for language, words := range *before {
		after[language] = &Words{language, maps.Clone(words.texts)}
		if err := after[language].readFiles(files); err != nil {
			panic(err) // the files are a part of the program
		}
	}
	current.Store(&after)
	return func() { current.Store(before) }
}

// In gives the words of a language; of one that the cabinet does not speak, the
// Russian ones.
func In(language string) *Words {
	if words, ok := (*current.Load())[language]; ok {
		return words
	}
	return (*current.Load())[Russian]
}

func (w *Words) readFiles(files fs.FS) error {
	names, err := fs.Glob(files, w.Language+"/*.json")
	if err != nil {
		return err
	}
	if w.texts == nil {
		w.texts = map[string]string{}
	}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		var tree any
		if err := json.Unmarshal(content, &tree); err != nil {
			return fmt.Errorf("text: %s: %w", name, err)
		}
		if err := w.addTree(strings.TrimSuffix(path.Base(name), ".json")+":", tree); err != nil {
			return fmt.Errorf("text: %s: %w", name, err)
		}
	}
	return nil
}

// addTree takes the texts of a tree over; prefix is the place of the tree.
func (w *Words) addTree(prefix string, tree any) error {
	switch branch := tree.(type) {
	case string:
		w.texts[strings.TrimSuffix(prefix, ".")] = branch
	case map[string]any:
		for name, inner := range branch {
			if err := w.addTree(prefix+name+".", inner); err != nil {
				return err
			}
		}
	case []any:
		for i, inner := range branch {
			if err := w.addTree(prefix+strconv.Itoa(i)+".", inner); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("%s is no text", prefix)
	}
	return nil
}

// Find is the text of a key, such as record:field.name; ok is false where there is
// none.
func (w *Words) Find(key string) (text string, ok bool) {
	text, ok = w.texts[key]
	return text, ok
}

// Text is the text of a key, or the key where there is none.
func (w *Words) Text(key string) string { return w.firstOf(key, key) }

// List are the texts of a list, such as mail:letter.verify_email.notes.
func (w *Words) List(key string) (texts []string) {
	for {
		text, ok := w.texts[key+"."+strconv.Itoa(len(texts))]
		if !ok {
			return texts
		}
		texts = append(texts, text)
	}
}

// firstOf is the text of the first key that has one.
func (w *Words) firstOf(otherwise string, keys ...string) string {
	for _, key := range keys {
		if text, ok := w.texts[key]; ok {
			return text
		}
	}
	return otherwise
}

// Kind is what the records of a kind are called: Receipts.
func (w *Words) Kind(kind string) string { return w.firstOf(kind, "record:kind."+kind) }

// Field is what a field of a kind is called.
func (w *Words) Field(kind, field string) string {
	return w.firstOf(field, "record:field_of."+kind+"."+field, "record:field."+field)
}

// Choice is what a value of a word is called: type refund is Refund.
func (w *Words) Choice(kind, field, value string) string {
	return w.firstOf(value, "record:word_of."+kind+"."+field+"."+value, "record:word."+field+"."+value)
}

// Count is the text of a key in the form that goes with a number, and the number in
// its place: 21 записи.
func (w *Words) Count(key string, number int64) string {
	tag := language.Make(w.Language)
	form := "_other"
	switch plural.Cardinal.MatchPlural(tag, int(number%10_000_000), 0, 0, 0, 0) {
	case plural.One:
		form = "_one"
	case plural.Few:
		form = "_few"
	case plural.Many:
		form = "_many"
	}
	return strings.ReplaceAll(w.firstOf(key, key+form), "{{formatted}}", message.NewPrinter(tag).Sprint(number))
}

// YesOrNo is the answer in words.
func (w *Words) YesOrNo(is bool) string {
	if is {
		return w.Text("record:yes")
	}
	return w.Text("record:no")
}
