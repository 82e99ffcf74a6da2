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
	{"ties", 0, "Between equal times the greater device wins, then the greater hash", ties},
	{"base-version", 0, "base_version must name the current version, else it is a conflict", baseVersion},
	{"clock-ahead", 0, "What claims to come from the day after tomorrow is rejected", clockAhead},
	{"times", 0, "Times have an offset and count to the microsecond", times},
	{"deletions", 0, "A deletion is a change like any other", deletions},
	{"one-push", 0, "Changes of one record in one push are taken in their order", onePush},
}

func laterWins(p *probe) {
	device, now := uuid.NewString(), time.Now()
	first := unit("First", now)
	inserted := p.push(device, first).status("applied")
	inserted.expect(inserted.Results[0].Version == 1 && inserted.Results[0].Seq == inserted.Head, "version 1, at the feed's head")
	p.push(device, first).status("unchanged")

	changed := p.push(device, first.again("Second", now.Add(time.Second))).status("applied")
	changed.expect(changed.Results[0].Version == 2 && changed.Results[0].Seq > inserted.Results[0].Seq && changed.Head >= changed.Results[0].Seq,
		"version 2, at a place above %d", inserted.Results[0].Seq)
	for _, older := range []change{first, first.again("Third", now.Add(-time.Hour)), first.deleted(now)} {
		late := p.push(device, older).status("stale")
		late.expect(late.Results[0].Version == 2 && late.Results[0].Seq == changed.Results[0].Seq && late.Head == changed.Head,
			"the version and place of what is newer: 2 and %d, and the head where it was", changed.Results[0].Seq)
	}
	p.stands(first, "Second", now.Add(time.Second), device)
}

// stands demands how a unit stands in the feed.
func (p *probe) stands(c change, name string, at time.Time, device string) {
	fed := p.read("", "kinds", c.Kind)
	r := fed.records(c)[c.ID]
	fed.expect(!r.Deleted && bytes.Equal(r.Data, encode(map[string]any{"name": name})), "%s with the name %q", c.ID, name)
	fed.expect(r.ModifiedAt.Equal(at.Truncate(time.Microsecond)) && r.DeviceID == device, "%s as device %s changed it at %s", c.ID, device, instant(at.UTC()))
}

func laterTime(p *probe) {
	device, other, now := uuid.NewString(), uuid.NewString(), time.Now()
	first := unit("Same", now)
	inserted := p.push(device, first).status("applied")
	before := p.end()
	touched := p.push(other, first.again("Same", now.Add(2*time.Second))).status("unchanged")
	touched.expect(touched.Results[0].Seq == inserted.Results[0].Seq && touched.Results[0].Version == 1, "the same version and place")
	fed := p.read(before)
	fed.expect(len(fed.records(first)) == 0, "no new place in the feed for %s: its content is the same", first.ID)
	p.push(device, first.again("Between", now.Add(time.Second))).status("stale")
	p.stands(first, "Same", now.Add(2*time.Second), other)
}

func ties(p *probe) {
	now := time.Now()
	devices := []string{uuid.NewString(), uuid.NewString()}
	slices.Sort(devices)
	lesser, greater := devices[0], devices[1]
	upward, downward := unit("Lesser", now), unit("Greater", now)
	p.push(lesser, upward).status("applied")
	p.push(greater, upward.again("Greater", now)).status("applied")
	p.push(greater, downward).status("applied")
	p.push(lesser, downward.again("Lesser", now)).status("stale")
	p.stands(upward, "Greater", now, greater)
	p.stands(downward, "Greater", now, greater)

	one, two := twoNames(now, lesser)
	p.push(lesser, one).status("applied")
	p.push(lesser, two).status("applied")
	p.push(lesser, one).status("stale")
}

// twoNames are two contents of one record; the second one has the greater hash.
func twoNames(at time.Time, device string) (lesser, greater change) {
	one := version{change: unit("One", at), device: device, at: at}
	two := version{change: one.again("Two", at), device: device, at: at}
	if one.beats(two) {
		return two.change, one.change
	}
	return one.change, two.change
}

