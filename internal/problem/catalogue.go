// Package problem is the catalogue of what goes wrong as clients meet it: the codes of
// problems (RFC 9457) with their statuses, and those of fields, of rejected records and of
// remarks. docs/errors.md and the answers of openapi.yaml are made of it.
package problem

import (
	"net/http"

	"github.com/interpos/cabinet/internal/fault"
)

// Entry is what a client has to know of a code.
type Entry struct {
	Code    fault.Code
	Status  int    // of HTTP
	Meaning string // one sentence for whoever wrote the client
	Advice  string // what the client does, or lets its user do
}

// Entries are the codes of all problems, by their statuses.
var Entries = []Entry{
	{fault.Malformed, http.StatusBadRequest,
		"The request cannot be read: its body is not the JSON that is expected, is not UTF-8 or not what its `Content-Encoding` says, or a cursor was not made by this server.",
		"Mend the request; the same one is refused again."},

	{fault.Unauthorized, http.StatusUnauthorized,
		"The access token is missing, forged or older than 15 minutes, or its session has ended.",
		"Take a new token by `POST /auth/refresh`; where that answers this code too, sign in again."},
	{fault.InvalidCredentials, http.StatusUnauthorized,
		"E-mail and password do not belong together.",
		"Let the user type them again, or reset the password. Nothing says which of the two was wrong."},
	{fault.SyncKeyInvalid, http.StatusUnauthorized,
		"The sync key is missing or wrong, or was replaced.",
		"Stop, and ask for the key that the organization's form shows now."},

	{fault.EmailNotVerified, http.StatusForbidden,
		"The account's e-mail address is not confirmed.",
		"Let the user follow the link of the letter, or send it again by `POST /auth/resend-verification`."},
	{fault.Forbidden, http.StatusForbidden,
		"The user's role in this organization does not allow it.",
		"Ask the organization's owner for a role that does; trying again changes nothing."},
	{fault.GrantExceedsOwnRole, http.StatusForbidden,
		"The role that is given, taken or edited allows what the user's own role in this organization does not.",
		"Choose a role within one's own, or let the organization's owner do it."},
	{fault.LicenseRequired, http.StatusForbidden,
		"It belongs to a module that the organization has no active license for.",
		"Renew the license; then send the same again."},
	{fault.FreshSignInRequired, http.StatusForbidden,
		"It is asked for within 10 minutes of a sign-in only.",
		"Let the user sign in again, and send the same with the new token."},

	{fault.NotFound, http.StatusNotFound,
		"There is no such thing here, or it is another organization's.",
		"Look at the address and its ids."},
	{fault.MethodNotAllowed, http.StatusMethodNotAllowed,
		"The address does not take this method.",
		"Look at the method."},

	{fault.Conflict, http.StatusConflict,
		"What is asked for does not go with what there is, such as a name that is taken.",
		"Read what there is now; `detail` says what is in the way."},
	{fault.OrganizationLimit, http.StatusConflict,
		"The account owns as many organizations as it may.",
		"Ask the host's support for a higher limit."},

	{fault.OwnerProtected, http.StatusConflict,
		"It would take the organization from its owner, or give it to a second one.",
		"Leave the owner's membership as it is; choose another role for others."},
	{fault.RoleInUse, http.StatusConflict,
		"The role cannot be deleted while somebody has it.",
		"Name another role for them in `replacement_id`."},

	{fault.IdempotencyOpen, http.StatusConflict,
		"A request with this `Idempotency-Key` is being answered, or was broken off before it was known how it ended.",
		"Wait a little and send the same again. If this stays, look whether it was done, and go on with another key."},
	{fault.PreconditionFailed, http.StatusPreconditionFailed,
		"It has changed since it was read: its `ETag` is none of those in `If-Match`.",
		"Read it again, let the user decide what of both is to stay, and send that with the new `ETag`."},

	{fault.CursorExpired, http.StatusGone,
		"The feed does not go on from the cursor: an older backup was restored, tombstones that it has not met were purged, or the feed was begun anew.",
		"Read the feed again from the beginning, without a cursor; after a push, send again what is missing."},
	{fault.TokenInvalid, http.StatusGone,
		"The link of a letter was used, replaced or is too old.",
		"Ask for a new letter."},

	{fault.TooLarge, http.StatusRequestEntityTooLarge,
		"The body is larger than the limit: 1 MiB, and 16 MiB for a push.",
		"Send less at once."},
	{fault.BodyTooSlow, http.StatusRequestTimeout,
		"The body came too slowly: slower than 8 KiB a second for more than 20 seconds, or for more than two minutes.",
		"Send less at once, or compress it."},
	{fault.TooManyRows, http.StatusUnprocessableEntity,
		"The answer would have more rows than it may: a report 20,000, a file of a list 1,000,000.",
		"Choose a shorter period or a filter."},
	{fault.UnsupportedMediaType, http.StatusUnsupportedMediaType,
		"The body's `Content-Type` or `Content-Encoding` is none that is taken here.",
		"Send `application/json`, or what the operation names."},
	{fault.ValidationFailed, http.StatusUnprocessableEntity,
		"The request can be read, but fields or parameters hold what they may not.",
		"`errors` names each with a code of its own, see below; mend them."},
	{fault.IdempotencyReused, http.StatusUnprocessableEntity,
		"The `Idempotency-Key` was given to another request.",
		"Give each request a key of its own; the same key is for sending the same again."},
	{fault.RateLimited, http.StatusTooManyRequests,
		"Too much was asked for in too short a time.",
		"Send the same again after `Retry-After` seconds."},
	{fault.TooManyAtOnce, http.StatusTooManyRequests,
		"What the organization, the account or the network asked for before is not done yet: lists, reports and files that are being made, or bodies that are not complete or not answered.",
		"Wait for it, and ask for one after another; send the same again after `Retry-After` seconds."},

	{fault.Internal, http.StatusInternalServerError,
		"Something went wrong on the server, which has written down why.",
		"Tell support the `request_id`. The same request may be sent again, at growing intervals."},
	{fault.Unavailable, http.StatusServiceUnavailable,
		"The server cannot answer now: it starts or stops, or its database does.",
		"Send the same again after `Retry-After` seconds."},
	{fault.Busy, http.StatusServiceUnavailable,
		"The server has more to do at once than it can: all connections of its database, all places for reports and files, or all memory for bodies are taken.",
		"Send the same again after `Retry-After` seconds."},
	{fault.TookTooLong, http.StatusServiceUnavailable,
		"It took the database longer than work of its kind may, and was broken off.",
		"Ask for less at once, such as a shorter period, or send the same again after `Retry-After` seconds."},
}

