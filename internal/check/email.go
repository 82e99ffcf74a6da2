package check

import (
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

var (
	// RFC 5321's Dot-string without `%` and `!`, by which relays once named further hosts.
	localPart = regexp.MustCompile("^[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*$")
	// Both may stand in addresses that were accepted earlier.
	earlierLocalPart = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	hostLabel        = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
)

const maxLocalPart = 64 // RFC 5321, 4.5.3.1.1

// Email is an address as it is kept: trimmed, its domain in ASCII. Addresses are
// compared without regard to case.
func (f *Fields) Email(field, value string) string {
	return f.email(field, value, localPart)
}

// KnownEmail is the address of an account that there may be: one that any rule has accepted,
// not that of today alone.
func (f *Fields) KnownEmail(field, value string) string {
	return f.email(field, value, earlierLocalPart)
}

func (f *Fields) email(field, value string, local *regexp.Regexp) string {
	value = strings.TrimSpace(value)
	if !f.Required(field, value) || !f.Length(field, value) || !f.visible(field, value) {
		return ""
	}
	address, ok := asciiAddress(value, local)
	if !ok || len(address) > Limits[field].MaxLength {
		f.Add(field, "email", "must be an e-mail address")
		return ""
	}
	return address
}

// asciiAddress is the address with its domain as the mail system writes it (RFC 5891).
func asciiAddress(text string, local *regexp.Regexp) (address string, ok bool) {
	at := strings.LastIndexByte(text, '@')
	if at < 1 || at > maxLocalPart || !local.MatchString(text[:at]) {
		return "", false
	}
	domain, err := idna.Lookup.ToASCII(text[at+1:])
	if err != nil || !isDomain(domain) {
		return "", false
	}
	if strings.EqualFold(domain, text[at+1:]) {
		return text, true
	}
	return text[:at+1] + domain, true
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