func baseVersion(p *probe) {
	device, now := uuid.NewString(), time.Now()
	first := unit("First", now)
	from := func(version int64, name string, at time.Time) change {
		c := first.again(name, at)
		c.BaseVersion = version
		return c
	}
	p.push(device, from(7, "First", now)).status("applied") // what is not known is inserted
	second := p.push(device, from(1, "Second", now.Add(-time.Hour))).status("applied")
	second.expect(second.Results[0].Version == 2, "version 2: it was made from the current version, however old it is")
	before := p.end()
	met := p.push(device, from(1, "Third", now.Add(time.Hour)), from(3, "Fourth", now.Add(time.Hour))).status("conflict")
	for _, r := range met.Results {
		met.expect(r.Current != nil && r.Current.ID == first.ID && r.Current.Version == 2 && bytes.Equal(r.Current.Data, encode(map[string]any{"name": "Second"})),
			"the current record, version 2, in current")
	}
	fed := p.read(before)
	fed.expect(len(fed.records(first)) == 0, "no change of %s: both were conflicts", first.ID)
	p.push(device, from(1, "Second", now)).status("unchanged") // equal content comes first
	p.stands(first, "Second", now, device)                     // time never goes back
}

func clockAhead(p *probe) {
	device, now := uuid.NewString(), time.Now()
	got := p.push(device, unit("Tomorrow", now.Add(aheadAllowed)), unit("Later", now.Add(25*time.Hour+time.Minute)), unit("Long ago", now.AddDate(-20, 0, 0)))
	got.statuses("applied", "rejected", "applied")
	got.rejectedFor(1, "modified_at", "clock_ahead")
}

// rejectedFor demands that a result says which field breaks which rule.
func (r pushed) rejectedFor(i int, field, code string) {
	got := r.Results[i]
	r.expect(got.Status == "rejected" && got.Code == code && slices.ContainsFunc(got.Errors, func(f flaw) bool {
		return f.Field == field && f.Code == code && f.Message != ""
	}), "result number %d to be rejected with the code %s for %s", i+1, code, field)
}

func times(p *probe) {
	device, now := uuid.NewString(), time.Now().Truncate(time.Second)
	lesser, greater := twoNames(now, device)
	later := now.Add(time.Microsecond)
	p.push(device, greater).status("applied")
	lesser.ModifiedAt = instant(later) // wins by its time alone
	p.push(device, lesser).status("applied")
	greater.ModifiedAt = instant(now.In(time.FixedZone("", 5*3600)))
	p.push(device, greater).status("stale")
	fed := p.read("", "kinds", "unit")
	r := fed.records(lesser)[lesser.ID]
	fed.expect(r.ModifiedAt.Equal(later) && bytes.Equal(r.Data, lesser.Data), "%s as it was changed at %s", lesser.ID, instant(later.UTC()))

	local, none := unit("No offset", now), unit("None", now)
	local.ModifiedAt, none.ModifiedAt = now.Format("2006-01-02T15:04:05"), ""
	got := p.push(device, local, none)
	got.rejectedFor(0, "modified_at", "time")
	got.rejectedFor(1, "modified_at", "required")
}

func deletions(p *probe) {
	device, now := uuid.NewString(), time.Now()
	first, unknown, document := unit("First", now), unit("", now), writeOff(now, 1)
	p.push(device, first, document).status("applied")
	gone := p.push(device, first.deleted(now.Add(time.Second)), unknown.deleted(now), document.deleted(now.Add(time.Second))).status("applied")
	gone.expect(gone.Results[0].Version == 2 && gone.Results[1].Version == 1, "versions 2 and 1")
	p.push(device, first.deleted(now.Add(time.Second))).status("unchanged")
	p.push(device, first).status("stale")
	for _, c := range []change{first, unknown, document} {
		fed := p.read("", "kinds", c.Kind)
		r := fed.records(c)[c.ID]
		fed.expect(r.Deleted && string(r.Data) == "{}", "%s as a tombstone: deleted true, data {}", c.ID)
	}
	back := p.push(device, first.again("Back", now.Add(2*time.Second))).status("applied")
	back.expect(back.Results[0].Version == 3, "version 3: a record may come back")
	p.stands(first, "Back", now.Add(2*time.Second), device)
}

func onePush(p *probe) {
	device, now := uuid.NewString(), time.Now()
	first := unit("First", now)
	second, third := first.again("Second", now.Add(time.Second)), first.again("Third", now.Add(2*time.Second))
	got := p.push(device, first, third, second, third).statuses("applied", "applied", "stale", "unchanged")
	got.expect(got.Results[0].Version == 1 && got.Results[1].Version == 2 && got.Results[3].Version == 2, "versions 1, 2, 2 and 2")
	p.stands(first, "Third", now.Add(2*time.Second), device)
}