// Of is the entry of a code, and whether there is one.
func Of(code fault.Code) (Entry, bool) {
	for _, entry := range Entries {
		if entry.Code == code {
			return entry, true
		}
	}
	return Entry{}, false
}

// Reason is a code of one field (`errors[].code`), of a rejected record, or of a remark.
type Reason struct{ Code, Meaning string }

// FieldReasons are the codes of fields, of requests and of records.
var FieldReasons = []Reason{
	{"required", "It is missing or empty."},
	{"invalid", "It holds what it cannot: another type, another word than those listed, control characters."},
	{"invisible", "It holds characters that are not seen, or that change the direction of the text, such as U+200B or U+202E."},
	{"unknown", "It names nothing that there is, or is none of the words that are taken."},
	{"too_short", "It has too few characters."},
	{"too_long", "It has too many characters or items."},
	{"too_small", "The number or the date is too small."},
	{"too_large", "The number, the span or the text is too large."},
	{"too_many", "More were named than may be at once."},
	{"repeated", "The parameter stands more than once in the address."},
	{"too_precise", "The number has more fraction digits than may be."},
	{"uuid", "It is not a UUID."},
	{"date", "It is not a date, such as `2026-05-25`."},
	{"time", "It is not a time: a moment needs an offset, such as `2026-05-25T20:03:14+03:00`."},
	{"time_zone", "It is not a time zone of the IANA list."},
	{"currency", "It is not a currency of ISO 4217."},
	{"email", "It is not an e-mail address."},
	{"phone", "It is not a telephone number: one with the code of its country, such as `+7 912 345-67-89`."},
	{"tax_number", "It is not a taxpayer's number as the country of the organization's currency writes it, with its check digits."},
}

// RecordReasons are the codes by which a record is rejected, beside those of its fields.
var RecordReasons = []Reason{
	{"malformed", "It cannot be read as a record."},
	{"unknown_kind", "The cabinet does not know records of this kind."},
	{"clock_ahead", "Its `modified_at` is more than 24 hours ahead of the server's clock."},
	{"record_too_large", "Its data is larger than 256 KiB in canonical form."},
	{"too_deep", "Lists and objects stand too deep in one another."},
	{"lone_surrogate", "A text holds half of a surrogate pair, such as half an emoji."},
	{"duplicate_field", "A name stands twice in an object."},
	{"nul_character", "A text holds the character U+0000, which cannot be stored."},
	{"number_precision", "A number has more digits than JSON's numbers keep: send it as a text."},
	{"pickup_on_way", "An order that is picked up is never on its way."},
	{"status_taken_back", "An order does not go back to an earlier status; a cancelled one stays cancelled."},
	{"cancelled_too_late", "An order that was delivered cannot be cancelled."},
}

// Remarks are the codes of what is remarked of a record that is taken all the same.
var Remarks = []Reason{
	{"line_total_mismatch", "A line's total is not quantity × price + modifiers − discount, with its tax where that stands on top."},
	{"total_mismatch", "The total is not what the document's parts add up to."},
	{"payments_mismatch", "The payments do not add up to the total."},
	{"quantity_rounded", "A quantity has more than 6 fraction digits; figures count it rounded."},
	{"name_missing", "The record has no name."},
	{"number_missing", "The document has no number."},
	{"unknown_word", "A word is none of those that are known for its field."},
}
