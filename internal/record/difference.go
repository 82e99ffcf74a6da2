package record

import (
	"fmt"
	"strings"
)

// Change is what became of a field between two versions of a record.
type Change string

// What may become of a field, or of an item of a list.
const (
	Changed Change = "changed"
	Added   Change = "added"   // it had not been there
	Removed Change = "removed" // it is gone
	Moved   Change = "moved"   // of a list: its items stand in another order
)

// Difference is one field about which two versions of a record do not agree. The
// numbers in its path are places of items in the later version; only that of an
// item that was removed is its place in the earlier one.
type Difference struct {
	Field  string // such as lines[2].quantity, or lines[2] for an item as a whole
	Change Change
	Before string // canonical JSON; "" where it was added or moved
	After  string // canonical JSON; "" where it was removed or moved
}

// Differences compares two versions field by field, digit by digit; null counts as
// left out. Items of lists are known by their id; those without one by their
// content, or by what they refer to.
func Differences(before, after Value) []Difference {
	var c comparison
	c.objects("", before, after)
	return c.found
}

type comparison struct{ found []Difference }

func (c *comparison) objects(path string, before, after Value) {
	earlier := make(map[string]Value, len(before.members))
	for name, value := range before.Fields() {
		earlier[name] = value
	}
	for name, value := range after.Fields() {
		c.values(path+name, earlier[name], value)
		delete(earlier, name)
	}
	for name, value := range before.Fields() {
		if _, gone := earlier[name]; gone {
			c.values(path+name, value, Value{})
		}
	}
}

func (c *comparison) values(path string, before, after Value) {
	switch {
	case before.IsObject() && after.IsObject():
		c.objects(path+".", before, after)
	case before.listsObjects() && (after.IsNull() && len(before.members) > 0 || after.listsObjects()),
		after.listsObjects() && before.IsNull() && len(after.members) > 0:
		c.lists(path, before.items(), after.items())
	default:
		c.leaves(path, before, after)
	}
}

// listsObjects says whether the value is an array of nothing but objects.
func (v Value) listsObjects() bool {
	for element := range v.Elements() {
		if !element.IsObject() {
			return false
		}
	}
	return v.kind == isArray
}

func (c *comparison) leaves(path string, before, after Value) {
	d := Difference{Field: path, Change: Changed, Before: given(before), After: given(after)}
	switch {
	case d.Before == d.After:
		return
	case d.Before == "":
		d.Change = Added
	case d.After == "":
		d.Change = Removed
	}
	c.found = append(c.found, d)
}

// given is the canonical JSON of a value; "" of one that is left out.
func given(v Value) string {
	if v.IsNull() {
		return ""
	}
	text, _ := AppendCanonical(nil, v)
	return string(text)
}

func (c *comparison) lists(path string, before, after []Member) {
	origins, gone := pair(before, after)
	moved, last := false, -1
	for i, origin := range origins {
		place := fmt.Sprintf("%s[%d]", path, i)
		if origin < 0 {
			c.leaves(place, Value{}, after[i].value)
			continue
		}
		moved = moved || origin < last
		last = origin
		c.objects(place+".", before[origin].value, after[i].value)
	}
	for _, i := range gone {
		c.leaves(fmt.Sprintf("%s[%d]", path, i), before[i].value, Value{})
	}
	if moved {
		c.found = append(c.found, Difference{Field: path, Change: Moved})
	}
}

// pair finds for each item the place where it stood before, -1 for a new one; gone
// are the places of those that nothing follows.
func pair(before, after []Member) (origins, gone []int) {
	origins = make([]int, len(after))
	for i := range origins {
		origins[i] = -1
	}
	taken := make([]bool, len(before))
	for _, key := range []func(Value) string{byID, byContent, byReferences} {
		free := map[string][]int{}
		for i, item := range before {
			if name := key(item.value); name != "" && !taken[i] {
				free[name] = append(free[name], i)
			}
		}
		for i, item := range after {
			if origins[i] >= 0 {
				continue
			}
			if name := key(item.value); len(free[name]) > 0 {
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

func byID(item Value) string {
	id, _ := item.Get("id")
	return given(id)
}

func byContent(item Value) string {
	if byID(item) != "" {
		return ""
	}
	return given(item)
}

// byReferences knows an item by the records that it names; those that name none
// are all alike.
func byReferences(item Value) string {
	if byID(item) != "" {
		return ""
	}
	key := "refers to"
	for name, value := range item.Fields() {
		if strings.HasSuffix(name, "_id") {
			key += " " + name + given(value)
		}
	}
	return key
}
