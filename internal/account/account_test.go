package account

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
)

// user signs the usual account in and gives its id.
func (w *world) user() uuid.UUID {
	w.Helper()
	w.verified()
	access, err := w.tokens.Verify(w.login().AccessToken, w.clock.Now())
	require.NoError(w, err)
	return access.UserID
}

// organization adds one that the user is a member of, or is not.
func (w *world) organization(user uuid.UUID, member bool) uuid.UUID {
	w.Helper()
	id := dbtest.Organization(w, w.db)
	if !member {
		return id
	}
	require.NoError(w, w.db.ForOrganization(w.ctx, id, memberOf(user, id)))
	return id
}

func acceptAny(Account) error { return nil }

func TestAUserChangesWhatIsGivenAndNothingElse(t *testing.T) {
	w := newWorld(t)
	user := w.user()
	phone, locale := " +7 900 000-00-00 ", "ru"
	account, err := w.Update(w.ctx, user, Changes{Phone: &phone, Locale: &locale}, acceptAny)
	require.NoError(t, err)
	require.Equal(t, "+7 900 000-00-00", account.Phone)
	require.Equal(t, "ru", account.Locale)
	require.Equal(t, "Anna Petrova", account.FullName)
	again, err := w.Get(w.ctx, user)
	require.NoError(t, err)
	require.Equal(t, account, again)
	w.login()
}

func TestOneWorksInAnOrganizationOfOnesOwnOnly(t *testing.T) {
	w := newWorld(t)
	user := w.user()
	mine, theirs, archived := w.organization(user, true), w.organization(user, false), w.organization(user, true)
	require.NoError(t, w.db.ForOrganization(w.ctx, archived, archive(archived)))

	account, err := w.Update(w.ctx, user, Changes{CurrentOrganization: &mine}, acceptAny)
	require.NoError(t, err)
	require.Equal(t, &mine, account.CurrentOrganizationID)
	nowhere := uuid.New()
	_, unknown := w.Update(w.ctx, user, Changes{CurrentOrganization: &nowhere}, acceptAny)
	w.requireCode(fault.ValidationFailed, unknown)
	for _, foreign := range []uuid.UUID{theirs, archived} {
		_, err := w.Update(w.ctx, user, Changes{CurrentOrganization: &foreign}, acceptAny)
		require.Equal(t, unknown, err, "nobody learns that it exists")
	}
	account, err = w.Update(w.ctx, user, Changes{}, acceptAny)
	require.NoError(t, err)
	require.Equal(t, &mine, account.CurrentOrganizationID)
	account, err = w.Update(w.ctx, user, Changes{CurrentOrganization: &uuid.Nil}, acceptAny)
	require.NoError(t, err)
	require.Nil(t, account.CurrentOrganizationID)
}

func TestAUserWhoIsGoneIsSignedOut(t *testing.T) {
	w := newWorld(t)
	_, err := w.Get(w.ctx, uuid.New())
	w.requireCode(fault.Unauthorized, err)
	_, err = w.Update(w.ctx, uuid.New(), Changes{}, acceptAny)
	w.requireCode(fault.Unauthorized, err)
}

func TestSupportRaisesTheOrganizationLimit(t *testing.T) {
	w := newWorld(t)
	user := w.user()
	require.NoError(t, w.SetOrganizationLimit(w.ctx, "ANNA@example.com", 3))
	account, err := w.Get(w.ctx, user)
	require.NoError(t, err)
	require.Equal(t, 3, account.OrganizationLimit)
	w.requireCode(fault.NotFound, w.SetOrganizationLimit(w.ctx, "nobody@example.com", 3))
	w.requireCode(fault.ValidationFailed, w.SetOrganizationLimit(w.ctx, address, -1))
	w.login()
}

