package job

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/interpos/cabinet/internal/mail"
	"github.com/interpos/cabinet/internal/seal"
)

// letterAttempts spread over about 17 hours (the n-th pause is n⁴ seconds):
// a letter survives a night without a mail server.
const letterAttempts = 12

var letterContext = []byte("letter")

// letterArgs is a letter on its way. It is sealed: it carries a token, of which
// the database is to keep the hash only.
type letterArgs struct {
	Sealed []byte `json:"sealed"`
}

// Kind is the job's name in the queue.
func (letterArgs) Kind() string { return "letter" }

// Letter enqueues a letter within a transaction.
func (q *Queue) Letter(ctx context.Context, tx pgx.Tx, letter mail.Letter) error {
	content, err := json.Marshal(letter)
	if err != nil {
		return err
	}
	args := letterArgs{Sealed: q.sealer.Seal(string(content), letterContext)}
	_, err = q.worker.InsertTx(ctx, tx, args, &river.InsertOpts{MaxAttempts: letterAttempts})
	return err
}

type letterWorker struct {
	river.WorkerDefaults[letterArgs]
	sealer *seal.Sealer
	sender mail.Sender
	site   *url.URL
	now    func() time.Time
}

// Work writes the letter and sends it. A letter that has become useless, or
// that nobody will ever take, is given up.
func (w *letterWorker) Work(ctx context.Context, job *river.Job[letterArgs]) error {
	letter, err := w.openLetter(job.Args)
	if err != nil {
		return river.JobCancel(err)
	}
	if letter.To == "" { // to nobody: see Nobody
		return nil
	}
	if !letter.ExpiresAt.IsZero() && w.now().After(letter.ExpiresAt) {
		return river.JobCancel(errors.New("the letter has expired"))
	}
	message, err := letter.Render(w.site)
	if err != nil {
		return river.JobCancel(err)
	}
	err = w.sender.Send(ctx, message)
	if errors.Is(err, mail.ErrRefused) {
		return river.JobCancel(err)
	}
	return err
}

func (w *letterWorker) openLetter(args letterArgs) (letter mail.Letter, err error) {
	content, err := w.sealer.Open(args.Sealed, letterContext)
	if err != nil {
		return letter, err
	}
	err = json.Unmarshal([]byte(content), &letter)
	return letter, err
}

// Nobody is a letter that is enqueued and never sent. Whoever asks for a letter
// to an unknown address must find the server at the same work as for a known one.
var Nobody = mail.Letter{Kind: mail.ResetPassword, Token: "0000000000000000000000000000000000000000000"}
