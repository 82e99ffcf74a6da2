package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	cabinet "github.com/interpos/cabinet"
	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/check"
)

// unlimited are requests whose fields are compared with what is kept, and are not kept.
var unlimited = []string{"LoginRequest", "PushRequest"}

// One declaration: what Go checks, openapi.yaml says, and the forms of the SPA ask for.
func TestLimitsAreTheSameEverywhere(t *testing.T) {
	raw, err := os.ReadFile("../frontend/src/shared/form/limits.json")
	require.NoError(t, err)
	var forms map[string]check.Limit
	require.NoError(t, json.Unmarshal(raw, &forms))
	require.Equal(t, check.Limits, forms)

	doc, err := openapi3.NewLoader().LoadFromData(cabinet.OpenAPI)
	require.NoError(t, err)
	seen := map[string]bool{}
	for name, schema := range doc.Components.Schemas {
		if !strings.HasSuffix(name, "Request") || slices.Contains(unlimited, name) {
			continue
		}
		for field, property := range schema.Value.Properties {
			require.Equal(t, check.Limits[field], limitOf(property.Value), "%s.%s", name, field)
			seen[field] = true
		}
	}
	for field := range check.Limits {
		require.True(t, seen[field], "no request has the field %s", field)
	}
}

func limitOf(schema *openapi3.Schema) check.Limit {
	limit := check.Limit{MinLength: int(schema.MinLength), Minimum: whole(schema.Min), Maximum: whole(schema.Max)}
	if schema.MaxLength != nil {
		limit.MaxLength = int(*schema.MaxLength)
	}
	for _, word := range schema.Enum {
		limit.Words = append(limit.Words, word.(string))
	}
	return limit
}

func whole(bound *float64) *int {
	if bound == nil {
		return nil
	}
	n := int(*bound)
	return &n
}

// What openapi.yaml says of a field, the server holds: each request that works is sent
// again with one field beyond its limit.
func TestEveryLimitIsHeld(t *testing.T) {
	w := newWorld(t)
	owner := w.user("owner")
	c := &cell{}
	c.organization, c.syncKey = w.organization(owner)
	tried := map[string]bool{}
	for key, test := range goodRequests() {
		method, path, _ := strings.Cut(key, " ")
		body := w.bodySchema(method, path)
		if body == nil || key == "POST /sync/push" {
			continue
		}
		params := map[string]string{"organization_id": c.organization}
		maps.Copy(params, test.params)
		if test.make != nil {
			maps.Copy(params, test.make(w, c))
		}
		token := owner
		if strings.HasPrefix(path, "/sync/") {
			token = c.syncKey
		}
		for field, property := range body.Properties {
			for _, value := range beyond(property.Value) {
				sent := test.body(w, c).(object)
				sent[field] = value
				got := w.call(request{method: method, path: at(path, params), token: token, body: sent, wrong: true})
				require.Equal(t, "validation_failed", got.code(t), "%s with %s %v: %s", key, field, value, got.body)
				require.Contains(t, string(got.body), `"field":"`+field+`"`, key)
				tried[field] = true
			}
		}
	}
	for field := range check.Limits {
		require.True(t, tried[field], "%s was not tried", field)
	}
}

// unshown are texts of requests that nobody else sees as they were sent.
var unshown = []string{"password", "token", "evidence", "cursor"}

// ofDevices are what a device says of itself: hidden characters are left out there, since a
// synchronization must not stand still for a computer's name.
var ofDevices = []string{"device_name", "agent", "agent_version"}

func TestADeviceIsGreetedWithoutWhatItsNameHides(t *testing.T) {
	w := newWorld(t)
	owner := w.user("owner")
	id, key := w.organization(owner)
	got := w.call(request{method: "POST", path: "/api/v1/sync/hello", token: key, body: object{
		"device_id": deviceID, "device_name": "Till\u202e 1\u200b", "agent": "age\u00ad\x00\tnt", "agent_version": "\u20661.0"}})
	require.Equal(t, http.StatusOK, got.status, "%s", got.body)
	device := w.call(request{method: "GET", path: "/api/v1/organizations/" + id + "/sync/devices", token: owner}).json(t)["items"].([]any)[0].(object)
	require.Equal(t, []any{"Till 1", "agent", "1.0"}, []any{device["name"], device["agent"], device["agent_version"]})
}

// A text that a person sets and others see shows all that is in it, in every field of every
// request. Records are data of the venue, and come as they are.
func TestNoTextThatOthersSeeHidesCharacters(t *testing.T) {
	w := newWorld(t)
	owner := w.user("owner")
	c := &cell{}
	c.organization, c.syncKey = w.organization(owner)
	for key, test := range goodRequests() {
		method, path, _ := strings.Cut(key, " ")
		body := w.bodySchema(method, path)
		if body == nil || key == "POST /sync/push" || key == "POST /auth/login" {
			continue
		}
		params := map[string]string{"organization_id": c.organization}
		maps.Copy(params, test.params)
		if test.make != nil {
			maps.Copy(params, test.make(w, c))
		}
		token := owner
		if strings.HasPrefix(path, "/sync/") {
			token = c.syncKey
		}
		for field, property := range body.Properties {
			if !property.Value.Type.Includes("string") || slices.Contains(unshown, field) || slices.Contains(ofDevices, field) {
				continue
			}
			for _, hidden := range []string{"\u202e", "\u2066", "\u200b", "\u00ad", "\u3164"} {
				sent := test.body(w, c).(object)
				before, _ := sent[field].(string)
				sent[field] = before + hidden + "x"
				got := w.call(request{method: method, path: at(path, params), token: token, body: sent, wrong: true})
				require.Equal(t, "validation_failed", got.code(t), "%s with %s %+q: %s", key, field, hidden, got.body)
				require.Contains(t, string(got.body), `"field":"`+field+`"`, key)
			}
		}
	}
}

func (w *world) bodySchema(method, path string) *openapi3.Schema {
	operation := w.doc.Paths.Find(braces(path)).GetOperation(method)
	if operation.RequestBody == nil {
		return nil
	}
	return operation.RequestBody.Value.Content.Get("application/json").Schema.Value
}

// beyond are values that a field must not have.
func beyond(field *openapi3.Schema) (values []any) {
	if field.MaxLength != nil {
		values = append(values, strings.Repeat("1", int(*field.MaxLength)+1))
	}
	if field.MinLength > 0 {
		values = append(values, strings.Repeat("1", int(field.MinLength)-1))
	}
	if field.Min != nil {
		values = append(values, *field.Min-1)
	}
	if field.Max != nil {
		values = append(values, *field.Max+1)
	}
	if field.Enum != nil {
		values = append(values, "none of them")
	}
	return values
}

// A section that needs a license is behind it on every route.
func TestRoutesOfALicensedSectionNeedItsModule(t *testing.T) {
	for _, route := range newWorld(t).app.API().Routes() {
		section, _, _ := strings.Cut(string(route.Needs.Permission), ":")
		for _, rule := range access.Sections {
			if string(rule.Section) == section {
				require.Equal(t, rule.Module, route.Needs.Module, "%s %s", route.Method, route.Path)
			}
		}
	}
}
