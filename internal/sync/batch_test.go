package sync_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/sync"
)

// A push takes its changes for new as long as they are, and finds out while it inserts them:
// wherever it is wrong, answers, feed and history are those of its changes sent one by one.
func TestAPushIsAnsweredLikeItsChangesOneByOne(t *testing.T) {
	const many = 450 // several batches
	at := clock.Add(-time.Hour)
	id := func(i int) uuid.UUID { return uuid.NewSHA1(uuid.Nil, []byte{byte(i), byte(i >> 8)}) }
	known := func(i int) uuid.UUID { return id(10_000 + i) }
	later := at.Add(time.Minute)
	for name, alter := range map[string]func([]sent){
		"all new":                func([]sent) {},
		"a repeat":               func(c []sent) { c[250] = unit(known(1), "known 1", at) },
		"a later time":           func(c []sent) { c[250] = unit(known(1), "known 1", later) },
		"a later change":         func(c []sent) { c[399] = unit(known(1), "another", later) },
		"a stale change":         func(c []sent) { c[100] = unit(known(1), "another", at.Add(-time.Minute)) },
		"a conflict":             func(c []sent) { c[100] = unit(known(1), "another", later).with("base_version", 7) },
		"a deletion":             func(c []sent) { c[449] = deletion("unit", known(1), later) },
		"the first of all":       func(c []sent) { c[0] = unit(known(1), "another", later) },
		"several batches":        func(c []sent) { c[150], c[350] = unit(known(1), "another", later), unit(known(2), "another", later) },
		"after a rejected one":   func(c []sent) { c[210], c[250] = badUnit(id(210), at), unit(known(1), "another", later) },
		"one that heals another": func(c []sent) { c[110], c[310] = badUnit(id(110), at), unit(id(110), "healed", at) },
		"known, and twice in a batch": func(c []sent) {
			c[220], c[230] = unit(known(1), "another", later), unit(known(1), "a third", later.Add(time.Minute))
		},
		"new, and twice in a batch": func(c []sent) {
			c[220], c[230] = unit(id(5_000), "new", at), unit(id(5_000), "another", later)
		},
		"new, and once more in a later batch": func(c []sent) { c[430] = unit(id(130), "another", later) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			device := uuid.New()
			answers := func(send func(outlet, []sent) []push.Result) ([]push.Result, []sync.Record, int) {
				v := newOutlet(t)
				v.push(device, unit(known(1), "known", at.Add(-time.Second)), unit(known(1), "known 1", at), unit(known(2), "known 2", at))
				changes := make([]sent, many)
				for i := range changes {
					changes[i] = unit(id(i), fmt.Sprint("unit ", i), at)
				}
				alter(changes)
				results := send(v, changes)
				for i := range results {
					results[i].Current = nil // compared by the test of conflicts
				}
				feed, _ := v.read("")
				flaws, verified := v.verify()
				require.Empty(t, flaws)
				return results, feed, int(verified.Earlier)
			}
			results, feed, earlier := answers(func(v outlet, changes []sent) []push.Result { return v.push(device, changes...) })
			wantResults, wantFeed, wantEarlier := answers(func(v outlet, changes []sent) (all []push.Result) {
				for _, change := range changes {
					all = append(all, v.push(device, change)...)
				}
				return all
			})
			require.Equal(t, wantResults, results)
			require.Equal(t, wantFeed, feed)
			require.Equal(t, wantEarlier, earlier, "versions that are kept")
		})
	}
}
