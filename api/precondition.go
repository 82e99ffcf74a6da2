package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
)

// Headers of conditional requests (RFC 9110, 13).
const (
	headerETag        = "ETag"
	headerIfMatch     = "If-Match"
	headerIfNoneMatch = "If-None-Match"
)

// answerTagged answers with JSON and a strong ETag of it; with 304 and nothing else where
// whoever reads has it already.
func answerTagged(c echo.Context, status int, answer any) error {
	content, tag, err := tagged(answer)
	if err != nil {
		return err
	}
	c.Response().Header().Set(headerETag, tag)
	method := c.Request().Method
	if (method == http.MethodGet || method == http.MethodHead) && matches(c.Request().Header.Values(headerIfNoneMatch), tag, true) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.JSONBlob(status, content)
}

// tagged is an answer as it is sent, and its tag: whatever changes in the one changes the other.
func tagged(answer any) (content []byte, tag string, err error) {
	content, err = json.Marshal(answer)
	sum := sha256.Sum256(content)
	return content, `"` + hex.EncodeToString(sum[:12]) + `"`, err
}

var errChangedMeanwhile = fault.New(fault.PreconditionFailed, "It has changed since you read it. Read it again, and decide what of both is to stay.")

// ifMatch is the condition that a request sets by If-Match: what it edits is still what its
// sender has read, as show shows it. Without the header there is none.
func ifMatch[Thing, Answer any](c echo.Context, show func(Thing) Answer) func(Thing) error {
	wanted := c.Request().Header.Values(headerIfMatch)
	return func(current Thing) error {
		if len(wanted) == 0 {
			return nil
		}
		_, tag, err := tagged(show(current))
		if err == nil && !matches(wanted, tag, false) {
			return errChangedMeanwhile
		}
		return err
	}
}

// matches says whether a tag is in a list of them, as in If-Match and If-None-Match. A tag
// that came with a compressed answer is the same with its coding at the end. Weak tags are
// as good as strong ones where nothing is edited by them.
func matches(lists []string, tag string, weak bool) bool {
	for given := range strings.SplitSeq(strings.Join(lists, ","), ",") {
		given = strings.TrimSpace(given)
		if weak {
			given = strings.TrimPrefix(given, "W/")
		}
		if given == "*" || given == tag || strings.TrimSuffix(tag, `"`)+tagSuffixOf(given) == given {
			return true
		}
	}
	return false
}

// tagSuffixOf is what the tag of a compressed answer ends with, see compressing.
func tagSuffixOf(tag string) string {
	for _, suffix := range []string{`-gzip"`, `-zstd"`} {
		if strings.HasSuffix(tag, suffix) {
			return suffix
		}
	}
	return `"`
}