func TestTheHostSaysWhoIsStaff(t *testing.T) {
	w := newWorld(t)
	w.verified()
	isStaff := func() bool {
		actor, err := w.Authenticate(w.ctx, w.login().AccessToken, uuid.Nil)
		require.NoError(t, err)
		return actor.IsStaff
	}
	require.False(t, isStaff())
	require.NoError(t, w.SetStaff(w.ctx, "ANNA@example.com", true))
	require.True(t, isStaff())
	require.NoError(t, w.SetStaff(w.ctx, address, false))
	require.False(t, isStaff())
	w.requireCode(fault.NotFound, w.SetStaff(w.ctx, "nobody@example.com", true))
	w.requireCode(fault.ValidationFailed, w.SetStaff(w.ctx, "nobody", true))
}

func TestARegistrationIsHeldAgainstTheRules(t *testing.T) {
	w := &Accounts{now: (&clock{}).Now}
	for name, test := range map[string]struct {
		change func(*Registration)
		field  string
		code   string
	}{
		"no address":             {func(r *Registration) { r.Email = " " }, "email", "required"},
		"no at":                  {func(r *Registration) { r.Email = "anna" }, "email", "email"},
		"no domain":              {func(r *Registration) { r.Email = "anna@" }, "email", "email"},
		"no local part":          {func(r *Registration) { r.Email = "@example.com" }, "email", "email"},
		"a domain without a dot": {func(r *Registration) { r.Email = "anna@localhost" }, "email", "email"},
		"two dots":               {func(r *Registration) { r.Email = "an..na@example.com" }, "email", "email"},
		"a space":                {func(r *Registration) { r.Email = "an na@example.com" }, "email", "email"},
		"a quoted local part":    {func(r *Registration) { r.Email = `"an na"@example.com` }, "email", "email"},
		"a display name":         {func(r *Registration) { r.Email = "Anna <anna@example.com>" }, "email", "email"},
		"two addresses":          {func(r *Registration) { r.Email = "a@example.com,b@example.com" }, "email", "email"},
		"a header":               {func(r *Registration) { r.Email = "a@example.com\r\nBcc: b@example.com" }, "email", "email"},
		"NUL":                    {func(r *Registration) { r.Email = "a\x00@example.com" }, "email", "email"},
		"an address literal":     {func(r *Registration) { r.Email = "a@[192.0.2.1]" }, "email", "email"},
		"an address of 255":      {func(r *Registration) { r.Email = "a@" + strings.Repeat("b.", 126) + "c" }, "email", "too_long"},
		"a local part of 65":     {func(r *Registration) { r.Email = strings.Repeat("a", 65) + "@example.com" }, "email", "email"},
		"no password":            {func(r *Registration) { r.Password = "" }, "password", "required"},
		"a password of 7":        {func(r *Registration) { r.Password = "пароль1" }, "password", "too_short"},
		"a password of 129":      {func(r *Registration) { r.Password = strings.Repeat("a", 129) }, "password", "too_long"},
		"no name":                {func(r *Registration) { r.FullName = "  " }, "full_name", "required"},
		"a long name":            {func(r *Registration) { r.FullName = strings.Repeat("я", 201) }, "full_name", "too_long"},
		"a name in two lines":    {func(r *Registration) { r.FullName = "Anna\nPetrova" }, "full_name", "invalid"},
		"a long phone":           {func(r *Registration) { r.Phone = strings.Repeat("1", 41) }, "phone", "too_long"},
		"an unknown language":    {func(r *Registration) { r.Locale = "de" }, "locale", "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			r := registration()
			test.change(&r)
			var broken *fault.Error
			require.True(t, errors.As(w.Register(t.Context(), here, r), &broken))
			require.Equal(t, fault.ValidationFailed, broken.Code)
			require.Len(t, broken.Fields, 1)
			require.Equal(t, test.field, broken.Fields[0].Field)
			require.Equal(t, test.code, broken.Fields[0].Code)
		})
	}
}

func TestModelsFitTheTables(t *testing.T) {
	database := dbtest.New(t)
	for _, model := range []any{&userRow{}, &emailTokenRow{}, &sessionRow{}, &refreshTokenRow{}} {
		dbtest.HoldModel(t, database, model)
	}
}
