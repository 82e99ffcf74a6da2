package client

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

// BucketDigest proves what the cabinet has in one bucket of a kind.
type BucketDigest struct {
	Bucket string `json:"bucket"`
	Count  int    `json:"count"` // records, deleted ones included
	Digest Hash   `json:"digest"`
}

// Fingerprint is one record of a bucket, without its data.
type Fingerprint struct {
	Bucket     string    `json:"bucket"`
	ID         uuid.UUID `json:"id"`
	ModifiedAt time.Time `json:"modified_at"`
	DeviceID   uuid.UUID `json:"device_id"` // that made its latest change
	Deleted    bool      `json:"deleted"`
	Hash       Hash      `json:"hash"`
}

// Hash is 32 bytes of a record's hash, or 16 of a bucket's digest, in hex on
// the line.
type Hash []byte

// UnmarshalText reads hex.
func (h *Hash) UnmarshalText(text []byte) (err error) {
	if *h, err = hex.DecodeString(string(text)); err != nil {
		return fmt.Errorf("a hash must be hex: %w", err)
	}
	return nil
}

// Digests reads those of all buckets of a kind that hold records.
func (c *Client) Digests(ctx context.Context, kind string) ([]BucketDigest, error) {
	var answer struct {
		Buckets []BucketDigest `json:"buckets"`
	}
	err := c.callJSON(ctx, http.MethodGet, "/sync/digest?"+url.Values{"kind": {kind}}.Encode(), nil, &answer)
	return answer.Buckets, err
}

// MaxBuckets is how many buckets Fingerprints lists at once.
const MaxBuckets = 64

// Fingerprints calls each for the records of some buckets, by bucket and id, as they come. An
// exchange that is interrupted may have called it for some of them.
func (c *Client) Fingerprints(ctx context.Context, kind string, buckets []string, each func(*Fingerprint) error) error {
	query := url.Values{"kind": {kind}, "bucket": {strings.Join(buckets, ",")}}
	return c.receive(ctx, http.MethodGet, "/sync/digest/records?"+query.Encode(), http.Header{}, nil, func(_ *http.Response, body io.Reader) error {
		decoder := json.NewDecoder(body)
		if err := findList(decoder, "records"); err != nil {
			return foreign{err}
		}
		for decoder.More() {
			var one Fingerprint
			if err := decoder.Decode(&one); err != nil {
				return foreign{err}
			}
			if err := each(&one); err != nil {
				return err
			}
		}
		_, err := decoder.Token() // the list's end: a body that was cut has none
		if err != nil {
			return foreign{err}
		}
		return nil
	})
}

// MaxIDs is how many records Records asks for at once.
const MaxIDs = 200

// Records reads records of a kind by their ids, tombstones too, each as the feed has it. One
// that the cabinet does not know is left out. Ids may be any number.
func (c *Client) Records(ctx context.Context, kind string, ids []uuid.UUID) (records []FeedChange, err error) {
	for len(ids) > 0 {
		now := ids[:min(MaxIDs, len(ids))]
		texts := make([]string, len(now))
		for i, id := range now {
			texts[i] = id.String()
		}
		var answer struct {
			Records   []FeedChange `json:"records"`
			Remaining []uuid.UUID  `json:"remaining"`
		}
		query := url.Values{"kind": {kind}, "ids": {strings.Join(texts, ",")}}
		if err := c.callJSON(ctx, http.MethodGet, "/sync/records?"+query.Encode(), nil, &answer); err != nil {
			return records, err
		}
		if len(answer.Remaining) >= len(now) {
			return records, foreign{fmt.Errorf("the answer leaves all of %d records out", len(now))}
		}
		records, ids = append(records, answer.Records...), append(answer.Remaining, ids[len(now):]...)
	}
	return records, nil
}

// findList goes into the list that is a member of the object which a body holds.
func findList(decoder *json.Decoder, name string) error {
	for depth := 0; ; {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		switch {
		case token == json.Delim('{') || token == json.Delim('['):
			depth++
		case token == json.Delim('}') || token == json.Delim(']'):
			if depth--; depth == 0 {
				return fmt.Errorf("the answer has no %s", name)
			}
		case depth == 1 && token == name:
			if opens, err := decoder.Token(); err != nil || opens != json.Delim('[') {
				return fmt.Errorf("%s is no list", name)
			}
			return nil
		}
	}
}
