package api_test

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// goodRequests is the matrix: a request for every route that works, and those
// that must not.
func goodRequests() map[string]good {
	const org = "/organizations/:organization_id"
	badOrganization := []bad{
		{name: "nothing", body: object{}, code: "validation_failed"},
		{name: "no such zone", body: with(organizationBody("x"), "time_zone", "Mars/Olympus"), code: "validation_failed"},
		{name: "local zone", body: with(organizationBody("x"), "time_zone", "Local"), code: "validation_failed"},
		{name: "no such currency", body: with(organizationBody("x"), "currency", "XQX"), code: "validation_failed"},
		{name: "minutes below 0", body: with(organizationBody("x"), "default_delivery_minutes", -1), code: "validation_failed"},
		{name: "absurd minutes", body: with(organizationBody("x"), "default_delivery_minutes", 1e300), code: "validation_failed"},
		{name: "minutes of another type", body: with(organizationBody("x"), "default_delivery_minutes", "60"), code: "validation_failed"},
		{name: "blank name", body: organizationBody("   "), code: "validation_failed"},
		{name: "long name", body: organizationBody(longText), code: "validation_failed"},
		{name: "NUL", body: organizationBody("a\x00b"), code: "validation_failed"},
		{name: "no time of day", body: with(organizationBody("x"), "day_starts_at", "25:00"), code: "validation_failed"},
	}
	badPage := []bad{
		{name: "limit 0", query: "?limit=0", code: "validation_failed"},
		{name: "limit beyond", query: "?limit=99999", code: "validation_failed"},
		{name: "limit no number", query: "?limit=x", code: "validation_failed"},
	}
	badSource := []bad{
		{name: "nothing", body: object{}, code: "validation_failed"},
		{name: "no device", body: object{"name": "Lenina 5", "device_id": "17"}, code: "validation_failed"},
		{name: "a device that never said hello", body: object{"name": "Lenina 5", "device_id": uuid.NewString()}, code: "validation_failed"},
		{name: "long name", body: object{"name": longText, "device_id": deviceID}, code: "validation_failed"},
		{name: "long evidence", body: object{"name": "x", "device_id": deviceID, "evidence": strings.Repeat("x", 20_001)}, code: "validation_failed"},
		{name: "NUL in a name", body: object{"name": "a\x00b", "device_id": deviceID}, code: "validation_failed"},
		{name: "NUL in evidence", body: object{"name": "a", "device_id": deviceID, "evidence": "a\x00b"}, code: "malformed"},
	}
	badHistory := append(slices.Clone(badPage), bad{name: "cursor", query: "?cursor=made-up", code: "malformed"})
	badRole := []bad{
		{name: "nothing", body: object{}, code: "validation_failed"},
		{name: "no name", body: object{"name": " ", "permissions": []string{"reports:view"}}, code: "validation_failed"},
		{name: "long name", body: object{"name": longText, "permissions": []string{"reports:view"}}, code: "validation_failed"},
		{name: "no section", body: object{"name": "x", "permissions": []string{"kitchen:view"}}, code: "validation_failed"},
		{name: "no action", body: object{"name": "x", "permissions": []string{"reports:own"}}, code: "validation_failed"},
		{name: "no permissions", body: object{"name": "x", "permissions": []string{}}, code: "validation_failed"},
		{name: "permissions of another type", body: object{"name": "x", "permissions": "reports:view"}, code: "validation_failed"},
	}
	badPeriod := []bad{
		{name: "no date", query: "?from=yesterday", code: "validation_failed"},
		{name: "backwards", query: "?from=2026-05-02&to=2026-05-01", code: "validation_failed"},
		{name: "no outlet", query: "?outlet_id=17", code: "validation_failed"},
	}
	return map[string]good{
		"POST /auth/register": {status: http.StatusAccepted, body: give(object{"email": "new@example.com", "password": password, "full_name": "New Person", "phone": "+7 900 000-00-00", "locale": "en"}), bad: []bad{
			{name: "nothing", body: object{}, code: "validation_failed"},
			{name: "no address", body: object{"email": "not an address", "password": password, "full_name": "x"}, code: "validation_failed"},
			{name: "short password", body: object{"email": "a@example.com", "password": "short", "full_name": "x"}, code: "validation_failed"},
			{name: "absurd password", body: object{"email": "a@example.com", "password": longText[:10_000], "full_name": "x"}, code: "validation_failed"},
			{name: "more than it takes to sign in", body: object{"email": "a@example.com", "password": longText, "full_name": "x"}, code: "too_large"},
			{name: "NUL", body: object{"email": "a@example.com", "password": password, "full_name": "a\x00b"}, code: "validation_failed"},
			{name: "number", body: object{"email": 17, "password": password, "full_name": "x"}, code: "validation_failed"},
		}},
		"POST /auth/letter": {status: http.StatusOK, body: func(w *world, _ *cell) any {
			_, token := w.registered()
			return object{"token": token}
		}, bad: []bad{{name: "made up", body: object{"token": "made-up"}, code: "token_invalid"}, {name: "none", body: object{}, code: "token_invalid"}}},
		"POST /auth/verify-email": {status: http.StatusOK, body: func(w *world, _ *cell) any {
			_, token := w.registered()
			return object{"token": token, "password": "another battery staple", "locale": "en"}
		}, bad: []bad{
			{name: "made up", body: object{"token": "made-up", "password": password}, code: "token_invalid"},
			{name: "no token", body: object{"password": password}, code: "token_invalid"},
			{name: "no password", body: object{"token": "made-up"}, code: "validation_failed"},
			{name: "no language", body: object{"token": "made-up", "password": password, "locale": "tlh"}, code: "validation_failed"},
		}},
		"POST /auth/resend-verification": {status: http.StatusAccepted, body: give(object{"email": "nobody@example.com"}), bad: []bad{{name: "none", body: object{}, code: "validation_failed"}}},
		"POST /auth/login": {status: http.StatusOK, body: give(object{"email": "OWNER@example.com", "password": password}), bad: []bad{
			{name: "wrong password", body: object{"email": "owner@example.com", "password": "wrong password"}, code: "invalid_credentials"},
			{name: "nobody", body: object{"email": "nobody@example.com", "password": "wrong password"}, code: "invalid_credentials"},
			{name: "NUL", body: object{"email": "a\x00b@example.com", "password": "wrong password"}, code: "invalid_credentials"},
		}},
		"POST /auth/refresh":         {status: http.StatusOK, header: refreshCookie},
		"POST /auth/logout":          {status: http.StatusNoContent, header: refreshCookie},
		"POST /auth/forgot-password": {status: http.StatusAccepted, body: give(object{"email": "nobody@example.com"}), bad: []bad{{name: "none", body: object{}, code: "validation_failed"}}},
		"POST /auth/reset-password": {status: http.StatusOK, body: func(w *world, _ *cell) any {
			email, _ := w.registered()
			return object{"token": w.forgotten(email), "password": "another battery staple"}
		}, bad: []bad{
			{name: "made up", body: object{"token": "made-up", "password": password}, code: "token_invalid"},
			{name: "short password", body: object{"token": "made-up", "password": "short"}, code: "validation_failed"},
		}},

		"GET /me":    {status: http.StatusOK},
		"GET /kinds": {status: http.StatusOK},
		"PATCH /me": {status: http.StatusOK, body: func(_ *world, c *cell) any {
			return object{"full_name": "Owner", "current_organization_id": c.organization}
		}, bad: []bad{
			{name: "no organization", body: object{"current_organization_id": uuid.NewString()}, code: "validation_failed"},
			{name: "no UUID", body: object{"current_organization_id": "17"}, code: "validation_failed"},
			{name: "no language", body: object{"locale": "tlh"}, code: "validation_failed"},
		}},

		"GET /organizations":        {status: http.StatusOK},
		"POST /organizations":       {status: http.StatusCreated, body: give(organizationBody("Another")), bad: badOrganization},
		"GET " + org:                {status: http.StatusOK},
		"PUT " + org:                {status: http.StatusOK, body: give(with(organizationBody("Renamed"), "day_starts_at", "06:00")), bad: badOrganization},
		"DELETE " + org:             {status: http.StatusNoContent},
		"POST " + org + "/sync-key": {status: http.StatusOK},
		"GET " + org + "/licenses":  {status: http.StatusOK},
		"GET " + org + "/licenses/:license_id/renewals": {status: http.StatusOK, params: map[string]string{"license_id": licenseID}},
		"POST " + org + "/licenses/:license_id/renewals": {status: http.StatusCreated, params: map[string]string{"license_id": licenseID}, body: func(w *world, c *cell) any {
			dbtest.Exec(w, w.dsn, `UPDATE renewals SET status = 'withdrawn', decided_at = now() WHERE organization_id = $1 AND status = 'pending'`, c.organization)
			return object{"months": 1}
		}, bad: []bad{
			{name: "nothing", body: object{}, code: "validation_failed"},
			{name: "another period", body: object{"months": 2}, code: "validation_failed"},
			{name: "a period without a price", body: object{"months": 6}, code: "validation_failed"},
			{name: "absurdly long", body: object{"months": 1e300}, code: "validation_failed"},
			{name: "months of another type", body: object{"months": "1"}, code: "validation_failed"},
		}},
		"GET " + org + "/licenses/:license_id/renewals/:renewal_id":    {status: http.StatusOK, params: map[string]string{"license_id": licenseID, "renewal_id": renewalID}},
		"DELETE " + org + "/licenses/:license_id/renewals/:renewal_id": {status: http.StatusNoContent, params: map[string]string{"license_id": licenseID, "renewal_id": renewalID}},
		"POST " + org + "/licenses/:license_id/trial":                  {status: http.StatusNoContent, params: map[string]string{"license_id": licenseID}},

		"GET " + org + "/roles": {status: http.StatusOK},
		"POST " + org + "/roles": {status: http.StatusCreated, body: func(*world, *cell) any {
			return object{"name": "Shift lead " + uuid.NewString(), "permissions": []string{"reports:edit"}}
		}, bad: badRole},
		"GET " + org + "/roles/:role_id":    {status: http.StatusOK, make: madeRole},
		"PATCH " + org + "/roles/:role_id":  {status: http.StatusOK, make: madeRole, body: give(object{"name": "Night lead", "permissions": []string{"reports:view"}}), bad: badRole},
		"DELETE " + org + "/roles/:role_id": {status: http.StatusNoContent, make: madeRole, bad: []bad{{name: "no replacement", query: "?replacement_id=17", code: "validation_failed"}, {name: "an unknown replacement", query: "?replacement_id=" + unitID, code: "validation_failed"}}},
		"GET " + org + "/members":           {status: http.StatusOK},
		"GET " + org + "/members/:user_id":  {status: http.StatusOK, make: madeMember},
		"PATCH " + org + "/members/:user_id": {status: http.StatusOK, make: madeMember, body: func(w *world, c *cell) any {
			return object{"role_id": w.role(c.organization, "Role "+uuid.NewString(), access.Reports.View())}
		}, edit: func(w *world, c *cell, name string) object {
			return object{"role_id": w.role(c.organization, name+uuid.NewString(), access.Reports.View())}
		}, bad: []bad{
			{name: "nothing", body: object{}, code: "validation_failed"},
			{name: "no UUID", body: object{"role_id": "17"}, code: "validation_failed"},
			{name: "no such role", body: object{"role_id": unitID}, code: "validation_failed"},
		}},
		"DELETE " + org + "/members/:user_id": {status: http.StatusNoContent, make: madeMember},

		"GET " + org + "/directories": {status: http.StatusOK},
		"GET " + org + "/directories/:kind": {status: http.StatusOK, params: map[string]string{"kind": "unit"}, query: "?q=кило&sort=-name", bad: append(badPage, bad{name: "sort", query: "?sort=color", code: "validation_failed"}, bad{name: "cursor", query: "?cursor=made-up", code: "malformed"},
			bad{name: "no such field", query: "?group_id=" + unitID, code: "validation_failed"}, bad{name: "archived", query: "?archived=nope", code: "validation_failed"})},
		"GET " + org + "/directories/:kind/:id":         {status: http.StatusOK, params: map[string]string{"kind": "unit", "id": unitID}},
		"GET " + org + "/directories/:kind/:id/history": {status: http.StatusOK, params: map[string]string{"kind": "unit", "id": unitID}, bad: badHistory},
		"GET " + org + "/documents":                     {status: http.StatusOK},
		"GET " + org + "/documents/:kind": {status: http.StatusOK, params: map[string]string{"kind": "receipt"}, query: "?from=2026-05-01&to=2026-05-31", bad: append(slices.Concat(badPage, badPeriod), bad{name: "no warehouse", query: "?warehouse_id=17", code: "validation_failed"},
			bad{name: "no status", query: "?status=nope", code: "validation_failed"}, bad{name: "no type", query: "?type=nope", code: "validation_failed"},
			bad{name: "no remark", query: "?remark=nope", code: "validation_failed"}, bad{name: "no such field", query: "?warehouse_id=" + unitID, code: "validation_failed"}, bad{name: "no flag", query: "?late=nope", code: "validation_failed"},
			bad{name: "no format", query: "?format=pdf", code: "validation_failed"}, bad{name: "no language", query: "?lang=tlh", code: "validation_failed"})},
		"GET " + org + "/documents/:kind/:id":         {status: http.StatusOK, params: map[string]string{"kind": "receipt", "id": receiptID}},
		"GET " + org + "/documents/:kind/:id/history": {status: http.StatusOK, params: map[string]string{"kind": "receipt", "id": receiptID}, query: "?limit=10", bad: badHistory},
		"GET " + org + "/dashboard":                   {status: http.StatusOK},
		"GET " + org + "/reports/sales-by-day":        {status: http.StatusOK, query: "?from=2026-05-01&to=2026-05-31", bad: append(slices.Clone(badPeriod), bad{name: "too many days", query: "?from=1900-01-01&to=2026-05-01", code: "too_many_rows"})},
		"GET " + org + "/reports/sales-by-hour":       {status: http.StatusOK, query: "?from=2026-05-01&to=2026-05-31", bad: badPeriod},
		"GET " + org + "/reports/sales-by-product":    {status: http.StatusOK, query: "?from=2026-05-01&to=2026-05-31", bad: badPeriod},
		"GET " + org + "/reports/payments-by-type":    {status: http.StatusOK, query: "?from=2026-05-01&to=2026-05-31", bad: badPeriod},

		"GET " + org + "/sync/status":                  {status: http.StatusOK},
		"GET " + org + "/sync/devices":                 {status: http.StatusOK},
		"GET " + org + "/sync/sources":                 {status: http.StatusOK},
		"GET " + org + "/sync/remarks":                 {status: http.StatusOK},
		"GET " + org + "/sync/rejections":              {status: http.StatusOK, bad: badPage},
		"DELETE " + org + "/sync/rejections/:kind/:id": {status: http.StatusNoContent, params: map[string]string{"kind": "unit", "id": badUnitID}},

		"POST /sync/hello": {status: http.StatusOK, body: give(object{"device_id": deviceID, "device_name": "Till", "local_time": "2026-05-25T20:03:14+03:00"}), bad: []bad{
			{name: "no device", body: object{"device_id": "17"}, code: "validation_failed"},
			{name: "no time", body: object{"device_id": deviceID, "local_time": "noon"}, code: "validation_failed"},
			{name: "long name", body: object{"device_id": deviceID, "device_name": longText}, code: "validation_failed"},
		}},
		"GET /sync/sources":            {status: http.StatusOK},
		"POST /sync/sources":           {status: http.StatusCreated, body: helloAndSource, bad: badSource},
		"PUT /sync/sources/:source_id": {status: http.StatusOK, params: map[string]string{"source_id": unitID}, body: helloAndSource, bad: badSource},
		"POST /sync/push": {status: http.StatusOK, body: give(object{"device_id": deviceID, "changes": []object{change("unit", unitID, object{"name": "Kilo"})}}), bad: []bad{
			{name: "no device", body: object{"changes": []object{}}, code: "validation_failed"},
			{name: "no changes", body: object{"device_id": deviceID}, code: "validation_failed"},
			{name: "changes of another type", body: object{"device_id": deviceID, "changes": 17}, code: "malformed"},
		}},
		"GET /sync/changes": {status: http.StatusOK, query: "?limit=10", bad: []bad{
			{name: "limit", query: "?limit=5001", code: "validation_failed"},
			{name: "wait", query: "?wait=31", code: "validation_failed"},
			{name: "kinds", query: "?kinds=spaceship", code: "validation_failed"},
			{name: "not_device", query: "?not_device=17", code: "validation_failed"},
			{name: "cursor", query: "?cursor=made-up", code: "malformed"},
		}},
		"GET /sync/records": {status: http.StatusOK, query: "?kind=unit&ids=" + unitID, bad: []bad{
			{name: "no kind", query: "?ids=" + unitID, code: "validation_failed"},
			{name: "an unknown kind", query: "?kind=spaceship&ids=" + unitID, code: "validation_failed"},
			{name: "no ids", query: "?kind=unit", code: "validation_failed"},
			{name: "no UUID", query: "?kind=unit&ids=" + unitID + ",17", code: "validation_failed"},
			{name: "too many", query: "?kind=unit&ids=" + unitID + strings.Repeat(","+unitID, 200), code: "validation_failed"},
		}},
		"GET /sync/rejections": {status: http.StatusOK, bad: append(slices.Clone(badPage), bad{name: "cursor", query: "?cursor=made-up", code: "malformed"})},
		"GET /sync/licenses":   {status: http.StatusOK},
		"GET /sync/digest": {status: http.StatusOK, query: "?kind=receipt&from=2026-05-01&by=month", bad: []bad{
			{name: "no kind", query: "?from=2026-05-01", code: "validation_failed"},
			{name: "by", query: "?kind=unit&by=day", code: "validation_failed"},
			{name: "an unknown by", query: "?kind=unit&by=year", code: "validation_failed"},
			{name: "a day that there is not", query: "?kind=receipt&from=2026-13-01", code: "validation_failed"},
			{name: "a month as a bound", query: "?kind=receipt&by=month&to=2026-05", code: "validation_failed"},
			{name: "no byte", query: "?kind=unit&from=g0", code: "validation_failed"},
			{name: "a byte in capitals", query: "?kind=unit&to=FF", code: "validation_failed"},
			{name: "backwards", query: "?kind=unit&from=ff&to=00", code: "validation_failed"},
		}},
		"GET /sync/digest/records": {status: http.StatusOK, query: "?kind=unit&bucket=11", bad: []bad{
			{name: "no kind", query: "?kind=spaceship&bucket=11", code: "validation_failed"},
			{name: "no bucket", query: "?kind=unit", code: "validation_failed"},
			{name: "a day of a directory", query: "?kind=unit&bucket=2026-05-25", code: "validation_failed"},
			{name: "a month", query: "?kind=receipt&bucket=2026-05", code: "validation_failed"},
			{name: "buckets", query: "?kind=unit&bucket=11" + strings.Repeat(",11", 64), code: "validation_failed"},
		}},
	}
}

