package api_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
)

// unfinished sends a request but for its last byte, and gives the connection.
func (w *world) unfinished(path, token, encoding string, body []byte) net.Conn {
	w.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.app.URL(), "http://"))
	require.NoError(w, err)
	w.Cleanup(func() { _ = conn.Close() })
	require.NoError(w, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: cabinet\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n", path, token, encoding, len(body)+1)
	require.NoError(w, err)
	_, err = conn.Write(body)
	require.NoError(w, err)
	return conn
}

// An organization's unfinished pushes hold what its budget has, and no other organization's.
func TestUnfinishedBodiesAreKeptWithinTheBudgetOfTheirSender(t *testing.T) {
	const size = 10 << 20 // of which a budget of 48 MiB holds four
	w := newWorld(t)
	owner := w.user("owner")
	_, greedy := w.organization(owner)
	_, other := w.organization(owner)
	body := bytes.Repeat([]byte(" "), size)
	var held []net.Conn
	for range 5 {
		held = append(held, w.unfinished("/api/v1/sync/push", greedy, "identity", body))
	}
	refused := make(chan answer, len(held))
	for _, conn := range held {
		go func() {
			if response, err := http.ReadResponse(bufio.NewReader(conn), nil); err == nil {
				content, _ := io.ReadAll(response.Body)
				refused <- answer{response.StatusCode, response.Header, content}
			}
		}()
	}
	first := <-refused
	require.Equal(t, http.StatusTooManyRequests, first.status)
	require.Equal(t, "too_many_at_once", first.code(t))
	require.NotEmpty(t, first.header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, till{w, other}.push(object{"device_id": deviceID, "changes": []object{change("unit", unitID, object{"name": "kg"})}}, nil).status)
	for _, conn := range held {
		_ = conn.Close()
	}
	require.Eventually(t, func() bool {
		return till{w, greedy}.push(object{"device_id": deviceID, "changes": []object{change("unit", unitID, object{"name": strings.Repeat("k", 200<<10)})}}, nil).status == http.StatusOK
	}, time.Minute, 20*time.Millisecond, "what has left gives its part back")
}

// What is compressed takes no more than what has come of it, until it is complete.
func TestAnUnfinishedCompressedBodyTakesWhatHasComeOfIt(t *testing.T) {
	const many, size = 30, 15 << 20
	w := newWorld(t)
	_, key := w.organization(w.user("owner"))
	var packed bytes.Buffer
	zipped := gzip.NewWriter(&packed)
	_, err := zipped.Write(bytes.Repeat([]byte(" "), size))
	require.NoError(t, err)
	require.NoError(t, zipped.Close())
	before := heapInUse()
	for range many {
		w.unfinished("/api/v1/sync/push", key, "gzip", packed.Bytes())
	}
	require.Eventually(t, func() bool { return w.app.API().BytesOfDevices() >= int64(many*packed.Len()) }, time.Minute, 10*time.Millisecond,
		"all that was sent has come")
	grown := int64(heapInUse()) - int64(before)
	require.Less(t, grown, int64(many*size/4), "%d bodies of %d bytes", many, packed.Len())
}

func heapInUse() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse
}
