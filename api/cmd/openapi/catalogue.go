package main

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/interpos/cabinet/internal/problem"
)

const catalogueHead = `# Errors

Made by ` + "`make generate`" + ` from the catalogue in ` + "`internal/problem`" + `.

Whatever goes wrong is answered as a problem of [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457),
` + "`application/problem+json`" + `. Programs go by ` + "`code`" + `, which stays the same from version to version; new codes may come, and a
program that meets one that it does not know goes by the status. ` + "`detail`" + ` is an English sentence for people, ` + "`request_id`" + `
names the request to those who host the cabinet.

` + "```json" + `
{"type": "about:blank", "title": "Unprocessable Entity", "status": 422, "code": "validation_failed",
  "detail": "Some fields are not valid.", "request_id": "0f3cTq2m9VtW4yX1",
  "errors": [{"field": "name", "code": "required", "message": "must not be empty"}]}
` + "```" + `
`

// writeCatalogue writes docs/errors.md: each code, its status, what it means, what to do, and
// which operations name it.
func writeCatalogue(doc *openapi3.T, target string) error {
	var text strings.Builder
	text.WriteString(catalogueHead)
	status := 0
	for _, entry := range problem.Entries {
		if entry.Status != status {
			status = entry.Status
			fmt.Fprintf(&text, "\n## %d %s\n", status, http.StatusText(status))
		}
		fmt.Fprintf(&text, "\n### `%s`\n\n%s\n\nWhat to do: %s\n", entry.Code, entry.Meaning, entry.Advice)
		if by := answeredBy(doc, string(entry.Code)); by != "" {
			fmt.Fprintf(&text, "\n%s\n", by)
		}
	}
	text.WriteString("\n## Codes of fields\n\n`errors[].code` of `validation_failed`, of a rejected record, and of what is kept as rejected.\n")
	writeReasons(&text, problem.FieldReasons)
	text.WriteString("\n## Codes of rejected records\n\n`code` of a change that is `rejected` is that of its first field, or one of these.\n")
	writeReasons(&text, problem.RecordReasons)
	text.WriteString("\n## Codes of remarks\n\nA record that can be read, but does not add up, is taken and counted; `remarks` say what was noticed.\n")
	writeReasons(&text, problem.Remarks)
	return os.WriteFile(target, []byte(text.String()), 0o644)
}

func writeReasons(text *strings.Builder, reasons []problem.Reason) {
	text.WriteString("\n| code | meaning |\n|---|---|\n")
	for _, reason := range reasons {
		fmt.Fprintf(text, "| `%s` | %s |\n", reason.Code, reason.Meaning)
	}
}

// answeredBy tells which operations name a code; what more than half of them do, it calls most.
func answeredBy(doc *openapi3.T, code string) string {
	var names []string
	all := 0
	eachOperation(doc, func(_ string, operation *openapi3.Operation) {
		all++
		for _, response := range operation.Responses.Map() {
			component := doc.Components.Responses[strings.TrimPrefix(response.Ref, responsePrefix)]
			if component != nil && response.Ref != responsePrefix+"Problem" && slices.Contains(component.Value.Extensions["x-codes"].([]any), any(code)) {
				names = append(names, "`"+operation.OperationID+"`")
			}
		}
	})
	switch {
	case len(names) == 0:
		return ""
	case len(names) == all:
		return "Every operation may answer so."
	case len(names) > all/2:
		return "Most operations may answer so."
	}
	slices.Sort(names)
	return "Answered by " + strings.Join(names, ", ") + "."
}
