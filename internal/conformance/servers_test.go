//go:build linux

package conformance_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// withholdsChanges keeps every fifth change back and shows it first on a later
// page.
func withholdsChanges(server http.Handler) http.Handler {
	var mu sync.Mutex
	late := map[string][]any{} // by key
	return answersOf("/changes", func(r *http.Request, body object) {
		mu.Lock()
		defer mu.Unlock()
		key := r.Header.Get("Authorization")
		list, _ := body["changes"].([]any)
		if len(list) > 5 {
			body["changes"] = slices.Concat(late[key], list[:4], list[5:])
			late[key] = []any{list[4]}
		} else if len(list) > 0 {
			body["changes"] = slices.Concat(late[key], list)
			late[key] = nil
		}
	})(server)
}

// answersOf changes the good JSON answers of a path, knowing the requests.
func answersOf(path string, edit func(r *http.Request, body object)) tamper {
	return replies(path, func(r *http.Request, a *reply) {
		if body, ok := decode(a.body); ok && a.status == 200 {
			edit(r, body)
			a.body = encodeJSON(body)
		}
	})
}

// splitsPushes hands a push on in two parts, and makes one answer of theirs.
func splitsPushes(server http.Handler) http.Handler {
	return at("/push", func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			setBody(r, body)
			push, ok := decode(body)
			list := items(push, "changes")
			if err != nil || !ok || len(list) < 2 {
				server.ServeHTTP(w, r)
				return
			}
			part := func(changes []object) (*reply, []any, object) {
				again := r.Clone(ctx)
				setBody(again, encodeJSON(object{"device_id": push["device_id"], "changes": changes}))
				a := recorded(server, again)
				answer, _ := decode(a.body)
				results, _ := answer["results"].([]any)
				return a, results, answer
			}
			_, first, _ := part(list[:len(list)/2])
			time.Sleep(30 * time.Millisecond)
			a, second, answer := part(list[len(list)/2:])
			if a.status == 200 {
				answer["results"] = append(first, second...)
				a.body = encodeJSON(answer)
			}
			a.send(w)
		})
	})(server)
}

// answersEarly says that everything is applied, and stores it half a second later.
func answersEarly(server http.Handler) http.Handler {
	return at("/push", func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			setBody(r, body)
			push, ok := decode(body)
			if !ok || len(items(push, "changes")) < 2 {
				server.ServeHTTP(w, r)
				return
			}
			var results []object
			for i, c := range items(push, "changes") {
				results = append(results, object{"kind": c["kind"], "id": c["id"], "status": "applied", "version": 1, "seq": i + 1})
			}
			later := r.Clone(ctx)
			setBody(later, body)
			time.AfterFunc(500*time.Millisecond, func() { recorded(server, later) })
			early := &reply{200, http.Header{"Content-Type": {"application/json"}}, encodeJSON(object{"results": results, "head": len(results)})}
			early.send(w)
		})
	})(server)
}

// storesWhatCame hands on the whole lines of a push that broke off.
func storesWhatCame(server http.Handler) http.Handler {
	return at("/push", func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				body = body[:bytes.LastIndexByte(body, '\n')+1]
			}
			again := r.Clone(ctx)
			setBody(again, body)
			again.Header.Del("Content-Length")
			recorded(server, again).send(w)
		})
	})(server)
}

// spoilsPushes rejects the good records of a push that has a bad one.
func spoilsPushes(server http.Handler) http.Handler {
	return answers("/push", func(body object) {
		list := items(body, "results")
		if !slices.ContainsFunc(list, func(r object) bool { return r["status"] == "rejected" }) {
			return
		}
		for _, r := range list {
			r["status"], r["code"] = "rejected", "batch"
		}
	})(server)
}

// othersKey takes, on one path, any key or none for the one that came first.
func othersKey(path string) tamper {
	return func(server http.Handler) http.Handler {
		var first sync.Once
		var key string
		return edits(func(r *http.Request) {
			first.Do(func() { key = r.Header.Get("Authorization") })
			if r.URL.Path == "/api/v1/sync"+path {
				r.Header.Set("Authorization", key)
			}
		})(server)
	}
}

// stopsOthers is unavailable while a big push is at work.
func stopsOthers(server http.Handler) http.Handler {
	var working atomic.Int64
	return at("/push", func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			const big = 50_000 // bytes
			if r.ContentLength > big {
				working.Add(1)
				defer working.Add(-1)
				time.Sleep(300 * time.Millisecond)
			} else if working.Load() > 0 {
				unavailable := &reply{header: http.Header{}}
				unavailable.becomes(503, "unavailable")
				unavailable.send(w)
				return
			}
			server.ServeHTTP(w, r)
		})
	})(server)
}

// keepsFirstTime sends a content again with the time that it first had.
func keepsFirstTime(server http.Handler) http.Handler {
	var mu sync.Mutex
	times := map[string]any{}
	return each(func(c object) {
		mu.Lock()
		defer mu.Unlock()
		content := fmt.Sprint(c["id"], string(encodeJSON(object{"data": c["data"]})))
		if known, ok := times[content]; ok {
			c["modified_at"] = known
		}
		times[content] = c["modified_at"]
	})(server)
}

// lesserDevice turns the digits of device ids round.
var lesserDevice = pushes(func(push object) {
	const digits = "0123456789abcdef"
	device, _ := push["device_id"].(string)
	push["device_id"] = strings.Map(func(r rune) rune {
		if at := strings.IndexRune(digits, r); at >= 0 {
			return rune(digits[len(digits)-1-at])
		}
		return r
	}, device)
})

// backwards takes the changes of a push in the opposite order.
func backwards(server http.Handler) http.Handler {
	turn := func(o object, name string) {
		list, _ := o[name].([]any)
		slices.Reverse(list)
	}
	return pushes(func(push object) { turn(push, "changes") })(answers("/push", func(body object) { turn(body, "results") })(server))
}

// startsAgain answers a cursor that it does not know from the beginning.
func startsAgain(server http.Handler) http.Handler {
	return at("/changes", func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := recorded(server, r)
			if a.status == 400 || a.status == 410 {
				again := r.Clone(ctx)
				again.URL.RawQuery = ""
				a = recorded(server, again)
			}
			a.send(w)
		})
	})(server)
}

// sleepsThrough holds every answer to the end.
func sleepsThrough(server http.Handler) http.Handler {
	return query("/changes", func(v url.Values) {
		if seconds, err := time.ParseDuration(v.Get("wait") + "s"); err == nil {
			time.Sleep(min(seconds, 10*time.Second))
		}
		v.Del("wait")
	})(server)
}
