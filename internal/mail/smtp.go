package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// ErrRefused says that the mail server will not take this message however often
// it is offered: the mailbox does not exist, say.
var ErrRefused = errors.New("mail: the server refuses the message for good")

// SMTP sends messages by a mail server.
type SMTP struct {
	client *gomail.Client
	from   string
}

// NewSMTP reads the address of a mail server:
// `smtp://[user:password@]host[:port][?starttls=auto|required|off]` (ports 25,
// 587 with a user; TLS is used where the server offers it, unless said
// otherwise) or `smtps://…` (TLS from the start, port 465). A password goes over
// an open line with starttls=off alone. from is the address that letters come
// from, as `a@b.c` or `Name <a@b.c>`.
func NewSMTP(address, from string) (*SMTP, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" {
		return nil, errors.New("SMTP_URL must be smtp://user:password@host:port or smtps://…")
	}
	options := []gomail.Option{gomail.WithTimeout(20 * time.Second)}
	transport, err := transportOptions(parsed)
	if err != nil {
		return nil, err
	}
	options = append(options, transport...)
	if parsed.User != nil {
		password, _ := parsed.User.Password()
		options = append(options, gomail.WithSMTPAuth(authenticationType(parsed)),
			gomail.WithUsername(parsed.User.Username()), gomail.WithPassword(password))
	}
	if err := gomail.NewMsg().From(from); err != nil {
		return nil, fmt.Errorf("MAIL_FROM: %w", err)
	}
	client, err := gomail.NewClient(parsed.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("SMTP_URL: %w", err)
	}
	return &SMTP{client: client, from: from}, nil
}

func transportOptions(address *url.URL) ([]gomail.Option, error) {
	var options []gomail.Option
	standard := 25
	if address.User != nil {
		standard = 587
	}
	switch address.Scheme {
	case "smtps":
		standard = 465
		options = append(options, gomail.WithSSL())
	case "smtp":
		policy, err := startTLS(address.Query().Get("starttls"))
		if err != nil {
			return nil, err
		}
		options = append(options, gomail.WithTLSPolicy(policy))
	default:
		return nil, errors.New("SMTP_URL must begin with smtp:// or smtps://")
	}
	if address.Port() == "" {
		return append(options, gomail.WithPort(standard)), nil
	}
	port, err := strconv.Atoi(address.Port())
	if err != nil {
		return nil, fmt.Errorf("SMTP_URL: the port is no number: %w", err)
	}
	return append(options, gomail.WithPort(port)), nil
}

func authenticationType(address *url.URL) gomail.SMTPAuthType {
	if address.Query().Get("starttls") == "off" {
		return gomail.SMTPAuthPlainNoEnc
	}
	return gomail.SMTPAuthAutoDiscover
}

func startTLS(word string) (gomail.TLSPolicy, error) {
	switch word {
	case "", "auto":
		return gomail.TLSOpportunistic, nil
	case "required":
		return gomail.TLSMandatory, nil
	case "off":
		return gomail.NoTLS, nil
	}
	return 0, fmt.Errorf("SMTP_URL: starttls is auto, required or off, not %q", word)
}

// Send hands the message to the mail server.
func (s *SMTP) Send(ctx context.Context, message Message) error {
	m := gomail.NewMsg()
	if err := m.From(s.from); err != nil {
		return err
	}
	if err := m.To(message.To); err != nil {
		return errors.Join(ErrRefused, err)
	}
	m.Subject(message.Subject)
	m.SetDate()
	m.SetMessageID()
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers, please
	m.SetBodyString(gomail.TypeTextPlain, message.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, message.HTML)
	err := s.client.DialAndSendWithContext(ctx, m)
	var refusal *gomail.SendError
	if errors.As(err, &refusal) && refusal.Reason == gomail.ErrSMTPRcptTo && !refusal.IsTemp() {
		return errors.Join(ErrRefused, err)
	}
	return err
}