var longText = func() string {
	text := make([]byte, 20_000)
	for i := range text {
		text[i] = 'x'
	}
	return string(text)
}()

func with(o object, key string, value any) object {
	o[key] = value
	return o
}

// registered makes an unverified account, and gives its address and the token
// of its letter.
func (w *world) registered() (email, token string) {
	w.Helper()
	email = uuid.NewString() + "@example.com"
	got := w.call(request{method: "POST", path: "/api/v1/auth/register", header: elsewhere(), body: object{"email": email, "password": password, "full_name": "Somebody"}})
	require.Equal(w, http.StatusAccepted, got.status, "%s", got.body)
	return email, w.mailedToken(email, "/verify-email")
}

// forgotten asks for a new password, and gives the token of the letter.
func (w *world) forgotten(email string) string {
	w.Helper()
	got := w.call(request{method: "POST", path: "/api/v1/auth/forgot-password", header: elsewhere(), body: object{"email": email}})
	require.Equal(w, http.StatusAccepted, got.status, "%s", got.body)
	return w.mailedToken(email, "/reset-password")
}

// elsewhere is the header of a request that comes from a network of its own, which has not
// asked for any letters yet.
func elsewhere() map[string]string {
	id := uuid.New()
	return map[string]string{"X-Forwarded-For": net.IP(append([]byte{0x20, 0x01, 0x0d, 0xb8}, id[:12]...)).String()}
}

