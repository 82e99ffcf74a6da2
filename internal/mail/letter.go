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
	Subject   string
	Title     string
	Lead      []string
	Actions   []pageAction
	Notes     []string
	PlainLink string
	Signature string
}

type pageAction struct{ Label, URL string }

// Render writes the letter; its links begin with site, the cabinet's public address.
func (l Letter) Render(site *url.URL) (Message, error) {
	words, known := wordings[l.Locale]
	if !known {
		words = wordings["ru"]
	}
	wording, known := words.letters[l.Kind]
	if !known {
		return Message{}, fmt.Errorf("mail: no letter %q", l.Kind)
	}
	content := page{
		Locale: words.locale, Subject: wording.subject, Title: wording.title, Lead: wording.lead,
		Notes: wording.notes, PlainLink: words.plainLink, Signature: words.signature,
	}
	for _, action := range wording.actions {
		content.Actions = append(content.Actions, pageAction{action.label, l.link(site, action.path)})
	}
	var html, text bytes.Buffer
	if err := htmlLayout.Execute(&html, content); err != nil {
		return Message{}, err
	}
	if err := textLayout.Execute(&text, content); err != nil {
		return Message{}, err
	}
	return Message{To: l.To, Subject: wording.subject, Text: strings.TrimSpace(text.String()) + "\n", HTML: html.String()}, nil
}

// link is the address of a page of the cabinet; those that need the letter's
// token carry it as `?token=`.
func (l Letter) link(site *url.URL, path string) string {
	address := site.JoinPath(path)
	if path == pathVerify || path == pathReset {
		address.RawQuery = url.Values{"token": {l.Token}}.Encode()
	}
	return address.String()
}
