package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/mail"
)

//go:embed inbox.html
var inboxSource string

var inboxPage = template.Must(template.New("inbox").Parse(inboxSource))

// InboxLetter is a letter that a server without SMTP did not send.
type InboxLetter struct {
	To      string   `json:"to"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	HTML    string   `json:"html"`
	Links   []string `json:"links"`
}

// mountInbox adds the development inbox. With SMTP set it does not exist:
// letters carry the keys to accounts.
func (s *Server) mountInbox() {
	if s.Inbox == nil {
		return
	}
	s.echo.GET("/dev/mail", s.showInbox, noStore)
	s.echo.GET("/dev/mail.json", s.inboxJSON, noStore)
}

func (s *Server) showInbox(c echo.Context) error {
	letters, err := s.Inbox.Letters(c.Request().Context())
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := inboxPage.Execute(&page, letters); err != nil {
		return err
	}
	return c.HTMLBlob(http.StatusOK, page.Bytes())
}

func (s *Server) inboxJSON(c echo.Context) error {
	letters, err := s.Inbox.Letters(c.Request().Context())
	if err != nil {
		return err
	}
	response := make([]InboxLetter, len(letters))
	for i, letter := range letters {
		response[i] = inboxLetter(letter)
	}
	return c.JSON(http.StatusOK, response)
}

func inboxLetter(letter mail.Delivered) InboxLetter {
	return InboxLetter{To: letter.To, Subject: letter.Subject, Text: letter.Text, HTML: letter.HTML, Links: letter.Links()}
}
