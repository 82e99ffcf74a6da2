package demo_test

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
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/demo"
)

// screen is what the viewer of the demo sees.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// show runs the demo until its venue has sold something new, and gives the
// number of receipts that the cabinet has then.
func show(t *testing.T, o demo.Options) (receipts int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	var seen screen
	o.Out, o.Err = &seen, &seen
	ended := make(chan error, 1)
	go func() { ended <- demo.Run(ctx, o) }()
	require.Eventually(t, func() bool { return strings.Contains(seen.String(), "goes on selling") }, 4*time.Minute, 50*time.Millisecond,
		"%s", &seen)
	require.Contains(t, seen.String(), demo.Email)
	before := count(t, o.URL)
	require.Positive(t, before)
	require.Eventually(t, func() bool { receipts = count(t, o.URL); return receipts > before }, 5*time.Minute, 200*time.Millisecond,
		"the venue goes on selling")
	cancel()
	require.NoError(t, <-ended)
	return receipts
}

// count signs in as the viewer would, and counts the receipts.
func count(t *testing.T, url string) int {
	t.Helper()
	var session struct {
		AccessToken string `json:"access_token"`
	}
	call(t, http.MethodPost, url+"/api/v1/auth/login", "", map[string]string{"email": demo.Email, "password": demo.Password}, &session)
	var me struct {
		CurrentOrganizationID string `json:"current_organization_id"`
	}
	call(t, http.MethodGet, url+"/api/v1/me", session.AccessToken, nil, &me)
	var status struct {
		Counts []struct {
			Kind       string
			Records    int
			Rejections int
		}
	}
	call(t, http.MethodGet, url+"/api/v1/organizations/"+me.CurrentOrganizationID+"/sync/status", session.AccessToken, nil, &status)
	for _, kind := range status.Counts {
		require.Zero(t, kind.Rejections, kind.Kind)
		if kind.Kind == "receipt" {
			return kind.Records
		}
	}
	return 0
}

func call(t *testing.T, method, url, token string, body, into any) {
	t.Helper()
	content, err := json.Marshal(body)
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(content))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Less(t, response.StatusCode, 300, "%s", answer)
	require.NoError(t, json.Unmarshal(answer, into))
}

func TestTheDemoSellsAndIsFoundAgain(t *testing.T) {
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", dir+"/", "../../api/cmd/agent", "../../api/cmd/kit")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as they are shipped
	built, err := build.CombinedOutput()
	require.NoError(t, err, "%s", built)
	server := app.New(app.Config{
		Addr: "127.0.0.1:0", DataDir: t.TempDir(), DatabaseURL: dbtest.DSN(t), DatabaseMaxConns: 8, DevInbox: "on", OpsAddr: "127.0.0.1:0",
	}, slog.New(slog.DiscardHandler))
	require.NoError(t, server.Start(t.Context()))
	defer func() { require.NoError(t, server.Stop(context.Background())) }()
	programs := demo.Programs{Agent: filepath.Join(dir, "agent"), Kit: filepath.Join(dir, "kit")}
	options := demo.Options{URL: server.URL(), Dir: t.TempDir(), Programs: programs, Days: 3}
	first := show(t, options)
	require.Greater(t, show(t, options), first, "the second start goes on where the first has ended")
}
