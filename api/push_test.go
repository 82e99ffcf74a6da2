package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

// till is a local database that speaks with curl's means.
type till struct {
	*world
	key string
}

func newTill(t *testing.T) till {
	t.Helper()
	w := newWorld(t)
	_, key := w.organization(w.user("owner"))
	return till{w, key}
}

func (t till) push(body any, header map[string]string) answer {
	t.Helper()
	return t.call(request{method: "POST", path: "/api/v1/sync/push", token: t.key, body: body, header: header, wrong: true})
}

// stored are the records that the feed holds.
func (t till) stored() []any {
	t.Helper()
	got := t.call(request{method: "GET", path: "/api/v1/sync/changes?limit=5000", token: t.key})
	require.Equal(t, http.StatusOK, got.status, "%s", got.body)
	return got.json(t)["changes"].([]any)
}

func zipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return buffer.Bytes()
}

func TestABadPushIsRefusedClearlyAndChangesNothing(t *testing.T) {
	device := newTill(t)
	gzipHeader := map[string]string{"Content-Encoding": "gzip"}
	goodLine, err := json.Marshal(change("unit", unitID, object{"name": "kg"}))
	require.NoError(t, err)
	for name, test := range map[string]struct {
		body   any
		header map[string]string
		status int
		code   string
	}{
		"no JSON":              {[]byte("hello"), nil, 400, "malformed"},
		"cut off":              {[]byte(`{"device_id":"` + deviceID + `","changes":[`), nil, 400, "malformed"},
		"more than one value":  {[]byte(`{"device_id":"` + deviceID + `","changes":[]} {}`), nil, 400, "malformed"},
		"an array":             {[]byte(`[]`), nil, 400, "malformed"},
		"invalid UTF-8":        {[]byte("{\"device_id\":\"" + deviceID + "\",\"cursor\":\"\xff\",\"changes\":[]}"), nil, 400, "malformed"},
		"nested too deeply":    {[]byte(`{"device_id":"` + deviceID + `","changes":[` + strings.Repeat("[", 100_000)), nil, 400, "malformed"},
		"empty":                {[]byte{}, nil, 400, "malformed"},
		"device is no UUID":    {object{"device_id": "till", "changes": []object{}}, nil, 422, "validation_failed"},
		"device is a number":   {object{"device_id": 17, "changes": []object{}}, nil, 422, "validation_failed"},
		"no changes":           {object{"device_id": deviceID}, nil, 422, "validation_failed"},
		"too many changes":     {[]byte(`{"device_id":"` + deviceID + `","changes":[{}` + strings.Repeat(",{}", 5000) + `]}`), nil, 413, "too_large"},
		"too large":            {bytes.Repeat([]byte(" "), 16<<20+1), nil, 413, "too_large"},
		"a gzip bomb":          {zipped(t, bytes.Repeat([]byte(" "), 200<<20)), gzipHeader, 413, "too_large"},
		"no gzip":              {[]byte(`{}`), gzipHeader, 400, "malformed"},
		"gzip cut off":         {zipped(t, []byte(`{"device_id":"`+deviceID+`","changes":[]}`))[:30], gzipHeader, 400, "malformed"},
		"unknown compression":  {[]byte(`{}`), map[string]string{"Content-Encoding": "rot13"}, 415, "unsupported_media_type"},
		"unknown type":         {[]byte(`{}`), map[string]string{"Content-Type": "text/xml"}, 415, "unsupported_media_type"},
		"lines without device": {goodLine, map[string]string{"Content-Type": "application/x-ndjson"}, 422, "validation_failed"},
	} {
		t.Run(name, func(t *testing.T) {
			got := till{device.on(t), device.key}.push(test.body, test.header)
			require.Equal(t, test.status, got.status, "%s", got.body)
			require.Equal(t, test.code, got.code(t))
		})
	}
	require.Empty(t, device.stored())
}

