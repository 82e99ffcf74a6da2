package record

import (
	"fmt"
	"strings"

	"github.com/interpos/cabinet/internal/canonical"
)

// Operation is what became of a field between two versions of a record.
type Operation string

// What may become of a field, or of an item of a list.
const (
	Changed Operation = "changed"
	Added   Operation = "added"   // it had not been there
	Removed Operation = "removed" // it is gone
	Moved   Operation = "moved"   // of a list: its items stand in another order
)

// Difference is one field about which two versions of a record do not agree. The
// numbers in its path are places of items in the later version; only that of an
// item that was removed is its place in the earlier one.
type Difference struct {
	Field     string // such as lines[2].quantity, or lines[2] for an item as a whole
	Operation Operation
	Before    string // canonical JSON; "" where it was added or moved
	After     string // canonical JSON; "" where it was removed or moved
}

// Differences compares two versions field by field, digit by digit; null counts as
// left out. Items of lists are known by their id; those without one by their
// content, or by what they refer to.
func Differences(before, after canonical.Value) []Difference {
	var c comparison
	c.compareObjects("", before, after)
	return c.found
}

type comparison struct{ found []Difference }

func (c *comparison) compareObjects(path string, before, after canonical.Value) {
	earlier := make(map[string]canonical.Value, len(before.Members()))
	for name, value := range before.Fields() {
		earlier[name] = value
	}
	for name, value := range after.Fields() {
		c.compareValues(path+name, earlier[name], value)
		delete(earlier, name)
	}
	for name, value := range before.Fields() {
		if _, gone := earlier[name]; gone {
			c.compareValues(path+name, value, canonical.Value{})
		}
	}
}

func (c *comparison) compareValues(path string, before, after canonical.Value) {
	switch {
	case before.IsObject() && after.IsObject():
		c.compareObjects(path+".", before, after)
	case listsObjects(before) && (after.IsNull() && len(before.Members()) > 0 || listsObjects(after)),
		listsObjects(after) && before.IsNull() && len(after.Members()) > 0:
		c.compareLists(path, before.Members(), after.Members())
	default:
		c.compareLeaves(path, before, after)
	}
}

// listsObjects says whether the value is an array of nothing but objects.
func listsObjects(v canonical.Value) bool {
	for element := range v.Elements() {
		if !element.IsObject() {
			return false
		}
	}
	return v.Type() == canonical.Array
}

func (c *comparison) compareLeaves(path string, before, after canonical.Value) {
	d := Difference{Field: path, Operation: Changed, Before: canonicalText(before), After: canonicalText(after)}
	switch {
	case d.Before == d.After:
		return
	case d.Before == "":
		d.Operation = Added
	case d.After == "":
		d.Operation = Removed
	}
	c.found = append(c.found, d)
}

// canonicalText is the canonical JSON of a value; "" of one that is left out.
func canonicalText(v canonical.Value) string {
	if v.IsNull() {
		return ""
	}
	text, _ := canonical.Append(nil, v)
	return string(text)
}

func (c *comparison) compareLists(path string, before, after []canonical.Member) {
	origins, gone := pairItems(before, after)
	moved, last := false, -1
	for i, origin := range origins {
		place := fmt.Sprintf("%s[%d]", path, i)
		if origin < 0 {
			c.compareLeaves(place, canonical.Value{}, after[i].Value)
			continue
		}
		moved = moved || origin < last
		last = origin
		c.compareObjects(place+".", before[origin].Value, after[i].Value)
	}
	for _, i := range gone {
		c.compareLeaves(fmt.Sprintf("%s[%d]", path, i), before[i].Value, canonical.Value{})
	}
	if moved {
		c.found = append(c.found, Difference{Field: path, Operation: Moved})
	}
}

// pairItems finds for each item the place where it stood before, -1 for a new one; gone
// are the places of those that nothing follows.
func pairItems(before, after []canonical.Member) (origins, gone []int) {
	origins = make([]int, len(after))
	for i := range origins {
		origins[i] = -1
	}
	taken := make([]bool, len(before))
	for _, key := range []func(canonical.Value) string{idKey, contentKey, referencesKey} {
		free := map[string][]int{}
		for i, item := range before {
			if name := key(item.Value); name != "" && !taken[i] {
				free[name] = append(free[name], i)
			}
		}
		for i, item := range after {
			if origins[i] >= 0 {
				continue
			}
			if name := key(item.Value); len(free[name]) > 0 {
				origins[i], free[name] = free[name][0], free[name][1:]
				taken[origins[i]] = true
			}
		}
	}
	for i := range before {
		if !taken[i] {
			gone = append(gone, i)
		}
	}
	return origins, gone
}

func idKey(item canonical.Value) string {
	id, _ := item.Get("id")
	return canonicalText(id)
}

func contentKey(item canonical.Value) string {
	if idKey(item) != "" {
		return ""
	}
	return canonicalText(item)
}

// referencesKey knows an item by the records that it names; those that name none
// are all alike.
func referencesKey(item canonical.Value) string {
	if idKey(item) != "" {
		return ""
	}
	key := "refers to"
	for name, value := range item.Fields() {
		if strings.HasSuffix(name, "_id") {
			key += " " + name + canonicalText(value)
		}
	}
	return key
}
