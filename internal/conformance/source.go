package conformance

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

var sourceRules = []clause{
	{"sources", 0, "A database is registered once, under a name of its own, and keeps its id", registersSources},
	{"sources-apart", 0, "What two databases have under one key never becomes one record, nor is a source another organization's", keepsSourcesApart},
}

// Sources cannot be deleted: every run uses the same ones.
const firstSource, secondSource, restoredSource = "Conformance kit: first database", "Conformance kit: second database", "Conformance kit: restored database"

// source is a database of the organization, as the cabinet lists it.
type source struct {
	ID, Name, Evidence string
	Devices            []struct{ ID string }
}

func (s source) hasDevice(id string) bool {
	return slices.ContainsFunc(s.Devices, func(d struct{ ID string }) bool { return d.ID == id })
}

// sourceList is an answer of sources.
type sourceList struct {
	*answer
	Items []source
}

func (p *probe) listSources() (list sourceList) {
	list.answer = p.send(request{path: "/sources"})
	list.expectStatus(http.StatusOK).decodeJSON(&list)
	return list
}

func (l sourceList) find(holds func(source) bool) (source, bool) {
	i := slices.IndexFunc(l.Items, holds)
	if i < 0 {
		return source{}, false
	}
	return l.Items[i], true
}

func (p *probe) sendSource(method, path, name, device, evidence string) *answer {
	return p.send(request{method: method, path: path, body: encodeJSON(map[string]any{"name": name, "device_id": device, "evidence": evidence})})
}

// register says hello for a new device, and gives the source of a name, which it registers where no run has.
func (p *probe) register(name string) (found source, device string) {
	device = uuid.NewString()
	p.hello(device)
	found, known := p.listSources().find(func(s source) bool { return s.Name == name })
	if !known {
		p.sendSource(http.MethodPost, "/sources", name, device, "").expectStatus(http.StatusCreated).decodeJSON(&found)
	}
	p.account.sources = true
	return found, device
}

func registersSources(p *probe) {
	first, _ := p.register(firstSource)
	second, device := p.register(secondSource)
	list := p.listSources()
	for _, registered := range []source{first, second} {
		same, _ := list.find(func(s source) bool { return s.Name == registered.Name })
		list.expect(same.ID == registered.ID, "%q with the id %s that its registration gave", registered.Name, registered.ID)
	}
	list.expect(first.ID != second.ID, "an id of its own for each of the two databases")
	p.sendSource(http.MethodPost, "/sources", strings.ToUpper(firstSource), device, "").expectProblem(http.StatusConflict, "conflict")
	p.sendSource(http.MethodPost, "/sources", "", device, "").expectFieldProblem("name")
	p.sendSource(http.MethodPost, "/sources", uuid.NewString(), uuid.NewString(), "").expectFieldProblem("device_id")

	evidence := "receipt 17 " + device
	renewed := p.sendSource(http.MethodPut, "/sources/"+first.ID, firstSource, device, evidence).expectStatus(http.StatusOK)
	list = p.listSources()
	same, _ := list.find(func(s source) bool { return s.Name == firstSource })
	list.expect(same.ID == first.ID && same.Evidence == evidence && same.hasDevice(device), "%s with the evidence and the device that it was renewed with", first.ID)
	other, _ := list.find(func(s source) bool { return s.Name == secondSource })
	list.expect(other.ID == second.ID && !other.hasDevice(device), "the other database as it was, without the device")

	unknown := uuid.NewSHA1(uuid.MustParse(first.ID), []byte("restored")).String()
	var restored source
	p.sendSource(http.MethodPut, "/sources/"+unknown, restoredSource, device, "").expectStatus(http.StatusOK).decodeJSON(&restored)
	renewed.expect(restored.ID == unknown, "a source that is not there to be taken up under its id")
}

func keepsSourcesApart(p *probe) {
	first, firstDevice := p.register(firstSource)
	second, secondDevice := p.register(secondSource)
	key := "unit/" + uuid.NewString() // both count from the same number
	ours, theirs := unitChange("Of the first database", time.Now()), unitChange("Of the second database", time.Now())
	ours.ID, theirs.ID = recordID(first, key), recordID(second, key)
	for device, change := range map[string]change{firstDevice: ours, secondDevice: theirs} {
		got := p.push(device, change).expectEach("applied")
		got.expect(got.Results[0].Version == 1, "a record of its own for each database: version 1")
	}
	fed := p.readToEnd("", "kinds", "unit")
	for _, c := range []change{ours, theirs} {
		fed.expect(bytes.Equal(fed.recordsOf(c)[c.ID].Data, c.Data), "%s as its database sent it: %s", c.ID, c.Data)
	}
	if p.kit.other != nil {
		sourcesOfOthers(p, p.withAccount(p.kit.other), first)
	}
}

// sourcesOfOthers holds that another organization neither sees nor changes a source.
func sourcesOfOthers(p, other *probe, ours source) {
	theirs, device := other.register(firstSource)
	list := other.listSources()
	_, seen := list.find(func(s source) bool { return s.ID == ours.ID && s.Name != restoredSource })
	list.expect(theirs.ID != ours.ID && !seen, "no source of another organization")
	other.sendSource(http.MethodPut, "/sources/"+ours.ID, restoredSource, device, "a guess").expectStatus(http.StatusOK)
	list = p.listSources()
	still, _ := list.find(func(s source) bool { return s.ID == ours.ID })
	list.expect(still.Name == firstSource && still.Evidence == ours.Evidence && !still.hasDevice(device), "%s as it was: another organization has claimed one of that id", ours.ID)
}

// recordID is what a client makes of a source and a key of its database.
func recordID(s source, key string) string {
	return uuid.NewSHA1(uuid.MustParse(s.ID), []byte(key)).String()
}
