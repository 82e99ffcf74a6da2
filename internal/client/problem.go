package client

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/interpos/cabinet/internal/fault"
)

// Problem is an error answer of the cabinet (RFC 9457).
type Problem struct {
	Status     int           `json:"status"`
	Code       string        `json:"code"` // stable word; empty if something else than a cabinet answered
	Title      string        `json:"title"`
	Detail     string        `json:"detail"` // English sentence
	RequestID  string        `json:"request_id"`
	Errors     []FieldError  `json:"errors"`
	RetryAfter time.Duration `json:"-"` // 0: not given
}

// FieldError says what is wrong with one field of a request or of a record.
type FieldError struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (p *Problem) Error() string {
	text := p.Detail
	if text == "" {
		text = fmt.Sprintf("the cabinet answered %d %s", p.Status, http.StatusText(p.Status))
	}
	for _, field := range p.Errors {
		text += fmt.Sprintf(" %s %s;", field.Field, field.Message)
	}
	if p.Code != "" {
		text += " (" + p.Code
		if p.RequestID != "" {
			text += ", request " + p.RequestID
		}
		text += ")"
	}
	return text
}

// Interrupted is the error of an exchange that was cut: no connection, a time
// limit, half an answer. Whether the cabinet acted on it is not known.
type Interrupted struct{ Cause error }

func (b *Interrupted) Error() string { return "no answer from the cabinet: " + b.Cause.Error() }

func (b *Interrupted) Unwrap() error { return b.Cause }

// IsCode says whether err is a problem with the code.
func IsCode(err error, code fault.Code) bool {
	var problem *Problem
	return errors.As(err, &problem) && problem.Code == string(code)
}

// Temporary says whether the same request may succeed later: true for 408,
// 429, 5xx, and broken exchanges; false for everything that a repeat cannot
// change, an untrusted certificate among it.
func Temporary(err error) bool {
	var problem *Problem
	if errors.As(err, &problem) {
		return problem.Status >= 500 || problem.Status == http.StatusTooManyRequests || problem.Status == http.StatusRequestTimeout
	}
	var cut *Interrupted
	return errors.As(err, &cut) && !isUntrusted(err)
}

func isUntrusted(err error) bool {
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	return errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
}

func problemOf(answer *http.Response, data []byte) error {
	problem := &Problem{}
	if strings.Contains(answer.Header.Get("Content-Type"), "json") {
		_ = json.Unmarshal(data, problem) // what cannot be read stays empty
	}
	problem.Status = answer.StatusCode
	problem.RetryAfter = retryAfter(answer.Header.Get("Retry-After"))
	return problem
}

// retryAfter reads both forms of the header (RFC 9110, 10.2.3).
func retryAfter(value string) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
