package api

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// DigestQuery selects what is digested.
type DigestQuery struct {
	Kind string `query:"kind" json:"kind" example:"receipt"`                                    // The one kind to digest
	From string `query:"from" json:"from" validate:"optional" example:"2026-05-01"`             // First bucket
	To   string `query:"to" json:"to" validate:"optional" example:"2026-05-31"`                 // Last bucket
	By   string `query:"by" json:"by" validate:"optional" enums:"day,month,byte" example:"day"` // Days or months of documents; bytes of directories
}

// DigestResponse is the digests of the buckets that hold records.
type DigestResponse struct {
	Buckets []BucketDigest `json:"buckets"`
}

// BucketDigest proves the content of a bucket.
type BucketDigest struct {
	Bucket string `json:"bucket" example:"2026-05-25"`                       // A UTC day or month of `occurred_at`, `deleted`, or the first byte of the id in hex
	Count  int    `json:"count" example:"412"`                               // Records, deleted ones included
	Digest string `json:"digest" example:"0f3a5b6d3c1e8f2b7a9c1d2e3f400a1b"` // Hex of the XOR of the first 16 bytes of the records' hashes
}

// FingerprintQuery selects buckets.
type FingerprintQuery struct {
	Kind   string `query:"kind" json:"kind" example:"receipt"`
	Bucket string `query:"bucket" json:"bucket" example:"2026-05-25,2026-05-26"` // Of a digest by day or byte; up to 64, comma-separated
}

// FingerprintsResponse lists the records of buckets.
type FingerprintsResponse struct {
	Records []Fingerprint `json:"records"`
}

// Fingerprint is one record without its data.
type Fingerprint struct {
	Bucket     string    `json:"bucket" example:"2026-05-25"`
	ID         string    `json:"id" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`
	ModifiedAt time.Time `json:"modified_at" example:"2026-05-25T17:03:14.5Z"`
	DeviceID   string    `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"` // That made its latest change
	Deleted    bool      `json:"deleted" example:"false"`
	Hash       string    `json:"hash" example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"` // Hex of SHA-256 over id, deletion and canonical data
}

// digest proves what the cabinet has, bucket by bucket.
//
//	@Summary	Compare by digests
//	@ID			getDigest
//	@Description	Buckets whose digests are equal on both sides hold the same records; only the others need a closer look.
//	@Tags		sync
//	@Param		query	query		DigestQuery	true	"What to digest"
//	@Success	200		{object}	DigestResponse
//	@Security	SyncKey
//	@Router		/sync/digest [get]
func (s *Server) digest(c echo.Context) error {
	q := queryOf(c)
	kind := q.kind("kind")
	selected := sync.DigestQuery{Kind: kind.Name}
	if by := q.bucketing(kind); by == "month" {
		selected.ByMonth = true
	}
	selected.From, selected.To = q.bucket(kind, "from"), q.bucket(kind, "to")
	if selected.From != "" && selected.To != "" && selected.From > selected.To {
		q.wrong("to", "too_small", "must not be before from")
	}
	if err := q.err(); err != nil {
		return err
	}
	digests, err := s.Feed.Digest(c.Request().Context(), keyOrganization(c), selected)
	if err != nil {
		return err
	}
	response := DigestResponse{Buckets: make([]BucketDigest, len(digests))}
	for i, d := range digests {
		response.Buckets[i] = BucketDigest(d)
	}
	return c.JSON(http.StatusOK, response)
}

