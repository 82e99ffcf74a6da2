package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"reflect"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
)

// maxBody is the limit of a request's body, in bytes, for all but the sync
// endpoints.
const maxBody = 1 << 20

// maxAuthBody is that of what strangers send to sign in: many at once must cost little.
const maxAuthBody = 16 << 10

// bindJSON reads a JSON body into request. What its fields may hold, the feature says that
// takes them. Errors: Malformed, UnsupportedMediaType, TooLarge; ValidationFailed for a
// value of another type.
func bindJSON(c echo.Context, request any) error {
	if mediaType, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); err != nil || mediaType != echo.MIMEApplicationJSON {
		return fault.New(fault.UnsupportedMediaType, "Send the body as application/json.")
	}
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return err
	}
	return decode(body, request)
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

// pathID reads a UUID of the path. One that is no UUID names nothing: NotFound.
func pathID(c echo.Context, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(c.Param(name))
	if err != nil {
		return uuid.Nil, fault.New(fault.NotFound, "There is no such thing here.")
	}
	return id, nil
}
