package mail

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/mail/mailtest"
)

var message = Message{
	To: "anna@example.com", Subject: "Подтвердите электронную почту",
	Text: "Ссылка: https://cabinet.example/verify-email#token=" + strings.Repeat("a", 43) + "\n", HTML: "<p>Ссылка</p>",
}

func TestAMessageArrivesWhole(t *testing.T) {
	server := mailtest.New(t)
	sender, err := NewSMTP(server.URL(), "Interpos <no-reply@cabinet.example>")
	require.NoError(t, err)
	require.NoError(t, sender.Send(t.Context(), message))

	received := server.Next(t)
	require.Equal(t, "no-reply@cabinet.example", received.From)
	require.Equal(t, []string{"anna@example.com"}, received.To)
	parsed, err := netmail.ReadMessage(strings.NewReader(received.Data))
	require.NoError(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	require.NoError(t, err)
	require.Equal(t, message.Subject, subject)
	require.Equal(t, "auto-generated", parsed.Header.Get("Auto-Submitted"))
	require.NotEmpty(t, parsed.Header.Get("Message-Id"))
	require.NotEmpty(t, parsed.Header.Get("Date"))
	require.Equal(t, []string{"text/plain", "text/html"}, partTypes(t, parsed))
	require.Equal(t, message.Text, strings.ReplaceAll(partText(t, received.Data, 0), "\r\n", "\n"))
}

func parts(t *testing.T, parsed *netmail.Message) *multipart.Reader {
	t.Helper()
	mediaType, parameters, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", mediaType)
	return multipart.NewReader(parsed.Body, parameters["boundary"])
}

func partTypes(t *testing.T, parsed *netmail.Message) (types []string) {
	t.Helper()
	for reader := parts(t, parsed); ; {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return types
		}
		require.NoError(t, err)
		mediaType, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		require.NoError(t, err)
		types = append(types, mediaType)
	}
}

// partText is a part's text; multipart undoes quoted-printable by itself.
func partText(t *testing.T, data string, number int) string {
	t.Helper()
	parsed, err := netmail.ReadMessage(strings.NewReader(data))
	require.NoError(t, err)
	reader := parts(t, parsed)
	for range number {
		_, err := reader.NextPart()
		require.NoError(t, err)
	}
	part, err := reader.NextPart()
	require.NoError(t, err)
	text, err := io.ReadAll(part)
	require.NoError(t, err)
	return string(text)
}

func TestAMailboxThatDoesNotExistIsRefusedForGood(t *testing.T) {
	server := mailtest.New(t)
	sender, err := NewSMTP(server.URL(), "no-reply@cabinet.example")
	require.NoError(t, err)
	server.Refuse("anna@example.com", 550)
	require.ErrorIs(t, sender.Send(t.Context(), message), ErrRefused)
	server.Refuse("anna@example.com", 451)
	err = sender.Send(t.Context(), message)
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrRefused, "a full mailbox may have room later")
}

func TestAServerThatIsAwayIsNoRefusal(t *testing.T) {
	server := mailtest.New(t)
	sender, err := NewSMTP(server.URL(), "no-reply@cabinet.example")
	require.NoError(t, err)
	server.Close()
	err = sender.Send(t.Context(), message)
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrRefused)
}

func TestTheServerIsToldWhoSends(t *testing.T) {
	server := mailtest.New(t)
	server.Require("cabinet", "p@ss:word")
	sender, err := NewSMTP(server.URL(), "no-reply@cabinet.example")
	require.NoError(t, err)
	require.Error(t, sender.Send(t.Context(), message))

	known := strings.Replace(server.URL(), "smtp://", "smtp://cabinet:p%40ss%3Aword@", 1)
	sender, err = NewSMTP(known, "no-reply@cabinet.example")
	require.NoError(t, err)
	require.Error(t, sender.Send(t.Context(), message), "the password does not go over an open line")
	sender, err = NewSMTP(known+"?starttls=off", "no-reply@cabinet.example")
	require.NoError(t, err)
	require.NoError(t, sender.Send(t.Context(), message))
	server.Next(t)
}

func TestEncryptionThatIsRequiredIsNotGivenUp(t *testing.T) {
	server := mailtest.New(t)
	sender, err := NewSMTP(server.URL()+"?starttls=required", "no-reply@cabinet.example")
	require.NoError(t, err)
	require.Error(t, sender.Send(t.Context(), message))
}

func TestAWrongAddressOfTheServerIsSaid(t *testing.T) {
	for _, address := range []string{"mail.example.com", "http://mail.example.com", "smtp://", "smtp://a:b", "smtp://mail?starttls=maybe", "smtp://mail:99999"} {
		_, err := NewSMTP(address, "no-reply@cabinet.example")
		require.Error(t, err, address)
	}
	_, err := NewSMTP("smtp://mail.example.com", "not an address")
	require.ErrorContains(t, err, "MAIL_FROM")
}
