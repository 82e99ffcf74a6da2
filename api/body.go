package api

import (
	"errors"
	"io"
	"net/http"
	"os"
	stdsync "sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/security"
)

const (
	bodyPiece = 64 << 10 // bytes that are taken of a budget at once, and read then

	// A body has this time, and a second more for so many bytes of it; never more than in all.
	bodyTime      = 20 * time.Second
	bodyRate      = 8 << 10 // bytes a second
	bodyTimeInAll = 2 * time.Minute
)

// bodyBudget bounds how many bytes of bodies are in memory: those that have come, of requests that
// are not answered yet. Whoever reads with io.ReadAll or a bytes.Buffer holds up to twice as much.
type bodyBudget struct {
	all, each int64 // bytes: of everybody, and of one sender

	mu    stdsync.Mutex
	taken int64
	of    map[string]int64 // taken, by sender
}

func newBodyBudget(all, each int64) *bodyBudget {
	return &bodyBudget{all: all, each: each, of: map[string]int64{}}
}

// bodyBudgets are those of each kind of senders, so that none takes what is another's.
type bodyBudgets struct{ devices, users, strangers *bodyBudget }

func newBodyBudgets() bodyBudgets {
	return bodyBudgets{
		devices:   newBodyBudget(128<<20, 48<<20), // three pushes of the largest size for each organization
		users:     newBodyBudget(32<<20, 4<<20),
		strangers: newBodyBudget(16<<20, 1<<20), // 64 bodies of the largest size for each network
	}
}

// takeBytes takes of the budget. Errors: TooManyAtOnce where the sender's own part is used up, Busy
// where everybody's is.
func (b *bodyBudget) takeBytes(sender string, size int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.of[sender]+size > b.each:
		return fault.Retry(fault.TooManyAtOnce, "Too much of requests that are not complete, or not answered, has come from here. Send one after another.", time.Second)
	case b.taken+size > b.all:
		return fault.Retry(fault.Busy, "Too much of requests that are not complete, or not answered, has come from everybody. Send the same again later.", 2*time.Second)
	}
	b.taken += size
	b.of[sender] += size
	return nil
}

func (b *bodyBudget) giveBack(sender string, size int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken -= size
	if b.of[sender] -= size; b.of[sender] == 0 {
		delete(b.of, sender)
	}
}

// budgetBody lets the body of a request be read within the budget of its sender, and not slower
// than a body may come. It stands behind the guards, which know the sender.
func (s *Server) budgetBody(route Route) echo.MiddlewareFunc {
	budget, senderOf := s.bodies.users, func(c echo.Context) string { return actor(c).UserID.String() }
	switch route.Needs.Caller {
	case access.Anyone:
		budget, senderOf = s.bodies.strangers, func(c echo.Context) string { return security.NetworkOf(c.RealIP()) }
	case access.Device:
		budget, senderOf = s.bodies.devices, func(c echo.Context) string { return keyOrganization(c).String() }
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.Body == http.NoBody {
				return next(c)
			}
			body := &budgetedBody{
				ReadCloser: r.Body, budget: budget, sender: senderOf(c), began: time.Now(), control: http.NewResponseController(c.Response()),
			}
			r.Body = body
			defer func() { budget.giveBack(body.sender, body.held) }()
			return next(c)
		}
	}
}

// budgetedBody takes of a budget what it then reads, piece by piece: a request costs what has come of it.
type budgetedBody struct {
	io.ReadCloser
	budget  *bodyBudget
	sender  string
	held    int64 // bytes that have come, taken of the budget
	began   time.Time
	control *http.ResponseController
}

// Read reads at most a piece. Errors beside the body's: those of takeBytes; BodyTooSlow.
func (b *budgetedBody) Read(p []byte) (int, error) {
	p = p[:min(len(p), bodyPiece)]
	if err := b.budget.takeBytes(b.sender, int64(len(p))); err != nil {
		return 0, err
	}
	_ = b.control.SetReadDeadline(b.deadline()) // without a connection there is none
	n, err := b.ReadCloser.Read(p)
	b.held += int64(n)
	b.budget.giveBack(b.sender, int64(len(p)-n))
	if err != nil {
		_ = b.control.SetReadDeadline(time.Time{}) // the server listens on, for whether the client leaves
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = fault.Wrap(fault.BodyTooSlow, "The body of the request came too slowly.", err)
	}
	return n, err
}

// deadline is until when the next piece must have come.
func (b *budgetedBody) deadline() time.Time {
	earned := time.Duration(b.held) * time.Second / bodyRate
	return b.began.Add(min(bodyTime+earned, bodyTimeInAll))
}
