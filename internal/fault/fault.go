// Package fault is the one vocabulary of errors that reach a client. Features
// return *Error for everything a caller may know about; any other error is an
// internal one, is logged, and is never shown.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code names a failure for programs. Codes are stable: the SPA and foreign
// clients translate and branch by them.
type Code string

// The codes of the API. api/errors.go maps each to its HTTP status.
const (
	Malformed            Code = "malformed"
	ValidationFailed     Code = "validation_failed"
	Unauthorized         Code = "unauthorized"
	InvalidCredentials   Code = "invalid_credentials"
	SyncKeyInvalid       Code = "sync_key_invalid"
	EmailNotVerified     Code = "email_not_verified"
	Forbidden            Code = "forbidden"
	LicenseRequired      Code = "license_required"
	FreshSignInRequired  Code = "fresh_sign_in_required"
	NotFound             Code = "not_found"
	MethodNotAllowed     Code = "method_not_allowed"
	Conflict             Code = "conflict"
	PreconditionFailed   Code = "precondition_failed"
	IdempotencyReused    Code = "idempotency_key_reused"
	IdempotencyOpen      Code = "idempotency_key_in_use"
	OrganizationLimit    Code = "organization_limit_reached"
	GrantExceedsOwnRole  Code = "grant_exceeds_own_role"
	OwnerProtected       Code = "owner_protected"
	RoleInUse            Code = "role_in_use"
	CursorExpired        Code = "cursor_expired"
	TokenInvalid         Code = "token_invalid"
	TooLarge             Code = "too_large"
	TooManyRows          Code = "too_many_rows"
	UnsupportedMediaType Code = "unsupported_media_type"
	RateLimited          Code = "rate_limited"
	Internal             Code = "internal"
	Unavailable          Code = "unavailable"
	TookTooLong          Code = "took_too_long"
	Busy                 Code = "busy"
	BodyTooSlow          Code = "body_too_slow"
	TooManyAtOnce        Code = "too_many_at_once"
)

// Field says what is wrong with one field of a request. Field is the JSON
// path in it (`lines[2].quantity`), Code a stable word, Message English prose.
type Field struct {
	Field   string `json:"field" example:"email"`
	Code    string `json:"code" example:"required"`
	Message string `json:"message" example:"must not be empty"`
}

// Error is a failure that its receiver may see.
type Error struct {
	Code       Code
	Message    string
	Fields     []Field
	RetryAfter time.Duration // for RateLimited, TooManyAtOnce, Busy and Unavailable; 0: not given
	Cause      error         // for the log only
}

func (e *Error) Error() string {
	text := string(e.Code) + ": " + e.Message
	for _, field := range e.Fields {
		text += fmt.Sprintf("; %s %s", field.Field, field.Message)
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.Cause }

// New makes an error of a code; message is an English sentence for a person.
func New(code Code, message string) *Error {
	return &Error{Code: code, Message: message}
}

// Wrap is New with the internal cause, which goes to the log and nowhere else.
func Wrap(code Code, message string, cause error) *Error {
	return &Error{Code: code, Message: message, Cause: cause}
}

// Invalid is the error of a request whose fields break rules.
func Invalid(fields ...Field) *Error {
	return &Error{Code: ValidationFailed, Message: "Some fields are not valid.", Fields: fields}
}

// TooMany refuses an answer (a report, a file) of more rows than it may have.
func TooMany(answer string, most int) *Error {
	return New(TooManyRows, fmt.Sprintf("A %s has at most %d rows. Choose a shorter period or a filter.", answer, most))
}

// Retry is an error that goes away by itself after about the given time.
func Retry(code Code, message string, after time.Duration) *Error {
	return &Error{Code: code, Message: message, RetryAfter: after}
}

// CodeOf is the code of err: Internal for every error that is no *Error.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Is says whether err carries the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }
