package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/problem"
)

const responsePrefix = "#/components/responses/"

// addErrors tells for each operation what it can answer when something goes wrong: what
// follows from how it is asked, and what its handler says in `@Failure`. Answers with the same
// codes are one component.
func addErrors(doc *openapi3.T) (err error) {
	doc.Components.Responses = openapi3.ResponseBodies{"Problem": &openapi3.ResponseRef{Value: problemResponse(
		"Any other problem, such as `internal` (500).", problem.Entry{Code: fault.Internal, Status: http.StatusInternalServerError})}}
	eachOperation(doc, func(path string, operation *openapi3.Operation) {
		codes, wrong := declaredCodes(operation)
		if wrong != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", operation.OperationID, wrong))
			return
		}
		for status, codes := range byStatus(append(codes, impliedCodes(path, operation)...)) {
			name := responseName(codes)
			if doc.Components.Responses[name] == nil {
				doc.Components.Responses[name] = &openapi3.ResponseRef{Value: codesResponse(codes)}
			}
			operation.Responses.Set(strconv.Itoa(status), &openapi3.ResponseRef{Ref: responsePrefix + name})
		}
		operation.Responses.Set("default", &openapi3.ResponseRef{Ref: responsePrefix + "Problem"})
	})
	return err
}

// declaredCodes are the codes of an operation's annotations: `@Failure 409 {object} Problem
// "conflict, organization_limit_reached"`.
func declaredCodes(operation *openapi3.Operation) (codes []fault.Code, err error) {
	for status, response := range operation.Responses.Map() {
		if status == "default" {
			return nil, errors.New("@Failure default says nothing: each operation gets it")
		}
		if status < "4" {
			continue
		}
		for text := range strings.SplitSeq(*response.Value.Description, ",") {
			code := fault.Code(strings.TrimSpace(text))
			entry, ok := problem.Of(code)
			if !ok || strconv.Itoa(entry.Status) != status {
				return nil, fmt.Errorf("@Failure %s names %q, which is no code of that status", status, code)
			}
			codes = append(codes, code)
		}
	}
	return codes, nil
}

// impliedCodes are what the middleware and the guards answer.
func impliedCodes(path string, operation *openapi3.Operation) []fault.Code {
	codes := []fault.Code{fault.Malformed, fault.Unavailable, fault.Busy, fault.TookTooLong, fault.RateLimited, fault.TooManyAtOnce}
	if operation.RequestBody != nil {
		codes = append(codes, fault.TooLarge, fault.BodyTooSlow, fault.UnsupportedMediaType)
	}
	if strings.Contains(path, "{") {
		codes = append(codes, fault.NotFound)
	}
	if isFor(operation, "BearerAuth") {
		codes = append(codes, fault.Unauthorized)
		if strings.Contains(path, "{organization_id}") {
			codes = append(codes, fault.Forbidden)
		}
	}
	if hasParameter(operation, "header", "If-Match") {
		codes = append(codes, fault.PreconditionFailed)
	}
	if hasParameter(operation, "header", "Idempotency-Key") {
		codes = append(codes, fault.IdempotencyOpen, fault.IdempotencyReused)
	}
	if isFor(operation, "SyncKey") {
		codes = append(codes, fault.SyncKeyInvalid)
	}
	if !isFor(operation, "SyncKey") || operation.RequestBody != nil || hasQuery(operation) {
		codes = append(codes, fault.ValidationFailed) // local databases may send parameters that are not known
	}
	return codes
}

func hasParameter(operation *openapi3.Operation, in, name string) bool {
	return operation.Parameters.GetByInAndName(in, name) != nil
}

func hasQuery(operation *openapi3.Operation) bool {
	return slices.ContainsFunc(operation.Parameters, func(p *openapi3.ParameterRef) bool { return p.Value.In == "query" })
}

func isFor(operation *openapi3.Operation, scheme string) bool {
	return operation.Security != nil && slices.ContainsFunc(*operation.Security, func(needs openapi3.SecurityRequirement) bool {
		_, ok := needs[scheme]
		return ok
	})
}

// byStatus puts codes beside those of the same status, each once, in the catalogue's order.
func byStatus(codes []fault.Code) map[int][]problem.Entry {
	found := map[int][]problem.Entry{}
	for _, entry := range problem.Entries {
		if slices.Contains(codes, entry.Code) {
			found[entry.Status] = append(found[entry.Status], entry)
		}
	}
	return found
}

// responseName is the name of the component of some codes: ForbiddenOrLicenseRequired.
func responseName(codes []problem.Entry) string {
	names := make([]string, len(codes))
	for i, entry := range codes {
		names[i] = typeName(string(entry.Code))
	}
	return strings.Join(names, "Or")
}

func codesResponse(codes []problem.Entry) *openapi3.Response {
	lines := make([]string, len(codes))
	for i, entry := range codes {
		lines[i] = fmt.Sprintf("`%s`: %s %s", entry.Code, entry.Meaning, entry.Advice)
	}
	return problemResponse(strings.Join(lines, "\n\n"), codes...)
}

// problemResponse is an answer with one of the codes, with an example of each.
func problemResponse(description string, codes ...problem.Entry) *openapi3.Response {
	media := openapi3.NewMediaType().WithSchemaRef(openapi3.NewSchemaRef(refPrefix+"Problem", nil))
	media.Examples = openapi3.Examples{}
	words := make([]any, len(codes))
	for i, entry := range codes {
		words[i] = string(entry.Code)
		media.Examples[string(entry.Code)] = &openapi3.ExampleRef{Value: openapi3.NewExample(exampleOf(entry))}
	}
	response := openapi3.NewResponse().WithDescription(description).WithContent(openapi3.Content{"application/problem+json": media})
	response.Extensions = map[string]any{"x-codes": words}
	response.Headers = headersOf(codes[0].Status)
	return response
}

func exampleOf(entry problem.Entry) map[string]any {
	example := map[string]any{
		"type": "about:blank", "title": http.StatusText(entry.Status), "status": entry.Status, "code": string(entry.Code),
		"detail": entry.Meaning, "request_id": "0f3cTq2m9VtW4yX1",
	}
	if entry.Code == fault.ValidationFailed {
		example["detail"] = "Some fields are not valid."
		example["errors"] = []any{map[string]any{"field": "name", "code": "required", "message": "must not be empty"}}
	}
	return example
}