// unreadable are changes that cannot be read, and why; %s is the id of the record.
var unreadable = map[string]struct {
	change, code string
	kept         bool
}{
	"half a surrogate pair":     {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"Pizza \ud83c"}}`, "lone_surrogate", true},
	"the halves in wrong order": {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"\udf55\ud83c"}}`, "lone_surrogate", true},
	"half a pair as a name":     {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"kg","\ud83c":1}}`, "lone_surrogate", true},
	"a character of no text":    {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"a\u0000b"}}`, "nul_character", true},
	"too deep":                  {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"kg","x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}}`, "too_deep", true},
	"much too deep":             {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"kg","x":` + strings.Repeat(`{"a":`, 100_000) + `{}` + strings.Repeat("}", 100_000) + `}}`, "too_deep", true},
	"a number without end":      {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"kg","x":` + strings.Repeat("1", 1000) + `}}`, "number_precision", true},
	"too large":                 {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"kg","x":"` + strings.Repeat("x", 256<<10) + `"}}`, "record_too_large", true},
	"much too large":            {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"kg","x":"` + strings.Repeat("x", 2<<20) + `"}}`, "record_too_large", true},
	"no JSON in its data":       {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":kg}}`, "malformed", true},
	"bytes that are no text":    {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"` + "\xca\xe3" + `"}}`, "malformed", true},
	"a control character":       {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"` + "a\x00b" + `"}}`, "malformed", true},
	"a name that stands twice":  {`{"kind":"unit","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"a","name":"b"}}`, "duplicate_field", true},
	"no JSON beside its data":   {`{"kind":"unit","id":"%s","modified_at":yesterday,"data":{"name":"kg"}}`, "malformed", false},
	"half a pair as its kind":   {`{"kind":"\ud83c","id":"%s","modified_at":"2026-05-25T20:03:14Z","data":{"name":"kg"}}`, "lone_surrogate", true},
	"no JSON":                   {`oops %s`, "malformed", false},
	"no object":                 {`["%s"]`, "invalid", false},
	"an empty object":           {`{}`, "uuid", false},
}

// What of one change cannot be read never costs its neighbours anything, as JSON and as lines.
func TestAnUnreadableChangeIsRejectedAlone(t *testing.T) {
	header := map[string]string{"Content-Type": "application/x-ndjson", "Device-Id": deviceID}
	device := newTill(t)
	for name, test := range unreadable {
		t.Run(name, func(t *testing.T) {
			device := till{device.on(t), device.key}
			for _, separator := range []string{",", "\n"} {
				id, good := uuid.NewString(), []string{uuid.NewString(), uuid.NewString()}
				line := func(id string) string {
					return `{"kind":"unit","id":"` + id + `","modified_at":"2026-05-25T20:03:14Z","data":{"name":"kg"}}`
				}
				body := strings.Join([]string{line(good[0]), strings.Replace(test.change, "%s", id, 1), line(good[1])}, separator)
				got := device.push([]byte(body), header)
				if separator == "," {
					got = device.push([]byte(`{"device_id":"`+deviceID+`","changes":[`+body+`]}`), nil)
				}
				results := resultsOf(t, got)
				require.Equal(t, []any{"applied", "rejected", "applied"}, statusesOf(results))
				bad := results[1]
				require.Equal(t, test.code, bad["code"], "%v", bad)
				require.Equal(t, test.kept, bad["kept"])
				if test.kept {
					require.Equal(t, id, bad["id"])
					kept := device.call(request{method: "GET", path: "/api/v1/sync/rejections", token: device.key})
					require.Equal(t, http.StatusOK, kept.status, "%s", kept.body)
					require.Contains(t, string(kept.body), id)
				}
			}
		})
	}
}

