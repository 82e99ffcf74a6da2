package conformance

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

var feedRules = []clause{
	{"pages", 0, "Pages follow one another without a gap, each record once, at its latest change", checkPages},
	{"kinds", 0, "kinds chooses, and its cursor goes past the rest", kindsFilter},
	{"not-device", 0, "not_device leaves out a device's own changes", notDevice},
	{"cursors", 0, "A cursor that nobody gave is refused", checkCursors},
	{"long-poll", 0, "wait holds the answer until something arrives, and not longer", longPoll},
	{"pull-limits", 0, "What a pull may ask for is bounded", pullLimits},
}

func checkPages(p *probe) {
	device, now, before := uuid.NewString(), time.Now(), p.endCursor()
	batch := unitChanges(9, "Pages", now)
	p.push(device, batch...).expectEach("applied")
	var ids []string
	cursor, last := before, int64(0)
	for turn := 0; ; turn++ {
		got := p.pull(cursor, "limit", "4")
		got.expect(len(got.Changes) <= 4, "at most 4 changes")
		for _, r := range got.Changes {
			got.expect(r.Seq > last, "numbers above %d, in order", last)
			last, ids = r.Seq, append(ids, r.ID)
		}
		if turn == 0 { // what has been read moves to the end, and comes once more
			p.push(device, batch[1].renamedAt("Moved", now.Add(time.Second))).expectEach("applied")
		}
		if cursor = got.Cursor; !got.More {
			got.expect(ids[len(ids)-1] == batch[1].ID, "the changed %s at the end", batch[1].ID)
			break
		}
	}
	whole := p.readToEnd(before)
	found := whole.recordsOf(batch...)
	whole.expect(len(found) == len(batch), "all %d records", len(batch))
	for _, c := range batch {
		whole.expect(slices.Contains(ids, c.ID), "the pages before to have had %s too", c.ID)
		r := found[c.ID]
		whole.expect(r.Kind == c.Kind && r.DeviceID == device && (r.ID == batch[1].ID) == (r.Version == 2), "%s with its kind, version and device", c.ID)
	}
	again := p.pull(whole.Cursor)
	again.expect(len(again.Changes) == 0 && !again.More, "nothing after the end")
}

func kindsFilter(p *probe) {
	device, now, before := uuid.NewString(), time.Now(), p.endCursor()
	document, product := writeOff(now, 1), change{Kind: "product", ID: uuid.NewString(), ModifiedAt: formatInstant(now), Data: []byte(`{"name":"Kinds","type":"goods"}`)}
	all := append(unitChanges(3, "Kinds", now), document, product)
	p.push(device, all...).expectEach("applied")
	chosen := p.pull(before, "kinds", "write_off,product", "limit", "2")
	chosen.expect(len(chosen.Changes) == 2 && len(chosen.recordsOf(document, product)) == 2 && !chosen.More, "the document and the product, and no more")
	rest := p.pull(chosen.Cursor)
	rest.expect(len(rest.Changes) == 0, "nothing: the cursor stands at the end of the feed")
	p.send(request{path: "/changes?kinds=unit,sorcery"}).expectProblem(http.StatusUnprocessableEntity, "validation_failed")
}

func notDevice(p *probe) {
	mine, its, now, before := uuid.NewString(), uuid.NewString(), time.Now(), p.endCursor()
	own, foreign := unitChange("Own", now), unitChange("Foreign", now)
	p.push(mine, own).expectEach("applied")
	p.push(its, foreign).expectEach("applied")
	got := p.readToEnd(before, "not_device", mine)
	got.expect(len(got.recordsOf(own)) == 0 && len(got.recordsOf(foreign)) == 1, "only what the other device changed")
	p.push(its, own.renamedAt("Changed by the other", now.Add(time.Second))).expectEach("applied")
	got = p.readToEnd(before, "not_device", mine)
	got.expect(len(got.recordsOf(own)) == 1, "%s, since the other device changed it last", own.ID)
	p.send(request{path: "/changes?not_device=7"}).expectProblem(http.StatusUnprocessableEntity, "validation_failed")
}

// checkCursors tries what no server gave: nonsense, and a good cursor with a changed
// letter. Both 400 and 410 tell a client to begin again.
func checkCursors(p *probe) {
	good := p.endCursor()
	for _, bad := range []string{"nonsense", strings.Repeat("A", len(good)), otherLetter(good), good[:len(good)-4], good + "AAAA"} {
		a := p.send(request{path: "/changes?cursor=" + bad})
		if a.status == http.StatusGone {
			a.expectProblem(http.StatusGone, "cursor_expired")
			continue
		}
		a.expectProblem(http.StatusBadRequest, "malformed")
	}
}

func longPoll(p *probe) {
	cursor, asked := p.endCursor(), time.Now()
	quiet := p.pull(cursor, "wait", "3")
	quiet.expect(len(quiet.Changes) == 0 && quiet.Cursor != "" && !quiet.More, "no changes, and a cursor")
	quiet.expect(time.Since(asked) > 2900*time.Millisecond, "the answer to be held for three seconds; it came after %v", time.Since(asked))

	for tries := 3; !longPollWakes(p, tries == 1); tries-- { // the network, or another's work, may hold one answer up
	}
	otherKind(p)
}

// longPollWakes holds a pull until a record arrives, and says whether it was answered soon; at the
// last try it demands that.
func longPollWakes(p *probe, last bool) (soon bool) {
	cursor, arrival := p.endCursor(), unitChange("Arrives", time.Now())
	var pushed time.Time
	runConcurrently(func() {
		got := p.pull(cursor, "wait", "20")
		took := time.Since(pushed)
		got.expect(len(got.recordsOf(arrival)) == 1, "%s, which arrived meanwhile", arrival.ID)
		soon = took < 7*time.Second
		got.expect(soon || !last, "an answer soon after it arrived, not %v later", took)
	}, func() {
		time.Sleep(400 * time.Millisecond)
		pushed = time.Now()
		p.push(uuid.NewString(), arrival).expectEach("applied")
	})
	return soon
}

// otherKind holds a pull of one kind while another kind arrives.
func otherKind(p *probe) {
	cursor, asked := p.endCursor(), time.Now()
	runConcurrently(func() {
		got := p.pull(cursor, "wait", "1", "kinds", "hall")
		got.expect(len(got.Changes) == 0 && time.Since(asked) > 900*time.Millisecond, "no answer before its second is over: no hall arrived")
	}, func() {
		time.Sleep(200 * time.Millisecond)
		p.push(uuid.NewString(), unitChange("No hall", time.Now())).expectEach("applied")
	})
}

func pullLimits(p *probe) {
	for _, query := range []string{"limit=0", "limit=many", "limit=-1", "wait=31", "wait=-1", "wait=long"} {
		p.send(request{path: "/changes?" + query}).expectProblem(http.StatusUnprocessableEntity, "validation_failed")
	}
}
