package projection

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

// remarks are what was remarked of a record when its rows were made.
type remarks struct {
	list  *string // JSON; nil: nothing
	codes string  // each once and in order, with commas between
}

func remarksOf(kind *record.Kind, data canonical.Value, minorDigits int) (remarks, error) {
	found := kind.Remarks(data, minorDigits)
	if len(found) == 0 {
		return remarks{}, nil
	}
	codes := make([]string, len(found))
	for i, remark := range found {
		codes[i] = remark.Code
	}
	slices.Sort(codes)
	encoded, err := json.Marshal(found)
	list := string(encoded)
	return remarks{list: &list, codes: strings.Join(slices.Compact(codes), ",")}, err
}

// remarkColumns are the columns of remarks, as unnest takes them.
type remarkColumns struct {
	lists []*string
	codes []string
}

func (t *remarkColumns) appendRow(r remarks) {
	t.lists, t.codes = append(t.lists, r.list), append(t.codes, r.codes)
}