func TestABadChangeIsRejectedWithItsReasonAndChangesNothing(t *testing.T) {
	device := newTill(t)
	unit := func(key string, value any) object {
		return with(change("unit", uuid.NewString(), object{"name": "kg"}), key, value)
	}
	receipt := func(key string, value any) object {
		return change("receipt", uuid.NewString(), with(receiptData(), key, value))
	}
	for name, test := range map[string]struct {
		change any
		code   string
	}{
		"unknown kind":            {unit("kind", "spaceship"), "unknown_kind"},
		"kind of another type":    {unit("kind", 17), "unknown_kind"},
		"kind with NUL":           {unit("kind", "unit\x00"), "nul_character"},
		"id is no UUID":           {unit("id", "17"), "uuid"},
		"id with NUL":             {unit("id", "17\x00"), "uuid"},
		"nil id":                  {unit("id", uuid.Nil.String()), "uuid"},
		"no time":                 {unit("modified_at", "yesterday"), "time"},
		"time without offset":     {unit("modified_at", "2026-05-25T20:03:14"), "time"},
		"far future":              {unit("modified_at", "2999-05-25T20:03:14Z"), "clock_ahead"},
		"absurd year":             {unit("modified_at", "9999-12-31T23:59:59-14:00"), "time"},
		"deleted of another type": {unit("deleted", "yes"), "invalid"},
		"version below 1":         {unit("base_version", -1), "invalid"},
		"absurd version":          {unit("base_version", json.Number("1e300")), "invalid"},
		"no data":                 {unit("data", nil), "invalid"},
		"data of another type":    {unit("data", []int{1}), "invalid"},
		"NUL in a text":           {unit("data", object{"name": "a\x00b"}), "nul_character"},
		"NUL in an unknown field": {unit("data", object{"name": "a", "\x00": 1}), "nul_character"},
		"number beyond a double":  {unit("data", object{"name": "a", "x": json.Number("12345678901234567890.5")}), "number_precision"},
		"absurd number":           {unit("data", object{"name": "a", "x": json.Number("1e999999999999")}), "number_precision"},
		"no object at all":        {17, "invalid"},
		"total that is absurd":    {receipt("total", json.Number("1e1000000000")), "too_large"},
		"total of absurd digits":  {receipt("total", json.Number("1e-300")), "too_precise"},
		"total that is a text":    {receipt("total", "300"), "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			got := till{device.on(t), device.key}.push(object{"device_id": deviceID, "changes": []any{test.change}}, nil)
			require.Equal(t, http.StatusOK, got.status, "%s", got.body)
			result := got.json(t)["results"].([]any)[0].(object)
			require.Equal(t, "rejected", result["status"], "%v", result)
			require.Equal(t, test.code, result["code"], "%v", result)
		})
	}
	require.Empty(t, device.stored())
}

// What can be read is never refused: it is counted, and the answer says what does not add up.
func TestWhatDoesNotAddUpIsAppliedWithItsRemarks(t *testing.T) {
	device := newTill(t)
	id, data := uuid.NewString(), with(receiptData(), "total", json.Number("301.00001"))
	result := device.results(change("receipt", id, data))[0]
	require.Equal(t, "applied", result["status"])
	require.Equal(t, []any{
		object{"code": "total_mismatch", "path": "total", "expected": "300", "given": "301.00001"},
		object{"code": "payments_mismatch", "path": "payments", "expected": "301.00001", "given": "300"},
	}, result["remarks"])
	again := device.results(change("receipt", id, data))[0]
	require.Equal(t, "unchanged", again["status"])
	require.NotContains(t, again, "remarks", "they are part of the change, not of the record")
	unit := device.results(change("unit", unitID, object{"name": longText}))[0]
	require.Equal(t, "applied", unit["status"], "however long its texts are")
	require.NotContains(t, unit, "remarks")
	require.Len(t, device.stored(), 2)
	require.NotContains(t, fmt.Sprint(device.stored()), "remarks")
}

// Whoever sends what the cabinet has something newer of, learns what that is.
func TestStaleAndConflictingChangesAreAnsweredWithTheCurrentRecord(t *testing.T) {
	device := newTill(t)
	newer := change("unit", unitID, object{"name": "newer"})
	older := with(change("unit", unitID, object{"name": "older"}), "modified_at", "2020-01-01T00:00:00Z")
	twice := with(change("unit", unitID, object{"name": "oldest"}), "modified_at", "2019-01-01T00:00:00Z")
	conflicting := with(change("unit", unitID, object{"name": "third"}), "base_version", 7)
	results := device.results(newer, older, twice, conflicting)
	require.Equal(t, []any{"applied", "stale", "stale", "conflict"}, statusesOf(results))
	require.NotContains(t, results[0], "current")
	stored := device.stored()[0]
	for _, result := range results[1:] {
		require.Equal(t, stored, result["current"])
	}
}

// The answer to a push stays within bounds, however much of what was sent is stale.
func TestCurrentRecordsAreLeftOutWhereTheAnswerWouldGrowTooLong(t *testing.T) {
	device := newTill(t)
	const records = 70 // of a quarter of a megabyte each
	var ids []string
	for range 2 {
		var changes []object
		for range records / 2 {
			ids = append(ids, uuid.NewString())
			changes = append(changes, change("unit", ids[len(ids)-1], object{"name": "kg", "x": strings.Repeat("x", 255<<10)}))
		}
		device.results(changes...)
	}
	for name, sent := range map[string][]string{"many records": ids, "one record many times": slices.Repeat(ids[:1], records)} {
		var changes []object
		for _, id := range sent {
			changes = append(changes, with(change("unit", id, object{"name": "older"}), "modified_at", "2020-01-01T00:00:00Z"))
		}
		results, told := device.results(changes...), 0
		for _, result := range results {
			require.Equal(t, "stale", result["status"])
			if result["current"] != nil {
				told++
			}
		}
		require.Equal(t, 64, told, name)
		require.NotContains(t, results[records-1], "current", name)
	}
}

