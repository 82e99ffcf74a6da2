package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/interpos/cabinet/internal/agent"
)

// newProgress is a bar in a terminal, and plain lines elsewhere.
func newProgress(console Console) agent.Progress {
	if console.Terminal {
		return &bars{out: console.Err}
	}
	return &lines{out: console.Err}
}

// bars draws one bar after the other.
type bars struct {
	out io.Writer
	bar *progressbar.ProgressBar
}

func (b *bars) Kind(name string, rows int) {
	b.End()
	if rows == 0 {
		return
	}
	b.bar = progressbar.NewOptions(rows, progressbar.OptionSetWriter(b.out), progressbar.OptionShowCount(),
		progressbar.OptionSetDescription(fmt.Sprintf("%-14s", name)), progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond))
}

func (b *bars) Advance(rows, _ int) {
	if b.bar != nil {
		_ = b.bar.Add(rows)
	}
}

func (b *bars) Waiting(err error, wait time.Duration) { b.Note(waitingText(err, wait)) }

func (b *bars) Note(text string) {
	if b.bar != nil {
		_ = b.bar.Clear()
	}
	_, _ = fmt.Fprintln(b.out, text)
}

func (b *bars) End() {
	if b.bar != nil {
		_ = b.bar.Exit()
		_, _ = fmt.Fprintln(b.out)
		b.bar = nil
	}
}

// lines writes a line for each kind that had something to send, and one now
// and then while it is at work.
type lines struct {
	out              io.Writer
	name             string
	rows, read, sent int
	said             time.Time
}

const sayEvery = 5 * time.Second

func (l *lines) Kind(name string, rows int) {
	l.End()
	l.name, l.rows, l.read, l.sent, l.said = name, rows, 0, 0, time.Now()
}

func (l *lines) Advance(rows, sent int) {
	l.read += rows
	l.sent += sent
	if time.Since(l.said) > sayEvery {
		l.writeStatus()
	}
}

func (l *lines) writeStatus() {
	l.said = time.Now()
	_, _ = fmt.Fprintf(l.out, "%s: %d of %d rows read, %d records sent\n", l.name, l.read, l.rows, l.sent)
}

func (l *lines) Waiting(err error, wait time.Duration) { l.Note(waitingText(err, wait)) }

func (l *lines) Note(text string) { _, _ = fmt.Fprintln(l.out, text) }

func (l *lines) End() {
	if l.name != "" && l.sent > 0 {
		l.writeStatus()
	}
	l.name = ""
}

func waitingText(err error, wait time.Duration) string {
	return fmt.Sprintf("%v; again in %s", err, wait.Round(100*time.Millisecond))
}
