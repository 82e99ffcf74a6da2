// Package mailtest runs a real SMTP server for tests.
package mailtest

import (
	"errors"
	"io"
	"log"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Server is an SMTP server on a free port of this machine.
type Server struct {
	smtp     *smtp.Server
	listener net.Listener
	address  string
	received chan Received

	mu       sync.Mutex
	refusals map[string]int
	user     string
	password string
}

// Received is what a client has handed over.
type Received struct {
	From string
	To   []string
	Data string
}

// New runs a server until the test ends.
func New(tb testing.TB) *Server {
	tb.Helper()
	return Listen(tb, "127.0.0.1:0")
}

// Listen runs a server at an address.
func Listen(tb testing.TB, address string) *Server {
	tb.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{
		listener: listener, address: listener.Addr().String(),
		received: make(chan Received, 100), refusals: map[string]int{},
	}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		session := &session{server: s}
		if s.credentials() != "" {
			return &authSession{session}, nil
		}
		return session, nil
	}))
	s.smtp.Domain = "mail.example"
	s.smtp.AllowInsecureAuth = true
	s.smtp.ErrorLog = log.New(io.Discard, "", 0)
	go func() { _ = s.smtp.Serve(listener) }()
	tb.Cleanup(s.Close)
	return s
}

// Close stops the server; it may be called more than once.
func (s *Server) Close() {
	_ = s.smtp.Close()
	_ = s.listener.Close() // Serve may not have begun
}

// URL is the server's address for SMTP_URL.
func (s *Server) URL() string { return "smtp://" + s.address }

// Address is the server's host and port.
func (s *Server) Address() string { return s.address }

// Refuse makes the server answer a recipient with an SMTP code from now on.
func (s *Server) Refuse(recipient string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals[recipient] = code
}

// Require makes the server take messages of this user only.
func (s *Server) Require(user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.user, s.password = user, password
}

func (s *Server) credentials() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.user
}

// Next waits for the next message.
func (s *Server) Next(tb testing.TB) Received {
	tb.Helper()
	select {
	case received := <-s.received:
		return received
	case <-time.After(time.Minute):
		tb.Fatal("no message has come")
	}
	return Received{}
}

type session struct {
	server   *Server
	received Received
	signedIn bool
}

// authSession is a session that must sign in.
type authSession struct{ *session }

// AuthMechanisms are what the server offers.
func (s *authSession) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth checks the user.
func (s *authSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.server.mu.Lock()
		defer s.server.mu.Unlock()
		if user != s.server.user || password != s.server.password {
			return errors.New("wrong user or password")
		}
		s.signedIn = true
		return nil
	}), nil
}

// Mail begins a message.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.credentials() != "" && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	s.received = Received{From: from}
	return nil
}

// Rcpt adds a recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if code := s.server.refusals[to]; code != 0 {
		return &smtp.SMTPError{Code: code, Message: "not here"}
	}
	s.received.To = append(s.received.To, to)
	return nil
}

// Data takes the message.
func (s *session) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	s.received.Data = string(content)
	s.server.received <- s.received
	return err
}

// Reset drops the message that was begun.
func (s *session) Reset() { s.received = Received{} }

// Logout ends the session.
func (s *session) Logout() error { return nil }
