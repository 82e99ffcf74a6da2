package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
)

// maxBody is the limit of a request's body, in bytes, for all but the sync
// endpoints.
const maxBody = 1 << 20

// bind reads a JSON body into request and checks it by its `validate` tags.
// Errors: Malformed, UnsupportedMediaType, TooLarge, ValidationFailed.
func bind(c echo.Context, request any) error {
	if mediaType, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); err != nil || mediaType != echo.MIMEApplicationJSON {
		return fault.New(fault.UnsupportedMediaType, "Send the body as application/json.")
	}
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return err
	}
	if err := decode(body, request); err != nil {
		return err
	}
	return validated(request)
}

func decode(body []byte, into any) error {
	if !utf8.Valid(body) {
		return fault.New(fault.Malformed, "The body is not valid UTF-8.")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	if err := decoder.Decode(into); err != nil {
		return decodeFault(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fault.New(fault.Malformed, "The body holds more than one JSON value.")
	}
	return nil
}

func decodeFault(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return fault.Invalid(fault.Field{Field: wrongType.Field, Code: "invalid", Message: "must be of type " + jsonType(wrongType.Type)})
	}
	return fault.Wrap(fault.Malformed, "The body is not the JSON that is expected here.", err)
}

func jsonType(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.String:
		return "string"
	default:
		return "number"
	}
}

var rules = newRules()

func newRules() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	// swag reads this word as "not required"; to the validator it says nothing.
	if err := v.RegisterValidation("optional", func(validator.FieldLevel) bool { return true }, true); err != nil {
		panic(err)
	}
	v.RegisterTagNameFunc(func(field reflect.StructField) string {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		return name
	})
	return v
}

func validated(request any) error {
	err := rules.Struct(request)
	var broken validator.ValidationErrors
	if !errors.As(err, &broken) {
		return err
	}
	fields := make([]fault.Field, len(broken))
	for i, rule := range broken {
		_, path, _ := strings.Cut(rule.Namespace(), ".")
		code, message := describe(rule)
		fields[i] = fault.Field{Field: path, Code: code, Message: message}
	}
	return fault.Invalid(fields...)
}

// describe puts a broken validator rule into our stable words.
func describe(rule validator.FieldError) (code, message string) {
	isText := rule.Kind() == reflect.String
	switch rule.Tag() {
	case "required":
		return "required", "must be given"
	case "email":
		return "email", "must be an e-mail address"
	case "timezone":
		return "time_zone", "must be a time zone of the IANA list, such as Europe/Moscow"
	case "min", "gte":
		if isText {
			return "too_short", fmt.Sprintf("must have at least %s characters", rule.Param())
		}
		return "too_small", "must be at least " + rule.Param()
	case "max", "lte":
		if isText {
			return "too_long", fmt.Sprintf("must have at most %s characters", rule.Param())
		}
		return "too_large", "must be at most " + rule.Param()
	case "oneof":
		return "invalid", "must be one of: " + rule.Param()
	}
	return "invalid", "is not valid"
}

// pathID reads a UUID of the path. One that is no UUID names nothing: NotFound.
func pathID(c echo.Context, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param(name))
	if err != nil {
		return uuid.Nil, fault.New(fault.NotFound, "There is no such thing here.")
	}
	return id, nil
}
