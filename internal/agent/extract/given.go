package extract

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strconv"
)

// step is a name or an index in a path such as lines[2].total.
var step = regexp.MustCompile(`[^.\[\]]+`)

// Given is the JSON of what a record holds at a path such as lines[2].total; empty: nothing.
func (r *Record) Given(path string) string {
	decoder := json.NewDecoder(bytes.NewReader(r.Data))
	decoder.UseNumber()
	var at any
	if decoder.Decode(&at) != nil {
		return ""
	}
	for _, name := range step.FindAllString(path, -1) {
		switch inside := at.(type) {
		case map[string]any:
			at = inside[name]
		case []any:
			index, err := strconv.Atoi(name)
			if err != nil || index >= len(inside) {
				return ""
			}
			at = inside[index]
		}
	}
	if at == nil {
		return ""
	}
	text, _ := json.Marshal(at)
	return shorten(string(text))
}
