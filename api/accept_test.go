package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every address that has files gives them by Accept as by the parameter, which wins.
func TestFilesAreAskedForByAcceptToo(t *testing.T) {
	v := newVenue(t)
	const csv, xlsx, json = "text/csv", workbook, "application/json"
	for path, item := range v.doc.Paths.Map() {
		if item.Get == nil || item.Get.Parameters.GetByInAndName("query", "format") == nil {
			continue
		}
		for _, accept := range []struct{ header, query, gives string }{
			{"text/csv", "", csv}, {workbook, "", xlsx}, {"text/csv;q=0.5, application/json", "", json},
			{"application/json;q=0.5, text/csv; charset=utf-8", "", csv}, {"*/*", "", json}, {"text/*", "", csv},
			{"text/html", "", json}, {"text/csv;q=0, */*", "", json}, {"text/csv;q=x", "", json}, {";;,", "", json}, {"", "", json},
			{"text/csv", "?format=json", json}, {"application/json", "?format=csv", csv},
		} {
			address := at(colons(path), map[string]string{"organization_id": v.path[len("/api/v1/organizations/"):], "kind": kindAt(path)})
			got := v.call(request{method: "GET", path: address + accept.query, token: v.token, header: map[string]string{"Accept": accept.header}})
			require.Equal(t, http.StatusOK, got.status, "%s", got.body)
			require.Contains(t, got.header.Get("Content-Type"), accept.gives, "%s for %q", address, accept.header)
			require.Contains(t, got.header.Values("Vary"), "Accept")
		}
	}
}

// Who asks for Russian gets what a Russian Excel opens in columns; a program gets RFC 4180.
func TestTheDialectOfCSVIsTheReadersOwn(t *testing.T) {
	v := newVenue(t)
	for _, reader := range []struct{ query, language, header string }{
		{"?format=csv&lang=ru", "", "\ufeffНомер;Дата и время;"}, {"?format=csv", "ru-RU,ru;q=0.9,en;q=0.8", "\ufeffНомер;Дата и время;"},
		{"?format=csv&lang=en", "ru", "\ufeffNumber,Date and time,"}, {"?format=csv", "en", "\ufeffNumber,Date and time,"}, {"?format=csv", "", "\ufeffНомер,Дата и время,"},
	} {
		got := v.call(request{method: "GET", path: v.path + "/documents/receipt" + reader.query, token: v.token,
			header: map[string]string{"Accept-Language": reader.language}})
		require.Equal(t, http.StatusOK, got.status, "%s", got.body)
		require.True(t, strings.HasPrefix(string(got.body), reader.header), "%+v: %.80q", reader, got.body)
	}
}

// colons turns {id} of the specification into :id of a route.
func colons(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

// kindAt is a kind that a list has.
func kindAt(path string) string {
	if strings.Contains(path, "/directories/") {
		return "product"
	}
	return "receipt"
}