func refreshCookie(w *world, _ *cell) map[string]string {
	got := w.call(request{method: "POST", path: "/api/v1/auth/login", body: object{"email": "owner@example.com", "password": password}})
	require.Equal(w, http.StatusOK, got.status, "%s", got.body)
	response := http.Response{Header: got.header}
	for _, cookie := range response.Cookies() {
		if cookie.Name == "refresh_token" {
			return map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}
		}
	}
	require.Fail(w, "sign-in set no refresh cookie")
	return nil
}

// helloAndSource says hello for a device, and gives what it then says of its database.
func helloAndSource(w *world, c *cell) any {
	got := w.call(request{method: "POST", path: "/api/v1/sync/hello", token: c.syncKey, body: object{"device_id": deviceID}})
	require.Equal(w, http.StatusOK, got.status, "%s", got.body)
	return object{"name": "Lenina 5", "device_id": deviceID, "evidence": "receipt 17"}
}

// madeRole is a role of the cell's own.
func madeRole(w *world, c *cell) map[string]string {
	return map[string]string{"role_id": w.role(c.organization, "Role "+uuid.NewString(), access.Reports.View())}
}

// madeMember is a member of the cell who may see reports.
func madeMember(w *world, c *cell) map[string]string {
	return map[string]string{"user_id": w.member(c.organization, access.Reports.View())}
}
