package extract

import (
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/encoding"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/record"
)

// writer turns values of the source into JSON. What does not fit its field
// is written as the text that it is: the cabinet then refuses the record, and
// shows why, which is better than a value that someone guessed.
type writer struct {
	names    Namespaces
	zone     *time.Location
	encoding encoding.Encoding // of texts that are no UTF-8; nil: there are none
	path     string            // of the value at work, for notes
	notes    []Note
}

// appendField appends name and value; nothing for one that is left out.
func (w *writer) appendField(dst []byte, field *mapping.Field, v source.Value) []byte {
	if v.IsNull() || v.Text == "" && field.Shape != record.TextShape || field.Ref != "" && !v.HasKey() {
		return dst
	}
	dst = appendName(dst, field.Name.Text)
	if field.Ref != "" {
		return appendText(dst, ID(w.names.of(field.RefShared), field.Ref, v.Key()).String())
	}
	return w.appendValue(dst, field, v)
}

func (w *writer) appendValue(dst []byte, field *mapping.Field, v source.Value) []byte {
	switch {
	case field.Unix != 0 || field.Shape == record.InstantShape:
		if at, ok := parseInstant(v, w.zone, field.Unix); ok {
			w.noteInstant(v, at)
			return appendText(dst, at.In(w.zone).Format(time.RFC3339Nano))
		}
	case field.Shape == record.NumberShape || !field.Known && v.Type == source.Number:
		if literal, ok := numberLiteral(v.Text); ok {
			return append(dst, literal...)
		}
	case field.Shape == record.BoolShape || !field.Known && v.Type == source.Bool:
		if is, ok := parseBool(v.Text); ok {
			return append(dst, is...)
		}
	case field.Shape == record.DateShape:
		return appendText(dst, dateOnly(v.Text))
	case field.Shape == record.IDShape:
		if id, err := uuid.Parse(v.Key()); err == nil {
			return appendText(dst, id.String())
		}
	}
	return appendText(dst, v.Text)
}

var decimalText = regexp.MustCompile(`^([+-]?)0*(\d*)(?:\.(\d*))?(?:[eE][+-]?\d+)?$`)

// numberLiteral is the JSON literal of a decimal text, digit by digit the same.
func numberLiteral(text string) (literal string, ok bool) {
	if isLiteral(text) {
		return text, true
	}
	text = strings.TrimSpace(text)
	parts := decimalText.FindStringSubmatch(text)
	if parts == nil || !strings.ContainsAny(text, "0123456789") {
		return "", false
	}
	whole, fraction := parts[2], strings.TrimRight(parts[3], "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		whole += text[at:]
	}
	if parts[1] == "-" && strings.ContainsAny(whole, "123456789") {
		whole = "-" + whole
	}
	return whole, true
}

// isLiteral says whether a text is a JSON number already that numberLiteral would not make
// shorter, as almost all are.
func isLiteral(text string) bool {
	whole, fraction, split := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	if split && (!isDigits(fraction) || fraction[len(fraction)-1] == '0') {
		return false
	}
	return isDigits(whole) && (whole[0] != '0' || len(whole) == 1 && (split || text == "0"))
}

func isDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || '9' < text[i] {
			return false
		}
	}
	return text != ""
}

func parseBool(text string) (literal string, ok bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "1", "t", "true", "y", "yes":
		return "true", true
	case "0", "f", "false", "n", "no":
		return "false", true
	}
	return "", false
}

// dateOnly cuts the time of day off a date.
func dateOnly(text string) string {
	if text = strings.TrimSpace(text); len(text) > 10 && (text[10] == ' ' || text[10] == 'T') {
		return text[:10]
	}
	return text
}

func appendName(dst []byte, name string) []byte {
	if last := dst[len(dst)-1]; last != '{' {
		dst = append(dst, ',')
	}
	return append(appendText(dst, name), ':')
}

// appendText writes a JSON string. Bytes that are no UTF-8 become U+FFFD.
func appendText(dst []byte, text string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for _, c := range []byte(strings.ToValidUTF8(text, "\uFFFD")) {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
