package api_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
)

// Whatever people edit can be edited on the condition that it is still what was read.
func TestOfTwoEditsOfOneReadingTheSecondIsRefused(t *testing.T) {
	w := newWorld(t)
	token := w.user("owner")
	table := goodRequests()
	edited := 0
	for _, route := range w.app.API().Routes() {
		if route.Method != http.MethodPut && route.Method != http.MethodPatch || route.Needs.Caller == access.Device {
			continue
		}
		edited++
		t.Run(route.Method+" "+route.Path, func(t *testing.T) {
			c := &cell{}
			c.organization, c.syncKey = w.organization(token)
			e := editor{matrix{w.on(t), route, table[route.Method+" "+route.Path], c}, token}
			e.params() // what is made is made once
			read := e.read("")
			tag := read.header.Get("ETag")
			require.Regexp(t, `^"[0-9a-f]{24}"$`, tag)
			require.Equal(t, http.StatusNotModified, e.read(tag).status)
			require.Equal(t, http.StatusNotModified, e.read(`"other", W/`+tag).status)
			require.Equal(t, http.StatusOK, e.read(`"other"`).status)

			first := e.edit("First", tag)
			require.Equal(t, http.StatusOK, first.status, "%s", first.body)
			now := first.header.Get("ETag")
			require.NotEqual(t, tag, now)
			require.Equal(t, now, e.read("").header.Get("ETag"), "the answer to an edit is what the next one reads")
			for _, condition := range []string{tag, "W/" + now, `"made-up"`, "nonsense", tag + ", " + tag} {
				second := e.edit("Second", condition)
				require.Equal(t, http.StatusPreconditionFailed, second.status, condition)
				require.Equal(t, "precondition_failed", second.code(t))
			}
			require.Equal(t, now, e.read("").header.Get("ETag"), "what was refused has changed nothing")
			for i, condition := range []string{tag + ", " + now, "*", ""} {
				require.Equal(t, http.StatusOK, e.edit("Third"+string(rune('a'+i)), condition).status, condition)
			}
			e.editAtOnce()
		})
	}
	require.NotZero(t, edited)
}

// editor edits one thing, as the table of requests does.
type editor struct {
	matrix
	token string
}

func (e editor) read(ifNoneMatch string) answer {
	e.Helper()
	r := e.request(e.token)
	r.method, r.body = http.MethodGet, nil
	r.header = map[string]string{"If-None-Match": ifNoneMatch}
	r.wrong = ifNoneMatch != "" // 304 has no content
	return e.call(r)
}

func (e editor) edit(name, ifMatch string) answer {
	e.Helper()
	r := e.request(e.token)
	body := object{}
	for key, value := range r.body.(object) {
		if key == "name" || key == "full_name" {
			value = name
		}
		body[key] = value
	}
	if e.test.edit != nil {
		body = e.test.edit(e.world, e.cell, name)
	}
	r.body = body
	if ifMatch != "" {
		r.header = map[string]string{"If-Match": ifMatch}
	}
	return e.call(r)
}

// editAtOnce sends edits of one reading at once: one of them is made.
func (e editor) editAtOnce() {
	e.Helper()
	tag := e.read("").header.Get("ETag")
	var mutex sync.Mutex
	var group sync.WaitGroup
	made := 0
	for i := range 8 {
		group.Go(func() {
			if got := e.edit("At once "+string(rune('a'+i)), tag); got.status == http.StatusOK {
				mutex.Lock()
				defer mutex.Unlock()
				made++
			}
		})
	}
	group.Wait()
	require.Equal(e, 1, made)
}

// A tag that came with a compressed answer is good for an edit.
func TestATagOfACompressedAnswerIsTheSame(t *testing.T) {
	w := newWorld(t)
	token := w.user("owner")
	for range 8 {
		w.organization(token) // so that the answer is worth compressing
	}
	for _, coding := range []string{"gzip", "zstd"} {
		read := till{w, ""}.compressed(request{method: "GET", path: "/api/v1/me", token: token}, coding)
		require.Equal(t, coding, read.header.Get("Content-Encoding"))
		tag := read.header.Get("ETag")
		require.Contains(t, tag, coding)
		edit := request{method: "PATCH", path: "/api/v1/me", token: token, body: object{"full_name": "Edited " + coding}, header: map[string]string{"If-Match": tag}}
		require.Equal(t, http.StatusOK, w.call(edit).status)
		edit.body = object{"full_name": "Again"}
		require.Equal(t, http.StatusPreconditionFailed, w.call(edit).status)
	}
}
