package conformance

import (
	"bytes"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

var promises = []clause{
	{"commit-order", 1, "A reader never meets a number at or below one that it has seen", commitOrder},
	{"repeatable", 2, "A push that is sent again changes nothing", checkRepeatable},
	{"atomic", 3, "A push appears whole or not at all, and before its answer", checkAtomic},
	{"isolated", 4, "A bad record blocks none of its neighbours, and is kept until it heals", checkIsolated},
	{"convergent", 5, "Whatever the order and repetition of pushes, the same records remain", checkConvergent},
	{"separate", 6, "Nothing of another organization can be read, guessed or stopped", checkSeparate},
}

// commitOrder follows the feed while several devices write into it.
func commitOrder(p *probe) {
	const devices, pushes, size = 4, 12, 5
	reader := &follower{probe: p, cursor: p.endCursor(), seen: map[string]int64{}}
	written := make([][]pushed, devices)
	writers := make([]func(), devices)
	for d := range writers {
		device := uuid.NewString()
		writers[d] = func() {
			for range pushes {
				written[d] = append(written[d], p.push(device, wasteReasonChanges(size, "Commit order", time.Now())...).expectEach("applied"))
			}
		}
	}
	done := make(chan struct{})
	runConcurrently(
		func() { defer close(done); runConcurrently(writers...) },
		func() { reader.followUntil(done) })
	for _, push := range slices.Concat(written...) {
		for _, r := range push.Results {
			reader.last.expect(reader.seen[r.ID] == r.Seq, "a reader who followed the feed to its end to have met %s at number %d, where it was written", r.ID, r.Seq)
		}
	}
}

// follower reads a feed in small pages, and demands that its numbers only grow.
type follower struct {
	probe  *probe
	cursor string
	number int64
	seen   map[string]int64 // of each record, the number at which it was met
	last   page
}

// followUntil reads until done is closed, and then to the end.
func (f *follower) followUntil(done <-chan struct{}) {
	for {
		finished := false
		select {
		case <-done:
			finished = true
		default:
		}
		for more := true; more; more = f.last.More {
			f.readPage()
		}
		if finished {
			return
		}
	}
}

func (f *follower) readPage() {
	f.last = f.probe.pull(f.cursor, "limit", "7")
	for _, r := range f.last.Changes {
		f.last.expect(r.Seq > f.number, "only numbers above %d, which this reader has seen already; %d came now", f.number, r.Seq)
		f.number, f.seen[r.ID] = r.Seq, r.Seq
	}
	f.cursor = f.last.Cursor
}

// checkRepeatable sends a push again in every way.
func checkRepeatable(p *probe) {
	device, now := uuid.NewString(), time.Now()
	batch := append(unitChanges(6, "Repeatable", now), writeOff(now, 3), unitChange("", now).deletedAt(now))
	first := p.push(device, batch...).expectEach("applied")
	before := p.endCursor()
	first.sameAs(p.push(device, batch...))
	first.sameAs(p.push(device, batch[3]))
	first.sameAs(p.push(uuid.NewString(), batch[4:]...))
	backwards := slices.Clone(batch)
	slices.Reverse(backwards)
	first.sameAs(p.pushAs(request{path: "/push", body: encodeLines(backwards), header: ndjsonFrom(device)}, backwards))
	runConcurrently(
		func() { first.sameAs(p.push(device, batch...)) },
		func() { first.sameAs(p.push(device, batch...)) })
	after := p.readToEnd(before)
	after.expect(len(after.recordsOf(batch...)) == 0, "no change in the feed: everything that was sent was there already")

	newer := batch[0].renamedAt("Repeatable, newer", now.Add(time.Second))
	p.push(device, newer).expectEach("applied")
	p.push(device, batch[0], batch[1], newer).expectStatuses("stale", "unchanged", "unchanged")
	after = p.readToEnd(before)
	found := after.recordsOf(batch...)
	after.expect(len(found) == 1 && bytes.Equal(found[newer.ID].Data, newer.Data), "of these records only the newer one of %s in the feed", newer.ID)
	repeatedAtOnce(p)
}

// repeatedAtOnce sends the same new records over several connections.
func repeatedAtOnce(p *probe) {
	device, batch := uuid.NewString(), unitChanges(20, "Repeatable at once", time.Now())
	answers := make([]pushed, 4)
	senders := make([]func(), len(answers))
	for i := range senders {
		senders[i] = func() { answers[i] = p.push(device, batch...) }
	}
	runConcurrently(senders...)
	applied := 0
	for _, got := range answers {
		for i, r := range got.Results {
			got.expect(r.Version == 1 && r.Seq == answers[0].Results[i].Seq, "one version, at one place of the feed, though it was sent four times at once")
			got.expect(r.Status == "applied" || r.Status == "unchanged", "applied or unchanged")
		}
		if got.Results[0].Status == "applied" {
			applied++
		}
	}
	answers[0].expect(applied == 1, "applied for one of four equal pushes, unchanged for the others; applied came %d times", applied)
}

// sameAs demands that a repeat changed nothing.
func (r pushed) sameAs(repeat pushed) {
	for _, again := range repeat.Results {
		at := slices.IndexFunc(r.Results, func(first result) bool { return first.ID == again.ID })
		first := r.Results[at]
		repeat.expect(again.Status == "unchanged" && again.Version == first.Version && again.Seq == first.Seq,
			"%s to be unchanged, with version %d and seq %d as before", again.ID, first.Version, first.Seq)
	}
}

// checkAtomic reads while pushes come in, right after their answers, and after pushes
// that broke off.
func checkAtomic(p *probe) {
	const pushes, size = 8, 250
	device, start := uuid.NewString(), p.endCursor()
	batches := make([][]change, pushes)
	for i := range batches {
		batches[i] = wasteReasonChanges(size, "Atomic "+strconv.Itoa(i), time.Now())
	}
	done := make(chan struct{})
	runConcurrently(func() {
		defer close(done)
		for _, batch := range batches {
			p.push(device, batch...).expectEach("applied")
			expectWholeBatches(p.readToEnd(start), batch, size)
		}
	}, func() {
		for {
			got := p.pull(start, "limit", "5000")
			for _, batch := range batches {
				expectWholeBatches(got, batch, 0, size)
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	brokenOff(p, device)
}

// expectWholeBatches demands that of a push as many records are there as may be.
func expectWholeBatches(got page, batch []change, allowed ...int) {
	there := len(got.recordsOf(batch...))
	got.expect(slices.Contains(allowed, there), "of the %d records of one push as many to be there as %v, not %d", len(batch), allowed, there)
}

// brokenOff sends pushes that end in the middle. Each change by itself is good.
func brokenOff(p *probe, device string) {
	batch, before := wasteReasonChanges(200, "Broken off", time.Now()), p.endCursor()
	p.account.noteWritten(batch)
	body := encodeLines(batch)
	half := bytes.IndexByte(body[len(body)/2:], '\n') + len(body)/2 + 1
	p.send(request{path: "/push", body: body, header: ndjsonFrom(device), cutAt: half})
	time.Sleep(2 * time.Second) // a server may still be at it
	expectWholeBatches(p.readToEnd(before), batch, 0)

	packed := encodeBody(body, "gzip")
	p.send(request{path: "/push", body: packed[:len(packed)*2/3], encoding: "gzip", header: ndjsonFrom(device)}).expectProblem(http.StatusBadRequest, "malformed")
	expectWholeBatches(p.readToEnd(before), batch, 0)
}

// checkIsolated sends bad records among good ones.
func checkIsolated(p *probe) {
	device, now, before := uuid.NewString(), time.Now(), p.endCursor()
	good := unitChanges(3, "Isolated", now)
	numbered, list, ahead := unitChange("", now), unitChange("", now), unitChange("Ahead", now.Add(48*time.Hour))
	numbered.Data, list.Data = []byte(`{"name":17}`), []byte(`[1]`)
	batch := []change{numbered, good[0], list, good[1], ahead, good[2]}
	got := p.push(device, batch...)
	got.expectStatuses("rejected", "applied", "rejected", "applied", "rejected", "applied")
	p.pushAs(request{path: "/push", body: encodeLines(batch), header: ndjsonFrom(device)}, batch).
		expectStatuses("rejected", "unchanged", "rejected", "unchanged", "rejected", "unchanged")
	for i, code := range map[int]string{0: "invalid", 4: "clock_ahead"} {
		r := got.Results[i]
		got.expect(r.Code == code && len(r.Errors) > 0, "code %s, and errors, for result number %d", code, i+1)
	}
	fed := p.readToEnd(before)
	found := fed.recordsOf(batch...)
	fed.expect(len(found) == 3 && found[good[0].ID].ID != "" && found[good[2].ID].ID != "", "the three good records in the feed, and none of the bad ones")

	kept := p.fetchRejections("kind", "unit", "limit", "200")
	for _, bad := range []change{numbered, list, ahead} {
		kept.expect(kept.hasRejection(bad), "the rejected %s among the rejections", bad.ID)
	}
	p.push(device, numbered.renamedAt("Mended", now.Add(time.Second)), good[0]).expectStatuses("applied", "unchanged")
	kept = p.fetchRejections("kind", "unit", "limit", "200")
	kept.expect(!kept.hasRejection(numbered), "no rejection of %s: a later change of it was accepted", numbered.ID)
	kept.expect(kept.hasRejection(list), "the rejection of %s to stay", list.ID)
}

// version is a change with the device that made it.
type version struct {
	change
	device string
	at     time.Time
}

// checkConvergent sends random changes of a few records from three devices in any
// order, and works out by itself what must remain.
func checkConvergent(p *probe) {
	const records, changes = 20, 8
	devices := []string{uuid.NewString(), uuid.NewString(), uuid.NewString()}
	start, before := time.Now().Add(-time.Hour).Truncate(time.Second), p.endCursor()
	var all []version
	for range records {
		base := unitChange("Convergent", start)
		for range changes {
			v := version{device: devices[rand.N(3)], at: start.Add(time.Duration(rand.N(6)) * time.Second)}
			if v.change = base.renamedAt("Name "+strconv.Itoa(rand.N(4)), v.at); rand.N(5) == 0 {
				v.change = base.deletedAt(v.at)
			}
			all = append(all, v)
		}
	}
	sent := append(slices.Clone(all), all[:len(all)/2]...) // half of them twice
	rand.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
	var senders []func()
	for _, device := range devices {
		senders = append(senders, func() { p.sendOwn(device, sent) })
	}
	runConcurrently(senders...)

	left, greatest := p.readToEnd(before), winningVersions(all)
	for id, winner := range greatest {
		got, data := left.recordsOf(winner.change)[id], winner.Data
		if winner.Deleted {
			data = []byte("{}")
		}
		left.expect(got.Deleted == winner.Deleted && bytes.Equal(got.Data, data),
			"%s to be as its greatest change (by time, then device, then hash) made it: deleted %v, data %s", id, winner.Deleted, data)
	}
	for id, winner := range greatest {
		got := left.recordsOf(winner.change)[id]
		left.expect(got.ModifiedAt.Equal(winner.at) && got.DeviceID == winner.device, "%s to be of %s, by device %s", id, winner.ModifiedAt, winner.device)
	}
	p.compareDigests("unit", "")
}

// sendOwn pushes a device's changes a few at a time.
func (p *probe) sendOwn(device string, all []version) {
	var own []change
	for _, v := range all {
		if v.device == device {
			own = append(own, v.change)
		}
	}
	for batch := range slices.Chunk(own, 3) {
		p.push(device, batch...)
	}
}

// winningVersions is the greatest change of each record: by time, by device, by hash.
func winningVersions(all []version) map[string]version {
	greatest := map[string]version{}
	for _, v := range all {
		if g, known := greatest[v.ID]; !known || v.beats(g) {
			greatest[v.ID] = v
		}
	}
	return greatest
}

func (v version) beats(o version) bool {
	switch {
	case !v.at.Equal(o.at):
		return v.at.After(o.at)
	case v.device != o.device:
		return v.device > o.device // as text as well as by bytes: both are lower case hex
	}
	mine, its := v.contentHash(), o.contentHash()
	return bytes.Compare(mine[:], its[:]) > 0
}
