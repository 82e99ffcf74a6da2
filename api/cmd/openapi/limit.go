package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// limits is the table of internal/check, as api/cmd/model has written it for forms.
const limits = "frontend/src/shared/form/limits.json"

// unlimited are requests whose fields are compared with what is kept, and are not kept.
var unlimited = []string{"LoginRequest", "PushRequest"}

type limit struct {
	MinLength uint64   `json:"minLength"`
	MaxLength *uint64  `json:"maxLength"`
	Minimum   *float64 `json:"minimum"`
	Maximum   *float64 `json:"maximum"`
	Enum      []any    `json:"enum"`
}

// limitFields gives the fields of requests' bodies the limits that are declared for
// their names. What is typed at sign-in is compared and not kept: it has none.
func limitFields(doc *openapi3.T) error {
	raw, err := os.ReadFile(limits)
	if err != nil {
		return err
	}
	var table map[string]limit
	if err := json.Unmarshal(raw, &table); err != nil {
		return err
	}
	for name, schema := range doc.Components.Schemas {
		if !strings.HasSuffix(name, "Request") || slices.Contains(unlimited, name) {
			continue
		}
		for field, property := range schema.Value.Properties {
			if found, ok := table[field]; ok {
				found.applyTo(property.Value)
			}
		}
	}
	return nil
}

func (l limit) applyTo(field *openapi3.Schema) {
	field.MinLength, field.MaxLength, field.Min, field.Max, field.Enum = l.MinLength, l.MaxLength, l.Minimum, l.Maximum, l.Enum
}
