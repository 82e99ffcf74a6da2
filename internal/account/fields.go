package account

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/interpos/cabinet/internal/fault"
)

// Limits of the fields, in characters; of an e-mail address, in bytes.
const (
	maxEmail    = 254 // RFC 5321, as corrected by erratum 1690
	minPassword = 8
	maxPassword = 128
	maxFullName = 200
	maxPhone    = 40
)

var unknownOrganization = fault.Invalid(fault.Field{
	Field: "current_organization_id", Code: "unknown", Message: "must be an organization of yours",
})

// errSignedOut is for a user who is gone while the access token still works.
var errSignedOut = fault.New(fault.Unauthorized, "Sign in first: the account does not exist any more.")

func orSignedOut(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errSignedOut
	}
	return err
}

// faults gathers all that is wrong with a request.
type faults []fault.Field

func (b *faults) add(field, code, message string) {
	*b = append(*b, fault.Field{Field: field, Code: code, Message: message})
}

func (b *faults) fault() error {
	if len(*b) == 0 {
		return nil
	}
	return fault.Invalid(*b...)
}

var (
	localPart = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	hostLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

// email checks an address and gives it as it is kept: trimmed, its domain in
// ASCII. Addresses are compared without regard to case.
func (b *faults) email(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		b.add("email", "required", "must not be empty")
		return ""
	}
	at := strings.LastIndexByte(text, '@')
	if len(text) > maxEmail {
		b.add("email", "too_long", fmt.Sprintf("must have at most %d characters", maxEmail))
		return ""
	}
	if at < 1 || at > 64 || !localPart.MatchString(text[:at]) {
		b.add("email", "email", "must be an e-mail address")
		return ""
	}
	domain, err := idna.Lookup.ToASCII(text[at+1:])
	if err != nil || !isDomain(domain) || at+1+len(domain) > maxEmail {
		b.add("email", "email", "must be an e-mail address")
		return ""
	}
	if strings.EqualFold(domain, text[at+1:]) {
		return text
	}
	return text[:at+1] + domain
}

func isDomain(name string) bool {
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if !hostLabel.MatchString(label) {
			return false
		}
	}
	return len(labels) > 1 && len(name) <= 253
}

func (b *faults) password(text string) {
	length := utf8.RuneCountInString(text)
	switch {
	case text == "":
		b.add("password", "required", "must not be empty")
	case length < minPassword:
		b.add("password", "too_short", fmt.Sprintf("must have at least %d characters", minPassword))
	case length > maxPassword:
		b.add("password", "too_long", fmt.Sprintf("must have at most %d characters", maxPassword))
	}
}

func (b *faults) fullName(text string) string {
	text = b.line("full_name", text, maxFullName)
	if text == "" {
		b.add("full_name", "required", "must not be empty")
	}
	return text
}

func (b *faults) phone(text string) string { return b.line("phone", text, maxPhone) }

// line checks one line of free text.
func (b *faults) line(field, text string, limit int) string {
	text = strings.TrimSpace(text)
	switch {
	case utf8.RuneCountInString(text) > limit:
		b.add(field, "too_long", fmt.Sprintf("must have at most %d characters", limit))
	case strings.ContainsFunc(text, unicode.IsControl):
		b.add(field, "invalid", "must not hold control characters")
	}
	return text
}

func (b *faults) locale(text string) string {
	if text != "ru" && text != "en" {
		b.add("locale", "invalid", "must be one of: ru en")
	}
	return text
}
