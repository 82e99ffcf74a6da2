package push

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/fault"
)

const (
	fuzzDevice = "0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"
	fuzzUnit   = `{"kind":"unit","id":"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40","modified_at":"2026-05-25T20:03:14+03:00","data":{"name":"kg","x":[1.50,"\u00e9"]}}`
	fuzzGone   = `{"kind":"receipt","id":"9c1d2e3f-0f4a-4d0e-8f2b-5b6d3c1e7a40","modified_at":"2026-05-25T20:03:15Z","deleted":true,"base_version":2}`
	fuzzBad    = `{"kind":"unit","id":"17","modified_at":"tomorrow","data":{"name":"a","name":"b","n":1e400}}`
)

// fuzzed is a push with its changes decoded, as Receiver.Push gets them.
type fuzzed struct {
	*Request
	changes []change
}

func wholly(push *Request, err error) (fuzzed, error) {
	if err != nil {
		return fuzzed{}, err
	}
	whole := fuzzed{Request: push}
	for some, err := range readAhead(push, 0, batchSize, newDecoder("RUB", time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)).decodeBatch) {
		if err != nil {
			return whole, err
		}
		whole.changes = append(whole.changes, some...)
	}
	return whole, nil
}

// FuzzDecode holds the decoder of JSON pushes: it never panics, it takes nothing
// but JSON, it answers for each change that was sent, and what it takes is in
// its canonical form.
func FuzzDecode(f *testing.F) {
	for _, changes := range []string{"", fuzzUnit, fuzzGone + "," + fuzzUnit, fuzzBad, `17,"x",null,[{}],{}`, fuzzUnit + ",{oops}"} {
		f.Add([]byte(`{"device_id":"` + fuzzDevice + `","changes":[` + changes + `]}`))
	}
	f.Add([]byte(`{"changes":[` + fuzzUnit + `],"device_id":"` + fuzzDevice + `","more":{"changes":[1,2]},"changes":[{}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		push, err := wholly(Decode(body))
		if err != nil {
			holdRefusal(t, err)
			return
		}
		if !json.Valid(body) {
			holdUnreadable(t, push)
			return
		}
		if sent := sentChanges(t, body); len(push.changes) != sent {
			t.Fatalf("%q: %d changes were sent, %d decoded", body, sent, len(push.changes))
		}
		holdChanges(t, push)
	})
}

// FuzzDecodeLines holds the decoder of NDJSON pushes to the same, and to what the
// JSON form of the same changes gives.
func FuzzDecodeLines(f *testing.F) {
	f.Add([]byte(fuzzUnit+"\n"+fuzzGone+"\n"), fuzzDevice)
	f.Add([]byte("\r\n"+fuzzBad+"\r\n\n 17 \n"), fuzzDevice)
	f.Add([]byte(fuzzUnit+" "+fuzzUnit), "till")
	f.Fuzz(func(t *testing.T, body []byte, device string) {
		push, err := wholly(DecodeLines(body, device))
		if err != nil {
			holdRefusal(t, err)
			return
		}
		var sent []string
		for line := range strings.SplitSeq(string(body), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				sent = append(sent, line)
			}
		}
		if len(push.changes) != len(sent) {
			t.Fatalf("%q: %d lines were sent, %d decoded", body, len(sent), len(push.changes))
		}
		holdChanges(t, push)
		if slices.ContainsFunc(sent, func(line string) bool { return !json.Valid([]byte(line)) }) {
			holdUnreadable(t, push)
			return // its brackets may go on in the next line
		}
		whole, err := wholly(Decode([]byte(`{"device_id":"` + push.DeviceID.String() + `","changes":[` + strings.Join(sent, ",") + `]}`)))
		if err != nil {
			t.Fatalf("%q is taken as lines, but not as JSON: %v", body, err)
		}
		for i := range push.changes {
			if a, b := &push.changes[i], &whole.changes[i]; a.hash != b.hash || a.code != b.code || a.rawID != b.rawID {
				t.Fatalf("line %d of %q and the same change in JSON differ", i+1, body)
			}
		}
	})
}

// holdUnreadable holds that of a body which is no JSON, one change at least is refused.
func holdUnreadable(t *testing.T, push fuzzed) {
	t.Helper()
	if !slices.ContainsFunc(push.changes, func(c change) bool { return c.code != "" }) {
		t.Fatal("a body is taken that is no JSON")
	}
}

// holdRefusal holds that a push is refused in the client's words.
func holdRefusal(t *testing.T, err error) {
	t.Helper()
	for _, code := range []fault.Code{fault.Malformed, fault.ValidationFailed, fault.TooLarge} {
		if fault.Is(err, code) {
			return
		}
	}
	t.Fatalf("a push is refused with %v", err)
}

// sentChanges counts the items of the body's lists of changes with encoding/json.
func sentChanges(t *testing.T, body []byte) (count int) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(body))
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	for decoder.More() {
		name, err := decoder.Token()
		var value json.RawMessage
		if err == nil {
			err = decoder.Decode(&value)
		}
		if err != nil && err != io.EOF {
			t.Fatal(err)
		}
		var list []json.RawMessage
		if name == "changes" && json.Unmarshal(value, &list) == nil {
			count += len(list)
		}
	}
	return count
}

func holdChanges(t *testing.T, push fuzzed) {
	t.Helper()
	for i := range push.changes {
		c := &push.changes[i]
		if c.code != "" {
			holdRejected(t, c)
			continue
		}
		if c.id == uuid.Nil || c.modifiedAt.IsZero() || c.bucket == "" {
			t.Fatalf("an incomplete change is taken: %+v", c)
		}
		if c.hash != canonical.Hash(c.id, c.deleted, c.data) {
			t.Fatalf("the hash does not cover %q", c.data)
		}
		holdRepeat(t, push.DeviceID, c)
		holdScan(t, c)
	}
}

// holdScan holds that a scan reads of a change what decoding it reads.
func holdScan(t *testing.T, c *change) {
	t.Helper()
	var seen change
	if d := newDecoder("RUB", time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)); !d.scanChange(c.sent, &seen) {
		return
	}
	if seen.kind != c.kind || seen.id != c.id || !seen.modifiedAt.Equal(c.modifiedAt) || seen.deleted != c.deleted || seen.baseVersion != c.baseVersion {
		t.Fatalf("a scan of %q sees %+v instead of %+v", c.sent, seen, *c)
	}
	if seen.hash == c.hash && !c.deleted && !bytes.Contains(c.sent, c.data) {
		t.Fatalf("a scan takes %q for its canonical form", c.sent)
	}
}

// holdRejected holds that a rejection has its reasons, and that the database can hold what
// is kept of it: as it was sent, where it is to be tried again.
func holdRejected(t *testing.T, c *change) {
	t.Helper()
	if len(c.faults) == 0 {
		t.Fatalf("%q is rejected without a fault", c.code)
	}
	r := refusal{change: c}
	r.keepText()
	if text := c.kind + c.rawID + r.kept; !utf8.ValidString(text) || strings.ContainsRune(text, 0) || r.isWhole && r.kept != string(c.sent) {
		t.Fatalf("a rejection that cannot be kept: %q of %q %q", c.sent, c.kind, c.rawID)
	}
}

// holdRepeat sends a decoded change again, as another cabinet would get it: the
// same must come out.
func holdRepeat(t *testing.T, device uuid.UUID, c *change) {
	t.Helper()
	line, err := json.Marshal(map[string]any{
		"kind": c.kind, "id": c.id, "modified_at": c.modifiedAt, "deleted": c.deleted, "data": json.RawMessage(c.data),
	})
	if err != nil {
		t.Fatalf("%q: %v", c.data, err)
	}
	again, err := wholly(DecodeLines(line, device.String()))
	if err != nil || len(again.changes) != 1 {
		t.Fatalf("%s cannot be sent again: %v", line, err)
	}
	if r := &again.changes[0]; r.code != "" || r.hash != c.hash || r.bucket != c.bucket || !r.modifiedAt.Equal(c.modifiedAt) ||
		!bytes.Equal(r.data, c.data) {
		t.Fatalf("%s sent again is %+v", line, r)
	}
}
