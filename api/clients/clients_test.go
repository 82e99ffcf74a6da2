package clients_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

const (
	specification = "../../openapi.yaml"
	frontend      = "../../frontend"
	scratch       = frontend + "/node_modules/.cache/clients" // where openapi-fetch is found
	day           = "2026-05-25"
)

// generators make a client of openapi.yaml, and compile with it a program that takes an
// input, and prints an output.
var generators = map[string]func(t *testing.T) *exec.Cmd{
	"oapi-codegen": func(t *testing.T) *exec.Cmd {
		run(t, "go", "tool", "oapi-codegen", "-generate", "types,client", "-package", "cabinet", "-o", "_programs/oapi/cabinet/client.go", specification)
		return program(t, "oapi")
	},
	"ogen": func(t *testing.T) *exec.Cmd {
		run(t, "go", "tool", "ogen", "--config", "_programs/ogen/ogen.yml", "--package", "cabinet", "--target", "_programs/ogen/cabinet", "--clean", specification)
		return program(t, "ogen")
	},
	"openapi-typescript": func(t *testing.T) *exec.Cmd {
		require.NoError(t, os.MkdirAll(scratch, 0o755))
		run(t, frontend+"/node_modules/.bin/openapi-typescript", specification, "-o", scratch+"/schema.d.ts")
		text, err := os.ReadFile("_programs/typescript/main.ts")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(scratch+"/main.mts", text, 0o644))
		run(t, frontend+"/node_modules/.bin/tsc", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022", "--types", "node",
			"--typeRoots", frontend+"/node_modules/@types", scratch+"/main.mts")
		return exec.Command("node", scratch+"/main.mjs")
	},
}

// input is what a program is given, output what it prints: the data and the report as its
// types hold them.
type input struct {
	URL          string          `json:"url"`
	Key          string          `json:"key"`
	Token        string          `json:"token"`
	Organization string          `json:"organization"`
	Device       string          `json:"device"`
	ID           string          `json:"id"`
	Day          string          `json:"day"`
	Data         json.RawMessage `json:"data"`
}

type output struct {
	Status string          `json:"status"`
	Data   json.RawMessage `json:"data"`
	Report json.RawMessage `json:"report"`
}

// receipt has what a float of 32 bits, a closed object or an int of 32 bits would spoil.
const receipt = `{
	"number": "1204", "type": "sale", "status": "closed", "occurred_at": "2026-05-25T20:04:31+03:00", "closed_at": "2026-05-25T20:04:31+03:00",
	"total": 19999999.99, "guests": 999999999, "tip": 0.1, "rounding": -0.0001, "discount_total": 0.0999,
	"lines": [{"id": "6f2b1f0a-4d0e-4b3a-9c77-7a9c0f4a8f2b", "product_id": "8f2b7a9c-0f4a-4d0e-8f2b-1d2e3f405b6d",
		"name": "Капучино", "quantity": 16777.217001, "price": 1192.09, "total": 19999999.99, "cost": 12345678901.2345,
		"modifiers": [{"name": "Сироп", "quantity": 0.000001, "price": 99999999999.9999, "x_shelf": 450359962737.125}]}],
	"payments": [{"payment_type_id": "3f405b6d-0f4a-4d0e-8f2b-8f2b7a9c1d2e", "amount": 20000000.99},
		{"payment_type_id": "3f405b6d-0f4a-4d0e-8f2b-8f2b7a9c1d2e", "amount": -1}],
	"x_local": {"precise": 123456789.012345, "whole": 9007199254740991, "nothing": null, "list": [1, "two", {}]}
}`

