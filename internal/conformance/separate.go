package conformance

import (
	"bytes"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// checkSeparate tries to reach the records of one organization with the key of
// another one.
func checkSeparate(p *probe) {
	if p.kit.other == nil {
		panic(untested("--other-key was not given: the key of a second organization is needed"))
	}
	other := p.withAccount(p.kit.other)
	device, now := uuid.NewString(), time.Now()
	shared, secret, bad := unitChange("Ours", now), unitChange("Ours alone", now), unitChange("", now)
	bad.Data = []byte(`{"name":17}`)
	p.push(device, shared, secret, bad).expectStatuses("applied", "applied", "rejected")

	theirs := shared.renamedAt("Theirs", now.Add(-time.Hour))
	guess := secret.renamedAt("A guess", now)
	guess.BaseVersion = 1
	got := other.push(device, theirs)
	got.expect(got.Results[0].Status == "applied" && got.Results[0].Version == 1, "the other organization's %s to be a record of its own: applied, version 1", shared.ID)
	expectUnseen(p, other, secret, bad)
	got = other.push(uuid.NewString(), guess)
	got.expect(got.Results[0].Status == "applied" && got.Results[0].Version == 1 && got.Results[0].Current == nil,
		"%s to be unknown here: applied, version 1", secret.ID)
	ours := p.readToEnd("", "kinds", "unit")
	for _, c := range []change{shared, secret} {
		ours.expect(bytes.Equal(ours.recordsOf(c)[c.ID].Data, c.Data), "%s as this organization sent it: %s", c.ID, c.Data)
	}
	foreignCursor(p, other)
	waitsAlone(p, other)
	staysReachable(p, other)
}

// expectUnseen demands that none of the records shows with the other key.
func expectUnseen(p, other *probe, changes ...change) {
	fed := other.readToEnd("", "kinds", "unit")
	fed.expect(len(fed.recordsOf(changes...)) == 0, "no record of another organization")
	kept := other.fetchRejections("kind", "unit", "limit", "200")
	for _, c := range changes {
		kept.expect(!kept.hasRejection(c), "no rejection of another organization")
		bucket := other.fetchFingerprints("unit", c.ID[:2])
		_, there := bucket.hashes[c.ID]
		bucket.expect(!there, "no %s, which is another organization's", c.ID)
	}
	mine := p.fetchFingerprints("unit", changes[0].ID[:2])
	_, there := mine.hashes[changes[0].ID]
	mine.expect(there, "%s in its own organization", changes[0].ID)
}

// foreignCursor reads on from the other organization's cursor.
func foreignCursor(p, other *probe) {
	cursor := p.endCursor()
	p.push(uuid.NewString(), unitChange("After the cursor", time.Now())).expectEach("applied")
	a := other.send(request{path: "/changes?cursor=" + cursor})
	a.expect(a.status == http.StatusGone || a.status == http.StatusBadRequest, "410 or 400: the cursor is another organization's")
}

// waitsAlone holds a pull that another organization's push must not answer.
func waitsAlone(p, other *probe) {
	cursor := other.endCursor()
	runConcurrently(
		func() {
			got := other.pull(cursor, "wait", "1")
			got.expect(len(got.Changes) == 0, "no change: only another organization pushed")
		},
		func() {
			time.Sleep(200 * time.Millisecond)
			p.push(uuid.NewString(), unitChange("Not yours", time.Now())).expectEach("applied")
		})
}

// staysReachable asks for one organization while another one pushes all it can.
func staysReachable(p, other *probe) {
	const devices, pushes, size, bearable = 4, 2, 500, 20 * time.Second
	pushing := make([]func(), devices, devices+1)
	for i := range pushing {
		pushing[i] = func() {
			for range pushes {
				p.push(uuid.NewString(), wasteReasonChanges(size, "Busy", time.Now())...).expectEach("applied")
			}
		}
	}
	runConcurrently(append(pushing, func() {
		for range 5 {
			asked := time.Now()
			got := other.push(uuid.NewString(), unitChange("In between", asked)).expectEach("applied")
			got.expect(time.Since(asked) < bearable, "an answer within %v while another organization pushes; it took %v", bearable, time.Since(asked))
		}
	})...)
}
