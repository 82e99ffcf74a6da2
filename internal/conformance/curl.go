package conformance

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// shown is how many bytes of a body evidence shows.
const shown = 1500

// curlCommand writes a request as a command line. Keys are written as $KEY.
func (p *probe) curlCommand(r request) string {
	var line strings.Builder
	plain, packed := r.body, ""
	if r.encoding != "" {
		packed = " | " + r.encoding
		if unpacked, err := decodeBody(r.body, r.encoding); err == nil {
			plain = unpacked
		}
	}
	if r.cutAt > 0 {
		packed += fmt.Sprintf(" | head -c %d", r.cutAt)
	}
	if packed != "" {
		_, _ = fmt.Fprintf(&line, "printf %%s %s%s |\n", shellQuote(truncateBody(plain)), packed)
	}
	_, _ = fmt.Fprintf(&line, "curl -i -X %s %s", r.method, shellQuote(p.kit.endpoint(r.path)))
	headers := p.requestHeaders(r)
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		value := headers[name]
		if name == "Authorization" {
			_, _ = fmt.Fprintf(&line, ` -H "Authorization: Bearer %s"`, p.keyName(value))
			continue
		}
		line.WriteString(" -H " + shellQuote(name+": "+value))
	}
	switch {
	case packed != "":
		line.WriteString(" --data-binary @-")
	case r.body != nil:
		line.WriteString(" -d " + shellQuote(truncateBody(plain)))
	}
	if len(plain) > shown {
		_, _ = fmt.Fprintf(&line, "  # the body is shortened; it has %d bytes", len(plain))
	}
	if r.cutAt > 0 {
		_, _ = fmt.Fprintf(&line, "  # the connection was dropped after %d of %d bytes", r.cutAt, len(r.body))
	}
	return line.String()
}

func (p *probe) keyName(authorization string) string {
	key := strings.TrimPrefix(authorization, "Bearer ")
	switch {
	case key == p.kit.main.keyOr(p.account):
		return "$KEY"
	case p.kit.other != nil && key == p.kit.other.key:
		return "$OTHER_KEY"
	}
	return key
}

// keyOr is the account's key; while the main account is not open yet, that of
// the one that speaks.
func (a *account) keyOr(speaking *account) string {
	if a == nil {
		return speaking.key
	}
	return a.key
}

// rawText is an answer as evidence shows it: status, the headers that matter, body.
func (a *answer) rawText() string {
	if a.status == 0 {
		return fmt.Sprintf("no answer: %v", a.failed)
	}
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "HTTP %d\n", a.status)
	for _, name := range []string{"Content-Type", "Content-Encoding", "Retry-After", "Www-Authenticate", "Ratelimit", "Ratelimit-Policy"} {
		if value := a.header.Get(name); value != "" {
			_, _ = fmt.Fprintf(&text, "%s: %s\n", name, value)
		}
	}
	text.WriteString("\n" + truncateBody(bytes.TrimSpace(a.body)))
	if a.failed != nil {
		_, _ = fmt.Fprintf(&text, "\n(the answer ended early: %v)", a.failed)
	}
	return text.String()
}

// truncateBody makes a body fit for evidence.
func truncateBody(body []byte) string {
	if !utf8.Valid(body) {
		return fmt.Sprintf("(%d bytes that are no text)", len(body))
	}
	if len(body) <= shown {
		return string(body)
	}
	return strings.ToValidUTF8(string(body[:shown]), "") + "…"
}

func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func encodeBody(body []byte, encoding string) []byte {
	var packed bytes.Buffer
	var writer io.WriteCloser = gzip.NewWriter(&packed)
	if encoding == "zstd" {
		writer, _ = zstd.NewWriter(&packed) // fails for wrong options only
	}
	_, _ = writer.Write(body) // a buffer takes everything
	_ = writer.Close()
	return packed.Bytes()
}

// decodeBody reads at most maxAnswer bytes of a compressed body.
func decodeBody(body []byte, encoding string) ([]byte, error) {
	switch encoding {
	case "", "identity":
		return body, nil
	case "gzip":
		reader, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return body, err
		}
		return io.ReadAll(io.LimitReader(reader, maxAnswer))
	case "zstd":
		reader, err := zstd.NewReader(bytes.NewReader(body), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return body, err
		}
		defer reader.Close()
		return io.ReadAll(io.LimitReader(reader, maxAnswer))
	}
	return body, fmt.Errorf("unknown Content-Encoding %q", encoding)
}