// fingerprints lists buckets.
//
//	@Summary	List the records of buckets
//	@ID			listFingerprints
//	@Description	Id, time and hash of each record, so that only what differs is sent again.
//	@Tags		sync
//	@Param		query	query		FingerprintQuery	true	"The buckets"
//	@Success	200		{object}	FingerprintsResponse
//	@Security	SyncKey
//	@Router		/sync/digest/records [get]
func (s *Server) fingerprints(c echo.Context) error {
	q := queryOf(c)
	kind := q.kind("kind")
	buckets := q.list("bucket", sync.MaxBuckets)
	for _, bucket := range buckets {
		q.checkBucket(kind, "bucket", bucket)
	}
	if err := q.err(); err != nil {
		return err
	}
	markStream(c)
	ctx := c.Request().Context()
	list := fingerprintList{response: c.Response()}
	err := s.Feed.Fingerprints(ctx, keyOrganization(c), kind.Name, buckets, func(some []sync.Fingerprint) error {
		if err := keyPermit(c).check(ctx, permitAge); err != nil {
			return err
		}
		return list.add(some)
	})
	if err == nil {
		err = list.end()
	}
	if err != nil {
		return s.breakOff(c, err)
	}
	return nil
}

// fingerprintList writes a FingerprintsResponse while it is read: it may list the records of
// many days, and its reader may be slow.
type fingerprintList struct {
	response *echo.Response
	count    int
}

func (l *fingerprintList) begin() error {
	l.response.Header().Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
	l.response.WriteHeader(http.StatusOK)
	_, err := l.response.Write([]byte(`{"records":[`))
	return err
}

func (l *fingerprintList) add(some []sync.Fingerprint) error {
	var text []byte
	for _, p := range some {
		if l.count++; l.count > 1 {
			text = append(text, ',')
		}
		one, err := json.Marshal(Fingerprint{
			Bucket: p.Bucket, ID: p.ID.String(), ModifiedAt: p.ModifiedAt.UTC(), DeviceID: p.DeviceID.String(), Deleted: p.Deleted, Hash: hex.EncodeToString(p.Hash),
		})
		if err != nil {
			return err
		}
		text = append(text, one...)
	}
	if !l.response.Committed {
		if err := l.begin(); err != nil {
			return err
		}
	}
	_, err := l.response.Write(text)
	return err
}

func (l *fingerprintList) end() error {
	if !l.response.Committed {
		if err := l.begin(); err != nil {
			return err
		}
	}
	_, err := l.response.Write([]byte("]}\n"))
	return err
}

// kind is a kind of record that must be named; one of no fields, where it is not.
func (q *query) kind(name string) *record.Kind {
	kind, ok := record.Find(q.c.QueryParam(name))
	if !ok {
		q.wrong(name, "unknown", "must be a kind of record")
		return &record.Kind{}
	}
	return kind
}

// bucketing is how the records of a kind are put into buckets, "" where it is left out.
func (q *query) bucketing(kind *record.Kind) string {
	by := q.c.QueryParam("by")
	fits := by == "" || kind.Document && (by == "day" || by == "month") || !kind.Document && by == "byte"
	if !fits && kind.Name != "" {
		q.wrong("by", "invalid", "must be day or month for documents, byte for directories")
	}
	return by
}

// bucket is the name of a bucket, "" where it is left out.
func (q *query) bucket(kind *record.Kind, name string) string {
	bucket := q.c.QueryParam(name)
	if bucket != "" {
		q.checkBucket(kind, name, bucket)
	}
	return bucket
}

func (q *query) checkBucket(kind *record.Kind, name, bucket string) {
	if kind.Name != "" && !kind.IsBucket(bucket) {
		q.wrong(name, "invalid", strconv.Quote(shortened(bucket))+" is no bucket: a day, such as 2026-05-25, or "+record.DeletedBucket+
			" for documents; a byte in hex, such as 0f, for directories")
	}
}

// list is what stands between commas, at most so many; it must be given.
func (q *query) list(name string, most int) []string {
	text := q.c.QueryParam(name)
	if text == "" {
		q.wrong(name, "required", "must be given")
		return nil
	}
	list := strings.Split(text, ",")
	if len(list) > most {
		q.wrong(name, "too_many", "must be at most "+strconv.Itoa(most)+", separated by commas")
		return nil
	}
	return list
}

// shortened is a text that an answer can repeat.
func shortened(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
