package account

import (
	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/fault"
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

func fullName(fields *check.Fields, value string) string {
	value = fields.Line("full_name", value)
	fields.Required("full_name", value)
	return value
}
