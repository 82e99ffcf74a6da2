package conformance

import (
	"bytes"
	"slices"
	"time"

	"github.com/google/uuid"
)

var pushRules = []clause{
	{"push-rules", 0, "The later change wins; equal content is unchanged; what is older is stale", laterWins},
	{"later-time", 0, "Equal content takes a later time over, without a new place in the feed", laterTime},
	{"ties", 0, "Between equal times the greater device wins, then the greater hash", checkTies},
	{"base-version", 0, "base_version must name the current version, else it is a conflict", baseVersion},
	{"clock-ahead", 0, "What claims to come from the day after tomorrow is rejected", clockAhead},
	{"times", 0, "Times have an offset and count to the microsecond", checkTimes},
	{"deletions", 0, "A deletion is a change like any other", checkDeletions},
	{"one-push", 0, "Changes of one record in one push are taken in their order", onePush},
}

func laterWins(p *probe) {
	device, now := uuid.NewString(), time.Now()
	first := unitChange("First", now)
	inserted := p.push(device, first).expectEach("applied")
	inserted.expect(inserted.Results[0].Version == 1 && inserted.Results[0].Seq == inserted.Head, "version 1, at the feed's head")
	p.push(device, first).expectEach("unchanged")

	changed := p.push(device, first.renamedAt("Second", now.Add(time.Second))).expectEach("applied")
	changed.expect(changed.Results[0].Version == 2 && changed.Results[0].Seq > inserted.Results[0].Seq && changed.Head >= changed.Results[0].Seq,
		"version 2, at a place above %d", inserted.Results[0].Seq)
	for _, older := range []change{first, first.renamedAt("Third", now.Add(-time.Hour)), first.deletedAt(now)} {
		late := p.push(device, older).expectEach("stale")
		current := late.Results[0].Current
		late.expect(current != nil && current.ID == first.ID && current.Version == 2 && !current.Deleted && bytes.Equal(current.Data, encodeJSON(map[string]any{"name": "Second"})),
			"the current record, version 2, in current: else nobody learns what is newer")
		late.expect(late.Results[0].Version == 2 && late.Results[0].Seq == changed.Results[0].Seq && late.Head == changed.Head,
			"the version and place of what is newer: 2 and %d, and the head where it was", changed.Results[0].Seq)
	}
	p.expectCurrent(first, "Second", now.Add(time.Second), device)
}

// expectCurrent demands how a unit stands in the feed.
func (p *probe) expectCurrent(c change, name string, at time.Time, device string) {
	fed := p.readToEnd("", "kinds", c.Kind)
	r := fed.recordsOf(c)[c.ID]
	fed.expect(!r.Deleted && bytes.Equal(r.Data, encodeJSON(map[string]any{"name": name})), "%s with the name %q", c.ID, name)
	fed.expect(r.ModifiedAt.Equal(at.Truncate(time.Microsecond)) && r.DeviceID == device, "%s as device %s changed it at %s", c.ID, device, formatInstant(at.UTC()))
}

func laterTime(p *probe) {
	device, other, now := uuid.NewString(), uuid.NewString(), time.Now()
	first := unitChange("Same", now)
	inserted := p.push(device, first).expectEach("applied")
	before := p.endCursor()
	touched := p.push(other, first.renamedAt("Same", now.Add(2*time.Second))).expectEach("unchanged")
	touched.expect(touched.Results[0].Seq == inserted.Results[0].Seq && touched.Results[0].Version == 1, "the same version and place")
	fed := p.readToEnd(before)
	fed.expect(len(fed.recordsOf(first)) == 0, "no new place in the feed for %s: its content is the same", first.ID)
	p.push(device, first.renamedAt("Between", now.Add(time.Second))).expectEach("stale")
	p.expectCurrent(first, "Same", now.Add(2*time.Second), other)
}

func checkTies(p *probe) {
	now := time.Now()
	devices := []string{uuid.NewString(), uuid.NewString()}
	slices.Sort(devices)
	lesser, greater := devices[0], devices[1]
	upward, downward := unitChange("Lesser", now), unitChange("Greater", now)
	p.push(lesser, upward).expectEach("applied")
	p.push(greater, upward.renamedAt("Greater", now)).expectEach("applied")
	p.push(greater, downward).expectEach("applied")
	p.push(lesser, downward.renamedAt("Lesser", now)).expectEach("stale")
	p.expectCurrent(upward, "Greater", now, greater)
	p.expectCurrent(downward, "Greater", now, greater)

	one, two := twoNames(now, lesser)
	p.push(lesser, one).expectEach("applied")
	p.push(lesser, two).expectEach("applied")
	p.push(lesser, one).expectEach("stale")
}

// twoNames are two contents of one record; the second one has the greater hash.
func twoNames(at time.Time, device string) (lesser, greater change) {
	one := version{change: unitChange("One", at), device: device, at: at}
	two := version{change: one.renamedAt("Two", at), device: device, at: at}
	if one.beats(two) {
		return two.change, one.change
	}
	return one.change, two.change
}

