// Package record is what synchronization is about: the kinds of records, the
// rules that each must keep, and how two versions of one differ. It is pure, and
// the same for the server and for the agent.
//
// A kind is declared once, in directories.go or documents.go, with all that is
// known of its fields. Checks, lists, cards, files, the API's specification, the
// web application's model and the tables of the protocol are made of that.
package record

import (
	"cmp"
	"slices"
	"sync/atomic"

	"github.com/interpos/cabinet/internal/canonical"
)

// Kind is what can be synchronized.
type Kind struct {
	Name     string
	Document bool    // else it is a directory
	Module   string  // the licensed module it needs, or ""
	Shared   bool    // several sides write it: a change must name the version that it was made from
	Place    int     // among its directories or documents where people read them, from 1; 0: behind those that have one
	Fields   []Field // in the order of cards and of the columns of lists

	consistency func(v canonical.Value, report reporter)                 // what its fields may not be together
	arithmetic  func(v canonical.Value, minorDigits int, e *examination) // what is remarked where it does not add up
	steps       func(before, after canonical.Value, report reporter)     // what may follow upon what
	rules       []rule
	filling     map[string][]Field // by the columns of the projected lists
	searched    []Field
}

// registry are the kinds that are declared, in the order in which a first
// synchronization best sends them: directories first.
type registry struct {
	kinds  []*Kind
	byName map[string]*Kind
}

var declared atomic.Pointer[registry]

func init() {
	declared.Store(&registry{})
	for _, kind := range slices.Concat(directories, documents) {
		Declare(kind)
	}
}

// Declare adds a kind, behind the directories or documents that are there.
// withdraw takes away all that was declared since: a test does so at its end.
func Declare(kind Kind) (withdraw func()) {
	before := declared.Load()
	kind.rules, kind.filling, kind.searched = rulesOf(kind.Fields), fillingOf(kind.Fields), kind.Select(isSearched)
	kinds := append(slices.Clone(before.kinds), &kind)
	slices.SortStableFunc(kinds, func(a, b *Kind) int { return a.sortClass() - b.sortClass() })
	after := &registry{kinds, make(map[string]*Kind, len(kinds))}
	for _, kind := range kinds {
		after.byName[kind.Name] = kind
	}
	declared.Store(after)
	return func() { declared.Store(before) }
}

// sortClass is 0 for directories and 1 for documents.
func (k *Kind) sortClass() int {
	if k.Document {
		return 1
	}
	return 0
}

// Find is the kind of a name; ok is false for one that does not exist.
func Find(name string) (kind *Kind, ok bool) {
	kind, ok = declared.Load().byName[name]
	return kind, ok
}

// Names lists the names of all kinds: directories first, then documents, each
// in the order in which a first synchronization best sends them.
func Names() []string { return append(DirectoryNames(), DocumentNames()...) }

// DirectoryNames lists the kinds of reference records.
func DirectoryNames() []string { return namesOf(false) }

// DocumentNames lists the kinds of dated records.
func DocumentNames() []string { return namesOf(true) }

func namesOf(document bool) (names []string) {
	for _, kind := range declared.Load().kinds {
		if kind.Document == document {
			names = append(names, kind.Name)
		}
	}
	return names
}

// ForPeople lists the kinds as people read them: directories first, then
// documents, and first of each those that are looked for most.
func ForPeople() []*Kind {
	kinds := slices.Clone(declared.Load().kinds)
	slices.SortStableFunc(kinds, func(a, b *Kind) int {
		return cmp.Or(a.sortClass()-b.sortClass(), a.placeOr(len(kinds))-b.placeOr(len(kinds)))
	})
	return kinds
}

func (k *Kind) placeOr(last int) int { return cmp.Or(k.Place, last+1) }

func fillingOf(fields []Field) map[string][]Field {
	filling := map[string][]Field{}
	for _, field := range fields {
		if field.Column != "" {
			filling[field.Column] = append(filling[field.Column], field)
		}
	}
	return filling
}

// Filling are the kind's fields that fill a column of the projected lists: the
// first of them that is given does.
func (k *Kind) Filling(column string) []Field { return k.filling[column] }

// Searched are the kind's fields whose words are searched for.
func (k *Kind) Searched() []Field { return k.searched }

func isSearched(field Field) bool { return field.Search }

// Select lists the kind's fields that are so.
func (k *Kind) Select(is func(Field) bool) (fields []Field) {
	for _, field := range k.Fields {
		if is(field) {
			fields = append(fields, field)
		}
	}
	return fields
}
