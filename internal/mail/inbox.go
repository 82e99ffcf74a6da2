package mail

import (
	"context"
	"log/slog"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

// kept is how many letters the development inbox holds.
const kept = 1000

// Inbox takes the letters of a server without SMTP, for a developer to read: they stay
// in the database.
type Inbox struct {
	db  *db.DB
	log *slog.Logger
}

// NewInbox makes the development inbox.
func NewInbox(database *db.DB, log *slog.Logger) *Inbox { return &Inbox{database, log} }

// Delivered is a letter in the development inbox.
type Delivered struct {
	At      time.Time
	To      string
	Subject string
	Text    string
	HTML    string
}

var linkPattern = regexp.MustCompile(`https?://[^\s<>"]+`)

// Links are the addresses in the letter, in their order.
func (d Delivered) Links() []string {
	links := linkPattern.FindAllString(d.Text, -1)
	if links == nil {
		return []string{}
	}
	return links
}

const (
	insertLetter = `INSERT INTO development_letters (recipient, subject, text, html) VALUES ($1, $2, $3, $4)`
	trimLetters  = `DELETE FROM development_letters WHERE id <= (SELECT max(id) FROM development_letters) - $1`
	newestFirst  = `SELECT created_at, recipient, subject, text, html FROM development_letters ORDER BY id DESC LIMIT $1`
)

// Send puts the message into the inbox. The log learns of it, but neither whose it is nor
// what it says: letters carry the keys to accounts.
func (i *Inbox) Send(ctx context.Context, message Message) error {
	err := i.db.Global(ctx, func(tx db.Tx) error {
		if _, err := tx.Exec(ctx, insertLetter, message.To, message.Subject, message.Text, message.HTML); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, trimLetters, kept)
		return err
	})
	if err == nil {
		i.log.Info("a letter is in the development inbox", "subject", message.Subject)
	}
	return err
}

// Letters are the letters in the inbox, newest first.
func (i *Inbox) Letters(ctx context.Context) (letters []Delivered, err error) {
	err = i.db.Global(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, newestFirst, kept)
		if err != nil {
			return err
		}
		letters, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Delivered])
		return err
	})
	return letters, err
}
