package account

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/job"
	"github.com/interpos/cabinet/internal/mail"
	"github.com/interpos/cabinet/internal/seal"
	"github.com/interpos/cabinet/internal/security"
)

const (
	address  = "anna@example.com"
	password = "correct horse battery"
)

var here = Client{IP: "192.0.2.1", UserAgent: "test"}

// world is the accounts' service with a real queue, a real inbox and a clock
// that the test moves.
type world struct {
	*testing.T
	*Accounts
	ctx    context.Context
	db     *db.DB
	tokens *Tokens
	inbox  *mail.Inbox
	clock  clock
	read   int // letters that the test has seen
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	t.Parallel() // much of the time is waiting for letters
	secret := []byte("a secret of thirty-two characters")
	tokens, err := NewTokens(secret)
	require.NoError(t, err)
	sealer, err := seal.NewSealer(secret)
	require.NoError(t, err)
	w := &world{T: t, ctx: t.Context(), db: dbtest.New(t), tokens: tokens}
	w.clock.now = time.Date(2026, 5, 25, 17, 3, 14, 0, time.UTC)
	quiet := slog.New(slog.DiscardHandler)
	w.inbox = mail.NewInbox(w.db, quiet)
	jobs, err := job.New(w.db, job.Options{
		Sealer: sealer, Sender: w.inbox, Site: &url.URL{Scheme: "https", Host: "cabinet.example"}, Log: quiet, Now: w.clock.Now,
	})
	require.NoError(t, err)
	require.NoError(t, jobs.Start(context.Background()))
	t.Cleanup(func() { require.NoError(t, jobs.Stop(context.Background())) })
	events, err := security.NewLog(quiet, secret)
	require.NoError(t, err)
	w.Accounts = New(w.db, Options{Tokens: tokens, Jobs: jobs, Now: w.clock.Now, Events: events})
	return w
}

func registration() Registration {
	return Registration{Email: address, Password: password, FullName: "Anna Petrova", Locale: "en"}
}

// letter waits for the next letter and gives it.
func (w *world) letter() mail.Delivered {
	w.Helper()
	for range 6000 {
		letters, err := w.inbox.Letters(w.ctx)
		require.NoError(w, err)
		if len(letters) > w.read {
			w.read++
			return letters[len(letters)-w.read]
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.Fail(w, "no letter has come")
	return mail.Delivered{}
}

// noLetter says that the queue is empty and no letter has come out of it.
func (w *world) noLetter() {
	w.Helper()
	require.Eventually(w, func() bool {
		var waiting int
		err := w.db.Pool.QueryRow(w.ctx, `SELECT count(*) FROM river_job WHERE state <> 'completed'`).Scan(&waiting)
		return err == nil && waiting == 0
	}, time.Minute, 10*time.Millisecond)
	letters, err := w.inbox.Letters(w.ctx)
	require.NoError(w, err)
	require.Len(w, letters, w.read)
}

func tokenOf(letter mail.Delivered) string {
	_, token, _ := strings.Cut(letter.Links()[0], "#token=")
	return token
}

// verify follows the link of a registration's letter, and types the usual password.
func (w *world) verify(token string) error {
	_, err := w.VerifyEmail(w.ctx, here, token, password, "")
	return err
}

// reset follows the link of a reset's letter, and types a new password.
func (w *world) reset(token, password string) error {
	_, _, err := w.ResetPassword(w.ctx, here, token, password)
	return err
}

// verified registers and confirms the usual account.
func (w *world) verified() {
	w.Helper()
	require.NoError(w, w.Register(w.ctx, here, registration()))
	require.NoError(w, w.verify(tokenOf(w.letter())))
}

func (w *world) login() Session {
	w.Helper()
	session, err := w.Login(w.ctx, here, address, password)
	require.NoError(w, err)
	return session
}

func (w *world) requireCode(code fault.Code, err error) {
	w.Helper()
	require.Error(w, err)
	require.Equal(w, code, fault.CodeOf(err), "%v", err)
}
