package sync_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"
	"unicode"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/sync"
)

// Of a repeat, what the feed holds as it was sent is not decoded again. The answers
// must be those of any other spelling, whatever stands between.
func TestARepeatIsAnsweredLikeAnyOtherSpellingOfIt(t *testing.T) {
	const many = 650 // several portions
	at := clock.Add(-time.Hour)
	id := func(i int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte{byte(i), byte(i >> 8)}) }
	first := func() (changes []sent) {
		for i := range many {
			changes = append(changes, unit(id(i), fmt.Sprint("unit ", i), at))
		}
		return changes
	}
	deleted := func(i int, at time.Time, data any) sent {
		gone := sent{"kind": "unit", "id": id(i), "modified_at": at, "deleted": true}
		if data != nil {
			gone["data"] = data
		}
		return gone
	}
	for name, alter := range map[string]func([]sent) []sent{
		"as it was": func(c []sent) []sent { return c },
		"one changed far behind": func(c []sent) []sent {
			c[430] = unit(id(430), "another", at.Add(time.Minute))
			return c
		},
		"one changed, and changed back in the same portion": func(c []sent) []sent {
			return slices.Insert(c, 250, unit(id(7), "another", at.Add(time.Minute)), unit(id(7), "unit 7", at.Add(2*time.Minute)))
		},
		"one changed in the first portion, and repeated in the last": func(c []sent) []sent {
			return append(slices.Insert(c, 0, unit(id(3), "another", at.Add(time.Minute))), unit(id(3), "another", at.Add(time.Minute)))
		},
		"one new at the end": func(c []sent) []sent { return append(c, unit(uuid.Max, "new", at)) },
		"one deleted":        func(c []sent) []sent { return append(c, deleted(5, at.Add(time.Minute), nil)) },
		"deleted already":    func(c []sent) []sent { return append(c, deleted(many, at, nil)) },
		"deleted already, with data that says something": func(c []sent) []sent {
			return append(c, deleted(many, at, sent{"name": "x"}))
		},
		"a deletion whose data is no good": func(c []sent) []sent {
			return append(c, deleted(many, at, json.RawMessage(`{"name":"a","name":"b"}`)))
		},
		"a later time of the same": func(c []sent) []sent {
			c[201] = unit(id(201), "unit 201", at.Add(time.Minute))
			return c
		},
		"one rejected among them": func(c []sent) []sent {
			c[202] = badUnit(id(202), at.Add(time.Minute))
			return c
		},
		"one ahead of the clock": func(c []sent) []sent {
			c[640] = unit(id(640), "unit 640", clock.Add(48*time.Hour))
			return c
		},
		"a base version": func(c []sent) []sent {
			c[1].with("base_version", 7)
			return c
		},
		"an unknown kind": func(c []sent) []sent {
			return append(c, sent{"kind": "spell", "id": id(1), "modified_at": at, "data": sent{}})
		},
		"no id": func(c []sent) []sent {
			return append(c, sent{"kind": "unit", "modified_at": at, "data": sent{"name": "x"}})
		},
		"no data": func(c []sent) []sent { return append(c, sent{"kind": "unit", "id": id(9), "modified_at": at}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			device := uuid.New()
			answers := func(spell func([]sent) []sent) (results []push.Result, feed []sync.Record) {
				v := newOutlet(t)
				v.push(device, append(first(), deleted(many, at, nil))...)
				results = v.push(device, spell(alter(first()))...)
				feed, _ = v.read("")
				return results, feed
			}
			asWas, feed := answers(func(c []sent) []sent { return c })
			other, otherFeed := answers(respelled)
			require.Equal(t, other, asWas)
			require.Equal(t, otherFeed, feed)
		})
	}
}

// respelled writes the first letter in each change's data as an escape, which the
// canonical form does not.
func respelled(changes []sent) []sent {
	for _, c := range changes {
		data, ok := c["data"].(sent)
		if !ok {
			continue
		}
		text, _ := json.Marshal(data) // texts
		if i := bytes.IndexFunc(text, unicode.IsLower); i > 0 {
			text = slices.Concat(text[:i], fmt.Appendf(nil, `\u%04x`, text[i]), text[i+1:])
		}
		c["data"] = json.RawMessage(text)
	}
	return changes
}