func baseVersion(p *probe) {
	device, now := uuid.NewString(), time.Now()
	first := unitChange("First", now)
	from := func(version int64, name string, at time.Time) change {
		c := first.renamedAt(name, at)
		c.BaseVersion = version
		return c
	}
	p.push(device, from(7, "First", now)).expectEach("applied") // what is not known is inserted
	second := p.push(device, from(1, "Second", now.Add(-time.Hour))).expectEach("applied")
	second.expect(second.Results[0].Version == 2, "version 2: it was made from the current version, however old it is")
	before := p.endCursor()
	met := p.push(device, from(1, "Third", now.Add(time.Hour)), from(3, "Fourth", now.Add(time.Hour))).expectEach("conflict")
	for _, r := range met.Results {
		met.expect(r.Current != nil && r.Current.ID == first.ID && r.Current.Version == 2 && bytes.Equal(r.Current.Data, encodeJSON(map[string]any{"name": "Second"})),
			"the current record, version 2, in current")
	}
	fed := p.readToEnd(before)
	fed.expect(len(fed.recordsOf(first)) == 0, "no change of %s: both were conflicts", first.ID)
	p.push(device, from(1, "Second", now)).expectEach("unchanged") // equal content comes first
	p.expectCurrent(first, "Second", now, device)                  // time never goes back
}

func clockAhead(p *probe) {
	device, now := uuid.NewString(), time.Now()
	got := p.push(device, unitChange("Tomorrow", now.Add(aheadAllowed)), unitChange("Later", now.Add(25*time.Hour+time.Minute)), unitChange("Long ago", now.AddDate(-20, 0, 0)))
	got.expectStatuses("applied", "rejected", "applied")
	got.rejectedFor(1, "modified_at", "clock_ahead")
}

// rejectedFor demands that a result says which field breaks which rule.
func (r pushed) rejectedFor(i int, field, code string) {
	got := r.Results[i]
	r.expect(got.Status == "rejected" && got.Code == code && slices.ContainsFunc(got.Errors, func(f flaw) bool {
		return f.Field == field && f.Code == code && f.Message != ""
	}), "result number %d to be rejected with the code %s for %s", i+1, code, field)
}

func checkTimes(p *probe) {
	device, now := uuid.NewString(), time.Now().Truncate(time.Second)
	lesser, greater := twoNames(now, device)
	later := now.Add(time.Microsecond)
	p.push(device, greater).expectEach("applied")
	lesser.ModifiedAt = formatInstant(later) // wins by its time alone
	p.push(device, lesser).expectEach("applied")
	greater.ModifiedAt = formatInstant(now.In(time.FixedZone("", 5*3600)))
	p.push(device, greater).expectEach("stale")
	fed := p.readToEnd("", "kinds", "unit")
	r := fed.recordsOf(lesser)[lesser.ID]
	fed.expect(r.ModifiedAt.Equal(later) && bytes.Equal(r.Data, lesser.Data), "%s as it was changed at %s", lesser.ID, formatInstant(later.UTC()))

	local, none := unitChange("No offset", now), unitChange("None", now)
	local.ModifiedAt, none.ModifiedAt = now.Format("2006-01-02T15:04:05"), ""
	got := p.push(device, local, none)
	got.rejectedFor(0, "modified_at", "time")
	got.rejectedFor(1, "modified_at", "required")
}

func checkDeletions(p *probe) {
	device, now := uuid.NewString(), time.Now()
	first, unknown, document := unitChange("First", now), unitChange("", now), writeOff(now, 1)
	p.push(device, first, document).expectEach("applied")
	gone := p.push(device, first.deletedAt(now.Add(time.Second)), unknown.deletedAt(now), document.deletedAt(now.Add(time.Second))).expectEach("applied")
	gone.expect(gone.Results[0].Version == 2 && gone.Results[1].Version == 1, "versions 2 and 1")
	p.push(device, first.deletedAt(now.Add(time.Second))).expectEach("unchanged")
	p.push(device, first).expectEach("stale")
	for _, c := range []change{first, unknown, document} {
		fed := p.readToEnd("", "kinds", c.Kind)
		r := fed.recordsOf(c)[c.ID]
		fed.expect(r.Deleted && string(r.Data) == "{}", "%s as a tombstone: deleted true, data {}", c.ID)
	}
	back := p.push(device, first.renamedAt("Back", now.Add(2*time.Second))).expectEach("applied")
	back.expect(back.Results[0].Version == 3, "version 3: a record may come back")
	p.expectCurrent(first, "Back", now.Add(2*time.Second), device)
}

func onePush(p *probe) {
	device, now := uuid.NewString(), time.Now()
	first := unitChange("First", now)
	second, third := first.renamedAt("Second", now.Add(time.Second)), first.renamedAt("Third", now.Add(2*time.Second))
	got := p.push(device, first, third, second, third).expectStatuses("applied", "applied", "stale", "unchanged")
	got.expect(got.Results[0].Version == 1 && got.Results[1].Version == 2 && got.Results[3].Version == 2, "versions 1, 2, 2 and 2")
	p.expectCurrent(first, "Third", now.Add(2*time.Second), device)
}
