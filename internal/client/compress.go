package client

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// accepted is what answers may be compressed with.
const accepted = "zstd, gzip"

// compressor is made once: its encoders are worth keeping.
var compressor = sync.OnceValues(func() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
})

// compressBody packs a body, fast rather than small.
func compressBody(plain []byte, with Compression) ([]byte, error) {
	switch with {
	case Plain:
		return plain, nil
	case Gzip:
		return gzipBody(plain)
	case Zstd:
		encoder, err := compressor()
		if err != nil {
			return nil, err
		}
		return encoder.EncodeAll(plain, make([]byte, 0, len(plain)/4)), nil
	}
	return nil, fmt.Errorf("the compression %q is not known", with)
}

func gzipBody(plain []byte) ([]byte, error) {
	var small bytes.Buffer
	writer, err := gzip.NewWriterLevel(&small, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := writer.Write(plain); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return small.Bytes(), nil
}

// boundedBody is an answer's body of which no more than maxAnswer is read.
type boundedBody struct {
	reader  io.Reader
	left    int
	failure error // of the reading: the exchange was cut
}

// Read gives what is left, and remembers what went wrong.
func (b *boundedBody) Read(p []byte) (n int, err error) {
	if b.left == 0 {
		b.failure = fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
		return 0, b.failure
	}
	n, err = b.reader.Read(p[:min(len(p), b.left)])
	b.left -= n
	if err != nil && !errors.Is(err, io.EOF) {
		b.failure = err
	}
	return n, err
}

// answerReader unpacks an answer's body as its Content-Encoding says.
func answerReader(answer *http.Response) (reader io.Reader, done func(), err error) {
	switch encoding := answer.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
		return answer.Body, func() {}, nil
	case "gzip":
		unzipped, err := gzip.NewReader(answer.Body)
		return unzipped, func() {}, err
	case "zstd":
		unzipped, err := zstd.NewReader(answer.Body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxAnswer))
		if err != nil {
			return nil, nil, err
		}
		return unzipped, unzipped.Close, nil
	default:
		return nil, nil, fmt.Errorf("the answer is packed with %q, which was not asked for", encoding)
	}
}