func TestADuplicateFieldIsRejectedAlone(t *testing.T) {
	device := newTill(t)
	body := fmt.Sprintf(`{"device_id":%q,"changes":[
		{"kind":"unit","id":%q,"modified_at":"2026-05-25T20:03:14Z","data":{"name":"a","name":"b"}},
		{"kind":"unit","id":%q,"modified_at":"2026-05-25T20:03:14Z","data":{"name":"c"}}]}`, deviceID, uuid.NewString(), unitID)
	got := device.push([]byte(body), nil)
	require.Equal(t, http.StatusOK, got.status, "%s", got.body)
	require.Contains(t, string(got.body), `"code":"duplicate_field"`)
	require.Len(t, device.stored(), 1)
}

func TestAPushComesInEveryForm(t *testing.T) {
	device := newTill(t)
	body := func(changes ...object) []byte {
		raw, err := json.Marshal(object{"device_id": deviceID, "changes": changes})
		require.NoError(t, err)
		return raw
	}
	var lines []byte
	for range 3 {
		line, err := json.Marshal(change("unit", uuid.NewString(), object{"name": "kg"}))
		require.NoError(t, err)
		lines = append(append(lines, line...), '\n')
	}
	header := map[string]string{"Content-Type": "application/x-ndjson; charset=utf-8", "Device-Id": deviceID}
	require.Equal(t, 200, device.push(body(change("unit", uuid.NewString(), object{"name": "kg"})), nil).status)
	require.Equal(t, 200, device.push(zipped(t, body(change("unit", uuid.NewString(), object{"name": "kg"}))), map[string]string{"Content-Encoding": "GZip"}).status)
	require.Equal(t, 200, device.push(lines, header).status)
	encoder, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	small := encoder.EncodeAll(body(change("unit", uuid.NewString(), object{"name": "kg"})), nil)
	require.Equal(t, 200, device.push(small, map[string]string{"Content-Encoding": "zstd"}).status)
	bomb := device.push(encoder.EncodeAll(bytes.Repeat([]byte(" "), 200<<20), nil), map[string]string{"Content-Encoding": "zstd"})
	require.Equal(t, "too_large", bomb.code(t))
	require.Len(t, device.stored(), 6)

	got := device.call(request{method: "GET", path: "/api/v1/sync/changes?limit=3", token: device.key, header: map[string]string{"Accept": "application/x-ndjson"}})
	rows := strings.Split(strings.TrimSpace(string(got.body)), "\n")
	require.Len(t, rows, 4, "three changes, and the cursor")
	var last struct {
		Cursor string
		More   bool
	}
	require.NoError(t, json.Unmarshal([]byte(rows[3]), &last))
	require.True(t, last.More)
	next := device.call(request{method: "GET", path: "/api/v1/sync/changes?cursor=" + last.Cursor, token: device.key})
	require.Len(t, next.json(t)["changes"], 3)
	require.Equal(t, false, next.json(t)["more"])
	others := device.call(request{method: "GET", path: "/api/v1/sync/changes?not_device=" + deviceID, token: device.key})
	require.Empty(t, others.json(t)["changes"], "a device's own changes are left out")
}

func TestAReplacedSyncKeyStopsAtOnce(t *testing.T) {
	w := newWorld(t)
	owner := w.user("owner")
	id, old := w.organization(owner)
	require.Equal(t, 200, w.call(request{method: "GET", path: "/api/v1/sync/changes", token: old}).status)
	got := w.call(request{method: "POST", path: "/api/v1/organizations/" + id + "/sync-key", token: owner})
	replaced := got.json(t)["sync_key"].(string)
	refused := w.call(request{method: "GET", path: "/api/v1/sync/changes", token: old})
	require.Equal(t, 401, refused.status)
	require.Equal(t, "sync_key_invalid", refused.code(t))
	require.Equal(t, 200, w.call(request{method: "GET", path: "/api/v1/sync/changes", token: replaced}).status)
}
