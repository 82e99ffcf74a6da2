package conformance

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
)

var continuations = []clause{
	{"continues", 0, "Hello and push say whether the feed goes on from where a device knows it", checkContinues},
	{"restored-backup", 0, "After an older backup was restored every cursor from behind it has expired", restoredBackup},
	{"purge", 0, "A purged tombstone ends the cursors that have not met it, and digests forget it", purgedTombstones},
}

// HostAction is something that only the host of a cabinet can do.
type HostAction func(ctx context.Context) error

// demandHost does something that only the host can do. without is what to give the kit for it.
func (p *probe) demandHost(do HostAction, without string) {
	if do == nil {
		panic(untested(without + " was not given"))
	}
	if err := do(p.kit.ctx); err != nil {
		panic(untested(without + ": " + err.Error()))
	}
	p.awaitCabinet()
}

// awaitCabinet waits until the cabinet answers again: its host may have stopped it.
func (p *probe) awaitCabinet() {
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(time.Second) {
		if p.roundTrip(request{method: http.MethodGet, path: "/licenses"}).status == http.StatusOK {
			return
		}
	}
}

// greetFrom says hello with the cursor up to which a device knows the feed; "" is none.
func (p *probe) greetFrom(device, cursor string) (*answer, greeting) {
	body := map[string]any{"device_id": device}
	if cursor != "" {
		body["cursor"] = cursor
	}
	var g greeting
	a := p.send(request{path: "/hello", body: encodeJSON(body)})
	a.expectStatus(http.StatusOK).decodeJSON(&g)
	return a, g
}

func (p *probe) expectContinues(device, cursor string, continues bool) {
	a, g := p.greetFrom(device, cursor)
	a.expect(g.Feed.Continues != nil && *g.Feed.Continues == continues && g.Feed.Cursor != "", "continues %v, and a new cursor", continues)
}

// pushFrom pushes with the cursor up to which a device knows the feed.
func (p *probe) pushFrom(device, cursor string, changes ...change) request {
	p.account.noteWritten(changes)
	return request{path: "/push", body: encodeJSON(map[string]any{"device_id": device, "cursor": cursor, "changes": changes})}
}

func checkContinues(p *probe) {
	device, now := uuid.NewString(), time.Now()
	first := p.push(device, unitChange("Continues", now)).expectEach("applied")
	first.expect(first.Cursor != "", "a cursor")
	p.expectContinues(device, "", true)
	p.expectContinues(device, first.Cursor, true)
	p.expectContinues(device, "made-up", false)
	next := unitChange("Continues", now)
	p.pushAs(p.pushFrom(device, first.Cursor, next), []change{next}).expectEach("applied")
	p.pushAs(request{path: "/push", body: encodeLines([]change{next}), header: map[string]string{
		"Content-Type": ndjson, "Device-Id": device, "Feed-Cursor": first.Cursor}}, []change{next}).expectEach("unchanged")
	p.send(p.pushFrom(device, "made-up", next)).expectProblem(http.StatusBadRequest, "malformed")
	if p.kit.other != nil {
		foreign := p.withAccount(p.kit.other).push(device, unitChange("Elsewhere", now)).expectEach("applied").Cursor
		p.expectContinues(device, foreign, false)
		p.send(p.pushFrom(device, foreign, next)).expectProblem(http.StatusGone, "cursor_expired")
	}
}

func restoredBackup(p *probe) {
	device, now := uuid.NewString(), time.Now()
	kept, lost := unitChange("Kept", now), unitChanges(3, "Lost", now)
	before := p.push(device, kept).expectEach("applied").Cursor
	readBefore := p.endCursor()
	p.demandHost(p.kit.host.Backup, "--backup-command")
	after := p.push(device, lost...).expectEach("applied").Cursor
	readAfter := p.endCursor()
	p.demandHost(p.kit.host.Restore, "--restore-command")

	p.expectContinues(device, before, true)
	p.expectContinues(device, after, false)
	p.pull(readBefore)
	p.expectExpired(readAfter)
	refused := unitChange("Refused", now)
	p.send(p.pushFrom(device, after, refused)).expectProblem(http.StatusGone, "cursor_expired")
	fed := p.readToEnd("", "kinds", "unit")
	fed.expect(len(fed.recordsOf(refused)) == 0, "no %s: its push was not taken", refused.ID)
	p.push(device, unitChanges(5, "Over the lost numbers", now)...).expectEach("applied")
	p.expectContinues(device, after, false)
	p.expectExpired(readAfter)
	p.push(device, lost...)
	fed = p.readToEnd(readBefore)
	fed.expect(len(fed.recordsOf(lost...)) == len(lost), "what was lost, when it was sent again")
}

func (p *probe) expectExpired(cursor string) {
	p.send(request{path: "/changes?cursor=" + url.QueryEscape(cursor)}).expectProblem(http.StatusGone, "cursor_expired")
}

func purgedTombstones(p *probe) {
	device, now := uuid.NewString(), time.Now()
	directory, document := unitChange("Purged", now), writeOff(now, 1)
	p.push(device, directory, document).expectEach("applied")
	slow := p.endCursor()
	p.push(device, directory.deletedAt(now.Add(time.Second)), document.deletedAt(now.Add(time.Second))).expectEach("applied")
	reader := p.endCursor()
	p.demandHost(p.kit.host.Purge, "--purge-command")

	p.pull(reader)
	p.expectExpired(slow)
	whole := p.readToEnd("")
	found := whole.recordsOf(directory, document)
	whole.expect(found[directory.ID].ID == "" && found[document.ID].Deleted, "no tombstone of the directory's record, and that of the document")
	listed := p.fetchFingerprints("unit", directory.ID[:2])
	_, there := listed.hashes[directory.ID]
	listed.expect(!there, "no %s in its bucket", directory.ID)
	back := p.push(device, directory).expectEach("applied")
	back.expect(back.Results[0].Version == 1, "version 1: a purged record that is sent again is a new one")
}
