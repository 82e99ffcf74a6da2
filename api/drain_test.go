package api_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A client that writes its whole request before it looks for an answer gets it, however early
// the server has refused: on every route, and where there is none.
func TestAnEarlyRefusalReachesAClientThatWritesFirst(t *testing.T) {
	const (
		tooLarge = 18 << 20 // bytes: more than any route takes
		unread   = 8 << 20  // more than a connection holds while nobody reads
	)
	w := newWorld(t)
	_, key := w.organization(w.user("owner"))
	refusals := []refusal{
		{"POST /api/v1/sync/push", "Bearer " + key, "application/json", http.StatusRequestEntityTooLarge},
		{"POST /api/v1/sync/push", "Bearer isk_wrong", "application/json", http.StatusRequestEntityTooLarge},
		{"POST /api/v1/sync/changes", "Bearer " + key, "application/json", http.StatusMethodNotAllowed},
		{"POST /api/v1/spaceships", "", "application/json", http.StatusNotFound},
		{"POST /nothing/here", "", "", http.StatusNotFound},
	}
	for _, route := range w.app.API().Routes() {
		if route.Method != http.MethodGet && route.Method != http.MethodDelete {
			refusals = append(refusals, refusal{route.Method + " /api/v1" + route.Path, "", "text/plain", 0})
		}
	}
	for _, r := range refusals {
		for _, chunked := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, %s, chunked %v", r.request, r.authorization, chunked), func(t *testing.T) {
				size := unread
				if r.status == http.StatusRequestEntityTooLarge && !chunked {
					size = tooLarge
				}
				status := w.on(t).writeFirst(r, size, chunked)
				if r.status != 0 && !chunked {
					require.Equal(t, r.status, status)
				}
			})
		}
	}
	wrongKey := refusal{"POST /api/v1/sync/push", "Bearer isk_wrong", "application/json", 0}
	for range 20 {
		require.Equal(t, http.StatusUnauthorized, w.writeFirst(wrongKey, unread, false))
	}
}

type refusal struct {
	request, authorization, contentType string
	status                              int // 0: any of an error
}

// writeFirst writes a request to its end, and then reads the answer.
func (w *world) writeFirst(r refusal, size int, chunked bool) (status int) {
	w.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.app.URL(), "http://"))
	require.NoError(w, err)
	defer conn.Close()
	require.NoError(w, conn.SetDeadline(time.Now().Add(30*time.Second)))
	length := fmt.Sprintf("Content-Length: %d", size)
	if chunked {
		length = "Transfer-Encoding: chunked"
	}
	_, err = fmt.Fprintf(conn, "%s HTTP/1.1\r\nHost: cabinet\r\nAuthorization: %s\r\nContent-Type: %s\r\n%s\r\n\r\n", r.request, r.authorization, r.contentType, length)
	require.NoError(w, err)
	part := bytes.Repeat([]byte("x"), 64<<10)
	for written := 0; written < size; written += len(part) {
		piece := part
		if chunked {
			piece = fmt.Appendf(nil, "%x\r\n%s\r\n", len(part), part)
		}
		_, err := conn.Write(piece)
		require.NoError(w, err, "after %d bytes", written)
	}
	if chunked {
		_, err = io.WriteString(conn, "0\r\n\r\n")
		require.NoError(w, err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(w, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(w, err)
	if answer.StatusCode >= http.StatusBadRequest {
		require.Contains(w, string(body), "request_id")
	}
	return answer.StatusCode
}

// What is refused early is answered at once, not after its body; and when the body has been
// thrown away, the connection takes the next request.
func TestAnEarlyRefusalDoesNotWaitForTheBody(t *testing.T) {
	const announced = 15 << 20
	w := newWorld(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.app.URL(), "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	reader := bufio.NewReader(conn)
	for range 2 {
		_, err = fmt.Fprintf(conn, "POST /api/v1/sync/push HTTP/1.1\r\nHost: cabinet\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", announced)
		require.NoError(t, err)
		answer, err := http.ReadResponse(reader, nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
		_, err = io.ReadAll(answer.Body)
		require.NoError(t, err)
		_, err = conn.Write(make([]byte, announced))
		require.NoError(t, err)
	}
}

// A body that never ends is not read for ever.
func TestTheBodyOfAnEarlyRefusalIsReadForSecondsOnly(t *testing.T) {
	w := newWorld(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.app.URL(), "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "POST /nothing HTTP/1.1\r\nHost: cabinet\r\nContent-Length: 1000\r\n\r\n")
	require.NoError(t, err)
	require.NoError(t, conn.SetDeadline(time.Now().Add(30*time.Second)))
	answer, err := io.ReadAll(conn)
	require.NoError(t, err, "the server closes the connection")
	require.Equal(t, 1, bytes.Count(answer, []byte("HTTP/1.1 ")), "%s", answer)
}