// TestGeneratedClientsLoseNothing holds that clients generated of openapi.yaml as it stands
// compile, and hand on what they push, pull and read of a report digit by digit.
func TestGeneratedClientsLoseNothing(t *testing.T) {
	cabinet := newCabinet(t)
	for name, build := range generators {
		t.Run(name, func(t *testing.T) {
			given := cabinet.organization(t)
			command := build(t)
			raw, err := json.Marshal(given)
			require.NoError(t, err)
			command.Stdin, command.Stderr = bytes.NewReader(raw), os.Stderr
			printed, err := command.Output()
			require.NoError(t, err)
			var got output
			require.NoError(t, json.Unmarshal(printed, &got), "%s", printed)
			require.Equal(t, "applied", got.Status)
			require.Equal(t, exact(t, given.Data), exact(t, got.Data))

			report := cabinet.ask(t, given.Token, "GET", "/organizations/"+given.Organization+"/reports/sales-by-day?from="+day+"&to="+day, nil)
			require.Contains(t, string(report), "12345678901.23", "the receipt is in the report")
			require.Equal(t, exact(t, steady(t, report)), exact(t, steady(t, got.Report)))
		})
	}
}

// exact is a JSON text in its canonical form: every digit counts, the order of names does not.
func exact(t *testing.T, text []byte) string {
	t.Helper()
	value, err := canonical.Parse(text)
	require.NoError(t, err, "%s", text)
	form, same := canonical.Append(nil, value)
	require.True(t, same, "%s has digits that canonical JSON does not keep", text)
	return string(form)
}

// steady is a report without what is another at every moment.
func steady(t *testing.T, report []byte) []byte {
	t.Helper()
	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(report, &members), "%s", report)
	delete(members, "generated_at")
	delete(members, "freshness")
	text, err := json.Marshal(members)
	require.NoError(t, err)
	return text
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(t, err, "%s %s\n%s", name, strings.Join(args, " "), out)
}

// program compiles a program beside its generated client.
func program(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	binary := filepath.Join(t.TempDir(), name)
	run(t, "go", "build", "-o", binary, "./_programs/"+name)
	return exec.Command(binary)
}

// cabinet is a running server with a person who has signed in.
type cabinet struct{ url, dsn, token string }

func newCabinet(t *testing.T) cabinet {
	dsn := dbtest.DSN(t)
	server := app.New(app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), DatabaseURL: dsn, LogLevel: "error", DevInbox: "on", OpsAddr: "127.0.0.1:0"}, slog.New(slog.DiscardHandler))
	require.NoError(t, server.Start(context.Background()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, server.Stop(ctx))
	})
	c := cabinet{url: server.URL(), dsn: dsn}
	person := map[string]string{"email": "anna@example.com", "password": "correct horse battery staple", "full_name": "Anna"}
	c.ask(t, "", "POST", "/auth/register", person)
	dbtest.Exec(t, dsn, "UPDATE users SET email_verified_at = now(), organization_limit = 100")
	delete(person, "full_name")
	var grant struct {
		Token string `json:"access_token"`
	}
	require.NoError(t, json.Unmarshal(c.ask(t, "", "POST", "/auth/login", person), &grant))
	c.token = grant.Token
	return c
}

// organization makes one, and gives a program what it needs to work there.
func (c cabinet) organization(t *testing.T) input {
	t.Helper()
	answer := c.ask(t, c.token, "POST", "/organizations", map[string]any{"name": "Venue", "time_zone": "Europe/Moscow", "currency": "RUB", "default_delivery_minutes": 60})
	var made struct {
		ID  string `json:"id"`
		Key string `json:"sync_key"`
	}
	require.NoError(t, json.Unmarshal(answer, &made))
	return input{c.url + "/api/v1", made.Key, c.token, made.ID, uuid.NewString(), uuid.NewString(), day, json.RawMessage(receipt)}
}

func (c cabinet) ask(t *testing.T, token, method, path string, body any) []byte {
	t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(t, err)
	request, err := http.NewRequest(method, c.url+"/api/v1"+path, bytes.NewReader(raw))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Less(t, response.StatusCode, 300, "%s %s: %s", method, path, answer)
	return answer
}
