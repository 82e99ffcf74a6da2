package api_test

import (
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// secretFields are the members of requests and answers whose values nobody may find in a log.
var secretFields = map[string]bool{
	"email": true, "password": true, "new_password": true, "current_password": true, "token": true, "access_token": true,
	"refresh_token": true, "sync_key": true, "full_name": true, "phone": true, "customer_name": true, "address": true, "card_number": true,
}

// shortestSecret is how long a value must be to be looked for: shorter ones stand in a log by chance.
const shortestSecret = 8

// secrecy keeps what a server has logged, and what it must not have.
type secrecy struct {
	mu      sync.Mutex
	log     strings.Builder
	secrets map[string]string // the value, and where it was
}

// Write takes a piece of the log.
func (s *secrecy) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(p)
}

// logged is the log as it stands.
func (s *secrecy) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// logger writes everything, debugging too.
func (s *secrecy) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(s, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// learn takes the secrets of a body.
func (s *secrecy) learn(body []byte) {
	var content any
	if json.Unmarshal(body, &content) == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.learnFrom("", content)
	}
}

func (s *secrecy) learnFrom(name string, value any) {
	switch content := value.(type) {
	case map[string]any:
		for member, inner := range content {
			s.learnFrom(member, inner)
		}
	case []any:
		for _, inner := range content {
			s.learnFrom(name, inner)
		}
	case string:
		if secretFields[name] && len(content) >= shortestSecret {
			s.secrets[content] = name
		}
	}
}

// hold looks for the secrets in the log.
func (s *secrecy) hold(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for secret, name := range s.secrets {
		require.NotContains(t, s.log.String(), secret, "the log names a %s", name)
	}
}

func TestALoggedSecretIsNoticed(t *testing.T) {
	s := &secrecy{secrets: map[string]string{}}
	s.learn([]byte(`{"items":[{"email":"anna@example.com","name":"Anna the Great"}]}`))
	s.logger().Debug("Anna the Great has signed in")
	s.hold(t)
	s.logger().Debug("signed in", "who", "anna@example.com")
	require.Contains(t, s.log.String(), "anna@example.com")
	require.Equal(t, map[string]string{"anna@example.com": "email"}, s.secrets)
}
