package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	stdsync "sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// PushRequest are changes of a local database's records.
type PushRequest struct {
	DeviceID string       `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"` // The device that sends
	Changes  []PushChange `json:"changes" maxItems:"5000"`
	Cursor   string       `json:"cursor" validate:"optional"` // That of the last answer to a hello or a push; 410 where the feed does not go on from there
}

// PushChange is one changed record. Sending it again changes nothing.
type PushChange struct {
	Kind        string          `json:"kind" example:"product"`
	ID          string          `json:"id" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`    // Made by the source, never reused
	ModifiedAt  string          `json:"modified_at" format:"date-time" example:"2026-05-25T20:03:14+03:00"` // When the source changed it; the later change wins
	Deleted     bool            `json:"deleted" validate:"optional" example:"false"`
	BaseVersion int64           `json:"base_version" validate:"optional" example:"2"`  // Version that this change was made from; any other one is a conflict
	Data        json.RawMessage `json:"data" swaggertype:"object" validate:"optional"` // Fields of the kind; unknown ones are kept. Not needed for a deletion
}

// PushResponse says what became of each change, in the order sent.
type PushResponse struct {
	Results []PushResult `json:"results"`
	Head    int64        `json:"head" example:"40213"`                                                         // Number of the feed's newest change
	Cursor  string       `json:"cursor" example:"Ow9PDljXSy6KPZp_HgwtRAAAAAAAAJ0VAAAAAAAAnRVISEdES8PVXL9rcNY"` // Of the head: to be sent with the next push and hello
}

// PushResult is what became of one change.
type PushResult struct {
	Kind    string          `json:"kind" example:"product"`
	ID      string          `json:"id" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`
	Status  push.Status     `json:"status" swaggertype:"string" enums:"applied,unchanged,stale,conflict,rejected,license_required" example:"applied"`
	Version int64           `json:"version,omitempty" validate:"optional" example:"3"`              // Version of the record as it now stands
	Seq     int64           `json:"seq,omitempty" validate:"optional" example:"40213"`              // Its place in the feed
	Code    string          `json:"code,omitempty" validate:"optional" example:"payments_mismatch"` // Why it was rejected
	Errors  []fault.Field   `json:"errors,omitempty" validate:"optional"`                           // What is wrong with which field
	Remarks []record.Remark `json:"remarks,omitempty" validate:"optional"`                          // What does not add up in a record that is applied, at most 20
	Kept    *bool           `json:"kept,omitempty" validate:"optional" example:"true"`              // Stands with rejected. false: so many rejections are kept that this one is not (max_rejections), or it names no record
	Current *Change         `json:"current,omitempty" validate:"optional"`                          // The record that a conflict or a stale change met; left out where the answer would grow beyond 16 MiB
}

// push stores changes: all accepted ones together, durable before the answer.
//
//	@Summary	Push changes
//	@ID			pushChanges
//	@Description	Takes application/json, or application/x-ndjson with one change a line and the headers Device-Id and Feed-Cursor; either may be compressed with gzip or zstd. At most 5,000 changes and 16 MiB after decompression. A bad record comes back as rejected and never blocks its neighbours.
//	@Tags		sync
//	@Param		Device-Id	header	string	false	"Of lines: the device that sends"	format(uuid)
//	@Param		Feed-Cursor	header	string	false	"Of lines: the cursor of the last answer to a hello or a push"
//	@Param		body	body		PushRequest	true	"The changes"
//	@Success	200		{object}	PushResponse
//	@Failure	410	{object}	Problem	"cursor_expired"
//	@Security	SyncKey
//	@Router		/sync/push [post]
func (s *Server) push(c echo.Context) error {
	ctx, organization := c.Request().Context(), keyOrganization(c)
	unpack, err := unpackerOf(c.Request())
	if err != nil {
		return err
	}
	body := bodies.Get().(*bytes.Buffer)
	defer giveBack(body)
	if _, err := body.ReadFrom(c.Request().Body); err != nil {
		return err
	}
	leave, err := s.Receiver.Enter(ctx, organization)
	if err != nil {
		return err
	}
	defer leave()
	if err := keyPermit(c).check(ctx, permitAge); err != nil { // the body, or the queue, may have taken long
		return err
	}
	if unpack != nil { // not before there is a place: what a body may become takes much more memory than what has come
		packed := body
		body = bodies.Get().(*bytes.Buffer)
		defer giveBack(body)
		if err := unpack(packed, body); err != nil {
			return err
		}
	}
	sent, err := decodePush(c.Request(), body.Bytes())
	if err != nil {
		return err
	}
	results, feed, err := s.Receiver.Push(ctx, organization, sent)
	if err != nil {
		return err
	}
	s.Meter.Count(organization, sync.Usage{Records: int64(len(results))})
	s.metrics.countPush(results)
	return c.JSONBlob(http.StatusOK, pushAnswer(results, feed))
}

func decodePush(r *http.Request, body []byte) (*push.Request, error) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	switch {
	case err == nil && mediaType == echo.MIMEApplicationJSON:
		return push.Decode(body)
	case err == nil && mediaType == mimeNDJSON:
		lines, err := push.DecodeLines(body, r.Header.Get("Device-Id"))
		if err == nil {
			lines.Cursor = r.Header.Get("Feed-Cursor")
		}
		return lines, err
	}
	return nil, fault.New(fault.UnsupportedMediaType, "Send the body as application/json or application/x-ndjson.")
}

