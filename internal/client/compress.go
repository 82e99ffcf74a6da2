package client

import (
	"bytes"
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

// compress packs a body, fast rather than small.
func compress(plain []byte, with Compression) ([]byte, error) {
	switch with {
	case Plain:
		return plain, nil
	case Gzip:
		return gzipped(plain)
	case Zstd:
		encoder, err := compressor()
		if err != nil {
			return nil, err
		}
		return encoder.EncodeAll(plain, make([]byte, 0, len(plain)/4)), nil
	}
	return nil, fmt.Errorf("the compression %q is not known", with)
}

func gzipped(plain []byte) ([]byte, error) {
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

// bodyOf reads an answer's body, unpacked as its Content-Encoding says, and no
// more than maxAnswer of it.
func bodyOf(answer *http.Response) ([]byte, error) {
	reader, done, err := unpacked(answer)
	if err != nil {
		return nil, err
	}
	defer done()
	data, err := io.ReadAll(io.LimitReader(reader, maxAnswer+1))
	if err == nil && len(data) > maxAnswer {
		return nil, fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	return data, err
}

func unpacked(answer *http.Response) (reader io.Reader, done func(), err error) {
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
