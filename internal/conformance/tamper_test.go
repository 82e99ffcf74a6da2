//go:build linux

package conformance_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tamper stands in front of the real server and breaks one thing.
type tamper func(server http.Handler) http.Handler

// behind puts a tamper in front of the cabinet and gives its address.
func (c *cabinet) behind(t *testing.T, breaks tamper) (address string) {
	t.Helper()
	target, err := url.Parse(c.url)
	require.NoError(t, err)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableCompression = true
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: transport,
		ErrorLog:  log.New(io.Discard, "", 0),
	}
	server := httptest.NewServer(readOn(breaks(proxy)))
	t.Cleanup(func() {
		server.Close()
		transport.CloseIdleConnections()
	})
	return server.URL
}

// readOn reads what a proxy has left of a request: what stands behind it does so too, but of
// that the proxy's connection knows nothing.
func readOn(server http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control, body := http.NewResponseController(w), r.Body
		_ = control.EnableFullDuplex()
		r.Body = io.NopCloser(body)
		server.ServeHTTP(w, r)
		_ = control.Flush()
		_, _ = io.Copy(io.Discard, body)
	})
}

func asItIs(server http.Handler) http.Handler { return server }

// object is a JSON object of a request or an answer.
type object = map[string]any

func decode(body []byte) (o object, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return o, decoder.Decode(&o) == nil
}

func encodeJSON(o object) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(o)
	return text.Bytes()
}

// items are the objects of a list in an object.
func items(o object, name string) (list []object) {
	all, _ := o[name].([]any)
	for _, item := range all {
		if o, ok := item.(object); ok {
			list = append(list, o)
		}
	}
	return list
}

// only keeps the items of a list that pass.
func only(o object, name string, pass func(object) bool) {
	kept := []any{}
	for _, item := range items(o, name) {
		if pass(item) {
			kept = append(kept, item)
		}
	}
	o[name] = kept
}

// at breaks one path only.
func at(path string, breaks tamper) tamper {
	return func(server http.Handler) http.Handler {
		broken := breaks(server)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/v1/sync"+path {
				broken.ServeHTTP(w, r)
				return
			}
			server.ServeHTTP(w, r)
		})
	}
}

// edits changes requests before the server sees them.
func edits(edit func(r *http.Request)) tamper {
	return func(server http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			edit(r)
			server.ServeHTTP(w, r)
		})
	}
}

// query changes the parameters of a path's requests.
func query(path string, edit func(values url.Values)) tamper {
	return at(path, edits(func(r *http.Request) {
		values := r.URL.Query()
		edit(values)
		r.URL.RawQuery = values.Encode()
	}))
}

// text changes the bodies of plain pushes as texts.
func text(edit func(body string) string) tamper {
	return at("/push", edits(func(r *http.Request) {
		if r.Header.Get("Content-Encoding") == "" {
			body, _ := io.ReadAll(r.Body)
			setBody(r, []byte(edit(string(body))))
		}
	}))
}

func setBody(r *http.Request, body []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// pushes changes the pushes that come as JSON.
func pushes(edit func(push object)) tamper {
	return text(func(body string) string {
		if push, ok := decode([]byte(body)); ok && push["changes"] != nil {
			edit(push)
			return string(encodeJSON(push))
		}
		return body
	})
}

// each changes each change of the pushes that come as JSON.
func each(edit func(change object)) tamper {
	return pushes(func(push object) {
		for _, change := range items(push, "changes") {
			edit(change)
		}
	})
}

// reply is an answer that can be changed before it is sent.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func recorded(server http.Handler, r *http.Request) *reply {
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, r)
	return &reply{recorder.Code, recorder.Header(), recorder.Body.Bytes()}
}

func (a *reply) send(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// becomes makes the reply a problem.
func (a *reply) becomes(status int, code string) {
	a.status, a.body = status, encodeJSON(object{"type": "about:blank", "title": http.StatusText(status), "status": status, "code": code})
	a.header.Set("Content-Type", "application/problem+json")
}

// replies changes the answers of a path.
func replies(path string, edit func(r *http.Request, a *reply)) tamper {
	return at(path, func(server http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := recorded(server, r)
			edit(r, a)
			a.send(w)
		})
	})
}

// answers changes the good JSON answers of a path.
func answers(path string, edit func(body object)) tamper {
	return replies(path, func(_ *http.Request, a *reply) {
		if !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") || a.header.Get("Content-Encoding") != "" {
			return
		}
		if body, ok := decode(a.body); ok {
			edit(body)
			a.body = encodeJSON(body)
		}
	})
}

// results changes each result of the pushes.
func results(edit func(result object)) tamper {
	return answers("/push", func(body object) {
		for _, result := range items(body, "results") {
			edit(result)
		}
	})
}
