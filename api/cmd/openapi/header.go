package main

import (
	"maps"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
)

const headerPrefix = "#/components/headers/"

// headers are what answers carry beside their bodies.
var headers = map[string]*openapi3.Header{
	"X-Request-Id":         header("Names this request; quote it to support.", openapi3.NewStringSchema(), "0f3cTq2m9VtW4yX1"),
	"Retry-After":          header("Seconds after which to send the same again.", openapi3.NewInt64Schema().WithMin(1), 2),
	"WWW-Authenticate":     header("How to authenticate.", openapi3.NewStringSchema(), "Bearer"),
	"ETag":                 header("Changes with the answer: for `If-None-Match` and `If-Match`.", openapi3.NewStringSchema(), `"5f2b8c1e9a704d36b1c8e2f0"`),
	"Idempotency-Replayed": header("`true`: the answer is the first one to this `Idempotency-Key`, and nothing was made again.", openapi3.NewStringSchema().WithEnum("true"), "true"),
	"Content-Disposition":  header("Of a file: its name.", openapi3.NewStringSchema(), `attachment; filename="sales-by-day_2026-05-01_2026-05-31.csv"`),
	"RateLimit":            header("What is left of the key's minute.", openapi3.NewStringSchema(), `"requests";r=5990;t=42`),
	"RateLimit-Policy":     header("What the key may in a minute.", openapi3.NewStringSchema(), `"requests";q=6000;w=60`),
}

func header(description string, schema *openapi3.Schema, example any) *openapi3.Header {
	return &openapi3.Header{Parameter: openapi3.Parameter{Description: description, Schema: openapi3.NewSchemaRef("", schema), Example: example}}
}

// addHeaders tells the headers of good answers.
func addHeaders(doc *openapi3.T) {
	doc.Components.Headers = openapi3.Headers{}
	for name, header := range headers {
		doc.Components.Headers[name] = &openapi3.HeaderRef{Value: header}
	}
	eachOperation(doc, func(_ string, operation *openapi3.Operation) {
		for status, response := range operation.Responses.Map() {
			if status > "3" {
				continue
			}
			own := headersOf(http.StatusOK)
			if isFor(operation, "SyncKey") {
				maps.Copy(own, references("RateLimit", "RateLimit-Policy"))
			}
			if hasParameter(operation, "header", "If-Match") || hasParameter(operation, "header", "If-None-Match") {
				maps.Copy(own, references("ETag"))
			}
			if hasParameter(operation, "header", "Idempotency-Key") {
				maps.Copy(own, references("Idempotency-Replayed"))
			}
			if isExported(operation) {
				maps.Copy(own, references("Content-Disposition"))
			}
			maps.Copy(own, response.Value.Headers)
			response.Value.Headers = own
		}
	})
}

// headersOf are what every answer of a status carries.
func headersOf(status int) openapi3.Headers {
	switch status {
	case http.StatusUnauthorized:
		return references("X-Request-Id", "WWW-Authenticate")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return references("X-Request-Id", "Retry-After")
	}
	return references("X-Request-Id")
}

func references(names ...string) openapi3.Headers {
	found := openapi3.Headers{}
	for _, name := range names {
		found[name] = &openapi3.HeaderRef{Ref: headerPrefix + name}
	}
	return found
}
