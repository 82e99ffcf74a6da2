package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

var lookups = []clause{
	{"records", 0, "Records are found by their ids, tombstones too, a bounded part at a time", recordsByID},
	{"queries", 0, "What a query cannot mean is refused by its field, never answered as if nothing were there", checkQueries},
}

// looked is an answer of records.
type looked struct {
	*answer
	Records   []record
	Remaining []string
}

func (p *probe) lookUp(kind string, ids ...string) looked {
	got := looked{answer: p.send(request{path: "/records?kind=" + kind + "&ids=" + strings.Join(ids, ",")})}
	var body struct {
		Records   []record
		Remaining []string
	}
	got.expectStatus(http.StatusOK).decodeJSON(&body)
	got.Records, got.Remaining = body.Records, body.Remaining
	return got
}

func recordsByID(p *probe) {
	device, now, before := uuid.NewString(), time.Now(), p.endCursor()
	there, gone := unitChange("Found", now), unitChange("Gone", now)
	p.push(device, there, gone).expectEach("applied")
	p.push(device, gone.deletedAt(now.Add(time.Second))).expectEach("applied")
	fed := p.readToEnd(before).recordsOf(there, gone)
	got := p.lookUp("unit", gone.ID, uuid.NewString(), there.ID)
	got.expect(len(got.Records) == 2 && len(got.Remaining) == 0, "the two records that there are, and nothing that remains")
	for _, r := range got.Records {
		want := fed[r.ID]
		got.expect(want.ID != "" && r.Kind == want.Kind && r.Version == want.Version && r.Seq == want.Seq && r.ModifiedAt.Equal(want.ModifiedAt) &&
			r.Deleted == want.Deleted && r.DeviceID == want.DeviceID && bytes.Equal(r.Data, want.Data), "%s as the feed has it", r.ID)
	}
	other := p.lookUp("hall", there.ID)
	other.expect(len(other.Records) == 0, "no hall: the id is a unit's")
	longRecords(p, device, now)
}

// longRecords asks for more than one answer holds.
func longRecords(p *probe, device string, now time.Time) {
	const bytesEach, maxBytes = 200_000, 4 << 20
	long, ids := unitChanges(25, "Long", now), []string{}
	for i := range long {
		long[i].Data = encodeJSON(map[string]any{"name": "Long", "x": strings.Repeat("x", bytesEach)})
		ids = append(ids, long[i].ID)
	}
	p.push(device, long...).expectEach("applied")
	for met := map[string]bool{}; len(met) < len(ids); {
		got := p.lookUp("unit", slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return met[id] })...)
		got.expect(len(got.body) < maxBytes, "an answer of less than %d bytes; what is beyond stands in remaining", maxBytes)
		got.expect(len(got.Records) > 0, "some of the records")
		for _, r := range got.Records {
			got.expect(!met[r.ID], "%s once", r.ID)
			met[r.ID] = true
		}
		got.expect(len(got.Remaining) == len(ids)-len(met), "the %d others in remaining", len(ids)-len(met))
	}
}

func checkQueries(p *probe) {
	id := uuid.NewString()
	for _, c := range []struct{ path, field string }{
		{"/digest?kind=write_off&from=2026-13-01", "from"},
		{"/digest?kind=write_off&to=2026-02-30", "to"},
		{"/digest?kind=write_off&from=00", "from"},
		{"/digest?kind=unit&from=g0", "from"},
		{"/digest?kind=unit&to=FF", "to"},
		{"/digest?kind=unit&from=ff&to=00", "to"},
		{"/digest?kind=unit&by=year", "by"},
		{"/digest?kind=write_off&by=byte", "by"},
		{"/digest?kind=sorcery", "kind"},
		{"/digest", "kind"},
		{"/digest/records?kind=unit", "bucket"},
		{"/digest/records?kind=unit&bucket=zz", "bucket"},
		{"/digest/records?kind=write_off&bucket=2026-05", "bucket"},
		{"/digest/records?kind=unit&bucket=00" + strings.Repeat(",00", 64), "bucket"},
		{"/records?kind=unit", "ids"},
		{"/records?kind=unit&ids=" + id + ",7", "ids"},
		{"/records?kind=unit&ids=" + id + strings.Repeat(","+id, 200), "ids"},
		{"/records?kind=sorcery&ids=" + id, "kind"},
		{"/changes?kinds=unit,sorcery", "kinds"},
		{"/changes?not_device=7", "not_device"},
		{"/changes?limit=5001", "limit"},
		{"/rejections?limit=201", "limit"},
	} {
		p.send(request{path: c.path}).expectFieldProblem(c.field)
	}
	p.send(request{path: "/rejections?cursor=made-up"}).expectProblem(http.StatusBadRequest, "malformed")
}

// expectFieldProblem demands 422 that names the field.
func (a *answer) expectFieldProblem(field string) {
	a.expectProblem(http.StatusUnprocessableEntity, "validation_failed")
	var said struct{ Errors []flaw }
	err := json.Unmarshal(a.body, &said)
	a.expect(err == nil && slices.ContainsFunc(said.Errors, func(f flaw) bool { return f.Field == field && f.Code != "" && f.Message != "" }),
		"errors that name %s", field)
}
