// Package mail writes the cabinet's letters and sends them: by SMTP, or, on a
// server without SMTP, into a development inbox.
package mail

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	texttemplate "text/template"
	"time"

	"github.com/interpos/cabinet/internal/text"
)

// Kind says what a letter is about.
type Kind string

// The letters that the cabinet sends.
const (
	VerifyEmail       Kind = "verify_email"
	AlreadyRegistered Kind = "already_registered"
	ResetPassword     Kind = "reset_password"
	PasswordChanged   Kind = "password_changed"
)

// Letter is what is to be said to whom. It quotes nothing that a stranger could
// have typed into a form: a letter of ours must not carry foreign words.
type Letter struct {
	Kind      Kind      `json:"kind"`
	To        string    `json:"to"`
	Locale    string    `json:"locale"` // ru or en; any other is read as ru
	Token     string    `json:"token,omitempty"`
	ExpiresAt time.Time `json:"expires_at,omitzero"` // when the letter is of no use any more; zero: never
}

// Message is a letter ready to be sent.
type Message struct {
	To      string
	Subject string
	Text    string
	HTML    string
}

// Sender delivers messages.
type Sender interface {
	// Send delivers a message or says why not; ErrRefused when sending it again is of no use.
	Send(ctx context.Context, message Message) error
}

//go:embed templates
var templates embed.FS

var (
	htmlLayout = template.Must(template.ParseFS(templates, "templates/letter.html"))
	textLayout = texttemplate.Must(texttemplate.ParseFS(templates, "templates/letter.txt"))
)

// page is what the layouts are filled with.
type page struct {
	Locale    string
	Subject   string // the title as well
	Lead      []string
	Actions   []pageAction
	Notes     []string
	PlainLink string
	Signature string
}

type pageAction struct{ Label, URL string }

// Render writes the letter; its links begin with site, the cabinet's public address.
func (l Letter) Render(site *url.URL) (Message, error) {
	pages, known := actions[l.Kind]
	if !known {
		return Message{}, fmt.Errorf("mail: no letter %q", l.Kind)
	}
	words, letter := text.In(l.Locale), "mail:letter."+string(l.Kind)
	content := page{
		Locale: words.Language, Subject: words.Text(letter + ".subject"), Lead: words.List(letter + ".lead"),
		Notes: words.List(letter + ".notes"), PlainLink: words.Text("mail:plain_link"), Signature: words.Text("mail:signature"),
	}
	for _, path := range pages {
		content.Actions = append(content.Actions, pageAction{actionLabel(words, path), l.absoluteLink(site, path)})
	}
	var html, plain bytes.Buffer
	if err := htmlLayout.Execute(&html, content); err != nil {
		return Message{}, err
	}
	if err := textLayout.Execute(&plain, content); err != nil {
		return Message{}, err
	}
	return Message{To: l.To, Subject: content.Subject, Text: strings.TrimSpace(plain.String()) + "\n", HTML: html.String()}, nil
}

// absoluteLink is the address of a page of the cabinet; those that need the letter's
// token carry it in the fragment, which browsers send to no server: neither ours nor, as
// Referer, another's.
func (l Letter) absoluteLink(site *url.URL, path string) string {
	address := site.JoinPath(path)
	if path == pathVerify || path == pathReset {
		address.Fragment = "token=" + l.Token
		address.RawFragment = "token=" + url.QueryEscape(l.Token)
	}
	return address.String()
}
