package api_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/security"
)

// someone is a person whom events happen to.
type someone struct {
	email, token, id, organization string
}

func (w *world) someone(name string) someone {
	token := w.user(name)
	organization, _ := w.organization(token)
	return someone{name + "@example.com", token, w.userID(token), organization}
}

func (w *world) auth(path string, body object) answer {
	w.Helper()
	return w.call(request{method: "POST", path: "/api/v1/auth/" + path, body: body})
}

// reset sets somebody a new password by letter.
func (w *world) reset(p someone) {
	w.auth("forgot-password", object{"email": p.email})
	got := w.auth("reset-password", object{"token": w.mailedToken(p.email, "/reset-password"), "password": "another battery staple"})
	require.Equal(w, http.StatusOK, got.status)
}

// happening is how an event comes about, and whom its line names.
type happening struct {
	cause              func(w *world, p someone)
	user, organization bool
	command            bool // no request, but a command of the host
}

// happenings are those of each event.
var happenings = map[security.Event]happening{
	security.SignInFailed: {user: true, cause: func(w *world, p someone) {
		w.auth("login", object{"email": p.email, "password": "a wrong password"})
	}},
	security.SignInThrottled: {user: true, cause: func(w *world, p someone) {
		for range 11 {
			w.auth("login", object{"email": p.email, "password": "a wrong password"})
		}
	}},
	security.SignInFromNewDevice: {user: true, cause: func(w *world, p someone) {
		w.auth("login", object{"email": p.email, "password": password})
	}},
	security.LetterThrottled: {user: true, cause: func(w *world, p someone) {
		for range 6 {
			w.auth("forgot-password", object{"email": p.email})
		}
	}},
	security.PasswordResetRequested: {user: true, cause: func(w *world, p someone) {
		w.auth("forgot-password", object{"email": p.email})
	}},
	security.PasswordReset: {user: true, cause: func(w *world, p someone) { w.reset(p) }},
	security.SessionsEnded: {user: true, cause: func(w *world, p someone) { w.reset(p) }},
	security.RefreshTokenReused: {user: true, cause: func(w *world, p someone) {
		cookie := w.auth("login", object{"email": p.email, "password": password}).cookie(w.T)
		renew := request{method: "POST", path: "/api/v1/auth/refresh", header: map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}}
		require.Equal(w, http.StatusOK, w.call(renew).status)
		dbtest.Exec(w, w.dsn, `UPDATE refresh_tokens SET spent_at = spent_at - interval '1 minute'`)
		require.Equal(w, "unauthorized", w.call(renew).code(w))
	}},
	security.SyncKeyShown: {user: true, organization: true, cause: func(w *world, p someone) {
		w.call(request{method: "GET", path: "/api/v1/organizations/" + p.organization, token: p.token})
	}},
	security.SyncKeyReplaced: {user: true, organization: true, cause: func(w *world, p someone) {
		w.call(request{method: "POST", path: "/api/v1/organizations/" + p.organization + "/sync-key", token: p.token})
	}},
	security.OrganizationArchived: {user: true, organization: true, cause: func(w *world, p someone) {
		w.call(request{method: "DELETE", path: "/api/v1/organizations/" + p.organization, token: p.token})
	}},
	security.SecretRotated: {command: true, cause: func(w *world, _ someone) {
		_, err := app.RotateSecret(w.Context(), app.Config{DatabaseURL: w.dsn, DataDir: w.TempDir()}, w.kept.logger())
		require.NoError(w, err)
	}},
}

// Every event is caused as it happens, and its one line names whom it is about, the request,
// and the network by its hash. That nothing else stands there, the world holds (secrecy).
func TestEverySecurityEventIsInTheLog(t *testing.T) {
	w := newWorld(t)
	hashes := map[any]bool{}
	for _, event := range security.Events {
		t.Run(string(event), func(t *testing.T) {
			happens, known := happenings[event]
			require.True(t, known, "say how it comes about")
			p := w.someone(strings.ReplaceAll(string(event), "_", "-"))
			before := len(w.events(event))
			happens.cause(w, p)
			lines := w.events(event)
			require.Greater(t, len(lines), before)
			line := lines[len(lines)-1]
			says := []string{"time", "level", "msg", "event"}
			if happens.user {
				require.Equal(t, p.id, line["user"])
				says = append(says, "user")
			}
			if happens.organization {
				require.Equal(t, p.organization, line["organization"])
				says = append(says, "organization")
			}
			if !happens.command {
				says = append(says, "network", "request_id")
				require.Len(t, line["network"], 16)
				hashes[line["network"]] = true
				require.Equal(t, "request", w.logged(line["request_id"].(string))["msg"])
			}
			if event == security.SessionsEnded {
				require.Equal(t, 1.0, line["sessions"], "that of the registration")
				says = append(says, "sessions")
			}
			for name := range line {
				require.True(t, slices.Contains(says, name), "%s stands in the line: %v", name, line)
			}
		})
	}
	require.Len(t, hashes, 1, "all came from one network")
	require.NotContains(t, w.kept.logged(), `"127.0.0.1"`)
}

// events are the lines of an event so far.
func (w *world) events(event security.Event) (lines []object) {
	w.Helper()
	for text := range strings.Lines(w.kept.logged()) {
		if !strings.Contains(text, `"event":"`+string(event)+`"`) {
			continue
		}
		var line object
		require.NoError(w, json.Unmarshal([]byte(text), &line), text)
		require.Equal(w, security.Message, line["msg"])
		lines = append(lines, line)
	}
	return lines
}

// A stranger's wrong password for an address that nobody has leaves a line too, without a user.
func TestAnUnknownAddressLeavesALineOfNobody(t *testing.T) {
	w := newWorld(t)
	w.auth("login", object{"email": "nobody@example.com", "password": "a wrong password"})
	lines := w.events(security.SignInFailed)
	require.Len(t, lines, 1)
	require.NotContains(t, lines[0], "user")
	require.NotContains(t, w.kept.logged(), "nobody")
}

// The operating manual says of each event what it means.
func TestTheManualKnowsEverySecurityEvent(t *testing.T) {
	manual, err := os.ReadFile("../docs/operating.md")
	require.NoError(t, err)
	for _, event := range security.Events {
		require.Contains(t, string(manual), "\n| `"+string(event)+"` |")
	}
}
