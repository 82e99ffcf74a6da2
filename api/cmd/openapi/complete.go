package main

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// completeSpec says what OpenAPI 2 has no words for: bearer tokens, problem answers,
// null, line-wise JSON, files, data by kind, and short names of types.
func completeSpec(doc *openapi3.T) {
	doc.Servers = openapi3.Servers{{URL: "/api/v1", Description: "This server"}}
	for name, scheme := range doc.Components.SecuritySchemes {
		description := scheme.Value.Description
		scheme.Value = openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer").WithDescription(description)
		if name == "BearerAuth" {
			scheme.Value.BearerFormat = "JWT"
		}
	}
	shortenNames(doc)
	eachOperation(doc, completeOperation)
	for _, schema := range doc.Components.Schemas {
		eachRef(schema, completeSchema)
	}
	addData(doc.Components.Schemas)
	for _, schema := range doc.Components.Schemas {
		eachRef(schema, giveFormat)
	}
}

func eachOperation(doc *openapi3.T, visit func(path string, operation *openapi3.Operation)) {
	for _, path := range doc.Paths.InMatchingOrder() {
		for _, operation := range doc.Paths.Value(path).Operations() {
			visit(path, operation)
		}
	}
}

func completeOperation(path string, operation *openapi3.Operation) {
	for _, parameter := range operation.Parameters {
		eachRef(parameter.Value.Schema, giveFormat)
	}
	if operation.Security == nil {
		operation.Security = openapi3.NewSecurityRequirements()
	}
	if body := operation.RequestBody; body != nil {
		if open := body.Value.Content["*/*"]; open != nil { // OpenAPI 2 leaves the type of a body open
			delete(body.Value.Content, "*/*")
			body.Value.Content["application/json"] = open
		}
	}
	if isExported(operation) {
		content := operation.Responses.Status(200).Value.Content
		content["text/csv"] = fileMedia("The same as a table: UTF-8, comma-separated, with a header.")
		content["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = fileMedia("The same as a workbook.")
	}
	switch path {
	case "/sync/push":
		operation.RequestBody.Value.Content["application/x-ndjson"] = fileMedia("One change a line.")
	case "/sync/changes":
		operation.Responses.Status(200).Value.Content["application/x-ndjson"] = fileMedia("One change a line; the last line is the cursor.")
	}
}

// isExported says whether the answer is to be had as a file: by ?format=csv|xlsx.
func isExported(operation *openapi3.Operation) bool {
	format := operation.Parameters.GetByInAndName("query", "format")
	return format != nil && slices.Contains(format.Schema.Value.Enum, any("csv"))
}

func fileMedia(description string) *openapi3.MediaType {
	return openapi3.NewMediaType().WithSchema(&openapi3.Schema{Type: &openapi3.Types{"string"}, Format: "binary", Description: description})
}

// shortenNames takes the packages off the names of types: `api.Problem` is Problem.
func shortenNames(doc *openapi3.T) {
	schemas := openapi3.Schemas{}
	for name, schema := range doc.Components.Schemas {
		schemas[shortName(name)] = schema
		eachRef(schema, renameRef)
	}
	doc.Components.Schemas = schemas
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.RequestBody != nil {
				eachContent(operation.RequestBody.Value.Content)
			}
			for _, response := range operation.Responses.Map() {
				eachContent(response.Value.Content)
			}
		}
	}
}

func eachContent(content openapi3.Content) {
	for _, media := range content {
		eachRef(media.Schema, renameRef)
	}
}

func renameRef(ref *openapi3.SchemaRef) {
	if name, ok := strings.CutPrefix(ref.Ref, refPrefix); ok {
		ref.Ref = refPrefix + shortName(name)
	}
}

func shortName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// eachRef visits a schema and all that it is made of, but not what it refers to.
func eachRef(ref *openapi3.SchemaRef, visit func(*openapi3.SchemaRef)) {
	if ref == nil {
		return
	}
	visit(ref)
	if ref.Ref != "" || ref.Value == nil {
		return
	}
	for _, property := range ref.Value.Properties {
		eachRef(property, visit)
	}
	eachRef(ref.Value.Items, visit)
	eachRef(ref.Value.AdditionalProperties.Schema, visit)
	for _, part := range slices.Concat(ref.Value.AllOf, ref.Value.OneOf) {
		eachRef(part, visit)
	}
}