// bodies are kept from one push to the next: a megabyte of new memory costs about as
// much as reading it.
var bodies = stdsync.Pool{New: func() any { return new(bytes.Buffer) }}

// giveBack keeps a body for another push, unless it has become unusually large.
func giveBack(body *bytes.Buffer) {
	const usual = 4 << 20
	if body.Cap() <= usual {
		body.Reset()
		bodies.Put(body)
	}
}

// unpackerOf decompresses what the request's Content-Encoding says. nil: it is not compressed.
// Error: UnsupportedMediaType.
func unpackerOf(r *http.Request) (unpack func(packed, into *bytes.Buffer) error, err error) {
	switch encoding := strings.ToLower(r.Header.Get(echo.HeaderContentEncoding)); encoding { // in any case: RFC 9110, 8.4.1
	case "", "identity":
		return nil, nil
	case "gzip":
		return unpackGzip, nil
	case "zstd":
		return unpackZstd, nil
	default:
		return nil, fault.New(fault.UnsupportedMediaType, fmt.Sprintf("The content encoding %.20q is not supported; use gzip or zstd.", encoding))
	}
}

func unpackGzip(packed, into *bytes.Buffer) error {
	unzipped, err := gzip.NewReader(packed)
	if err != nil {
		return badCompression(err)
	}
	return readUnpacked(unzipped, into)
}

func unpackZstd(packed, into *bytes.Buffer) error {
	unzipped := zstdDecoders.Get().(*zstd.Decoder)
	defer zstdDecoders.Put(unzipped)
	if err := unzipped.Reset(struct{ io.Reader }{packed}); err != nil { // a bytes.Buffer it would take for one to decompress whole
		return badCompression(err)
	}
	defer unzipped.Reset(nil) //nolint:errcheck // lets go of the body; there is nothing to fail
	return readUnpacked(unzipped, into)
}

// readUnpacked reads what a push decompresses to, up to what it may have. Errors: Malformed, TooLarge.
func readUnpacked(unzipped io.Reader, into *bytes.Buffer) error {
	if _, err := into.ReadFrom(io.LimitReader(unzipped, sync.MaxBytes+1)); err != nil {
		return badCompression(err)
	}
	if into.Len() > sync.MaxBytes {
		return fault.New(fault.TooLarge, fmt.Sprintf("A push has at most %d bytes after decompression.", sync.MaxBytes))
	}
	return nil
}

// maxZstdWindow is the window that RFC 8878, 3.1.1.1.2, recommends every decoder
// to support; a frame that needs a larger one is refused.
const maxZstdWindow = 8 << 20

// zstdDecoders keep their windows from one push to the next. They work in the
// goroutine that reads, so the garbage collector may take any that are left over.
var zstdDecoders = stdsync.Pool{New: func() any {
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(2*sync.MaxBytes), zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		panic(err) // the options are constants
	}
	return decoder
}}

func badCompression(err error) error {
	return fault.Wrap(fault.Malformed, "The body is not what its Content-Encoding says.", err)
}

// pushAnswer is the JSON of a PushResponse, made without reflection: it is as long
// as the push has changes.
func pushAnswer(results []push.Result, feed sync.Position) []byte {
	b := make([]byte, 0, 160*len(results)+160)
	b = append(b, `{"results":[`...)
	for i := range results {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendResult(b, &results[i])
	}
	b = strconv.AppendInt(append(b, `],"head":`...), feed.Head, 10)
	b = append(append(b, `,"cursor":"`...), feed.Cursor()...)
	return append(b, '"', '}', '\n')
}

func appendResult(b []byte, r *push.Result) []byte {
	switch r.Status {
	case push.Applied, push.Unchanged: // of a known kind and a UUID: nothing to escape
		if len(r.Remarks) > 0 {
			break
		}
		b = append(append(b, `{"kind":"`...), r.Kind...)
		b = append(append(b, `","id":"`...), r.ID...)
		b = append(append(b, `","status":"`...), r.Status...)
		b = strconv.AppendInt(append(b, `","version":`...), r.Version, 10)
		b = strconv.AppendInt(append(b, `,"seq":`...), r.Seq, 10)
		return append(b, '}')
	}
	answer := PushResult{
		Kind: r.Kind, ID: r.ID, Status: r.Status, Version: r.Version, Seq: r.Seq, Code: r.Code, Errors: r.Errors, Remarks: r.Remarks,
	}
	if r.Status == push.Rejected {
		answer.Kept = &r.Kept
	}
	if r.Current != nil {
		change := changeOf(*r.Current)
		answer.Current = &change
	}
	text, _ := json.Marshal(answer) // texts and canonical JSON: it cannot fail
	return append(b, text...)
}

func changeOf(r sync.Record) Change {
	return Change{
		Kind: r.Kind, ID: r.ID.String(), Version: r.Version, Seq: r.Seq, ModifiedAt: r.ModifiedAt.UTC(),
		Deleted: r.Deleted, DeviceID: r.DeviceID.String(), Data: json.RawMessage(r.Data),
	}
}
