// Package record is what synchronization is about: the kinds of records, the
// rules that each must keep, their canonical form and their hash. It is pure, and
// the same for the server and for the agent.
package record

import (
	"slices"
	"strings"
)

// kinds lists all kinds by name.
var kinds = byName(directories, documents)

func byName(groups ...[]Kind) map[string]*Kind {
	all := map[string]*Kind{}
	for _, group := range groups {
		for i := range group {
			sortFields(group[i].Fields)
			all[group[i].Name] = &group[i]
		}
	}
	return all
}

// sortFields puts fields into the order of their names, nested ones too.
func sortFields(fields []Field) {
	slices.SortFunc(fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	for i := range fields {
		sortFields(fields[i].Fields)
	}
}

// Find is the kind of a name; ok is false for one that does not exist.
func Find(name string) (kind *Kind, ok bool) {
	kind, ok = kinds[name]
	return kind, ok
}

// Names lists the names of all kinds: directories first, then documents, each
// in the order in which a first synchronization best sends them.
func Names() []string { return append(DirectoryNames(), DocumentNames()...) }

// DirectoryNames lists the kinds of reference records.
func DirectoryNames() []string { return names(directories) }

// DocumentNames lists the kinds of dated records.
func DocumentNames() []string { return names(documents) }

func names(kinds []Kind) []string {
	list := make([]string, len(kinds))
	for i := range kinds {
		list[i] = kinds[i].Name
	}
	return list
}
