package main

import (
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// completeSchema turns the extension x-nullable into OpenAPI 3.0's own word, gives times
// their format, and opens what may hold anything.
func completeSchema(ref *openapi3.SchemaRef) {
	schema := ref.Value
	if ref.Ref != "" || schema == nil {
		return
	}
	if _, ok := schema.Extensions["x-nullable"]; ok {
		schema.Nullable = true
		delete(schema.Extensions, "x-nullable")
	}
	if schema.Nullable && len(schema.AllOf) > 0 {
		// A reference with a description: null stands beside a type only.
		schema.Type = &openapi3.Types{"object"}
	}
	if isTime(schema) {
		schema.Format = "date-time"
	}
	if isRaw(schema) {
		open := true
		schema.AdditionalProperties.Has = &open
		schema.Extensions = rawJSON()
	}
	if schema.Type.IsEmpty() && len(schema.AllOf)+len(schema.OneOf) == 0 {
		schema.Extensions = rawJSON()
	}
}

// isRaw says whether the schema is of an object whose members are not known here:
// of a json.RawMessage in the code.
func isRaw(schema *openapi3.Schema) bool {
	return schema.Type.Is("object") && len(schema.Properties) == 0 && len(schema.AllOf) == 0 &&
		schema.AdditionalProperties.Has == nil && schema.AdditionalProperties.Schema == nil
}

// isTime says whether a text is a time, by its example: swag knows time.Time as
// a mere string.
func isTime(schema *openapi3.Schema) bool {
	example, _ := schema.Example.(string)
	_, err := time.Parse(time.RFC3339Nano, example)
	return err == nil && schema.Type.Is("string")
}

// anything is any JSON value.
func anything() *openapi3.Schema { return &openapi3.Schema{Extensions: rawJSON()} }

// giveFormat says how numbers are held without loss. A number is a decimal: generators
// that know the format take it exactly (ogen), and oapi-codegen is told how. A whole number
// has 64 bits.
func giveFormat(ref *openapi3.SchemaRef) {
	schema := ref.Value
	switch {
	case ref.Ref != "" || schema == nil:
	case schema.Type.Is("number"):
		schema.Format = "decimal"
		schema.Extensions = goType("json.Number")
	case schema.Type.Is("integer"):
		schema.Format = "int64"
	}
}

func rawJSON() map[string]any { return goType("json.RawMessage") }

// goType tells oapi-codegen what holds a value exactly: it makes float32 of a number,
// and float64 of those in an open object.
func goType(name string) map[string]any { return map[string]any{"x-go-type": name} }
