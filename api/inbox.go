package api

import (
	"bytes"
	_ "embed"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"

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
	s.read("/dev/mail", s.showInbox, noStore, fromThisMachine)
	s.read("/dev/mail.json", s.inboxJSON, noStore, fromThisMachine)
}

// forwardingHeaders are those by which proxies tell for whom they ask.
var forwardingHeaders = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"}

// fromThisMachine answers callers of this machine alone, and as if there were nothing to
// whoever comes through a proxy: a proxy on this machine asks for strangers. So does a page of
// another site, which lets its own name lead a browser here (DNS rebinding).
func fromThisMachine(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		forwarded := slices.ContainsFunc(forwardingHeaders, func(name string) bool { return r.Header.Get(name) != "" })
		if err != nil || !peer.Addr().Unmap().IsLoopback() || forwarded || !isLoopback(r.Host) {
			return echo.ErrNotFound
		}
		return next(c)
	}
}

// isLoopback says whether a Host header names this machine itself.
func isLoopback(host string) bool {
	name := (&url.URL{Host: host}).Hostname()
	return name == "localhost" || net.ParseIP(name).IsLoopback()
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
