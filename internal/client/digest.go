package client

import (
	"context"
	"encoding/hex"
	"fmt"
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
	err := c.call(ctx, http.MethodGet, "/sync/digest?"+url.Values{"kind": {kind}}.Encode(), nil, &answer)
	return answer.Buckets, err
}

// MaxBuckets is how many buckets Fingerprints lists at once.
const MaxBuckets = 64

// Fingerprints reads those of all records of some buckets.
func (c *Client) Fingerprints(ctx context.Context, kind string, buckets []string) ([]Fingerprint, error) {
	var answer struct {
		Records []Fingerprint `json:"records"`
	}
	query := url.Values{"kind": {kind}, "bucket": {strings.Join(buckets, ",")}}
	err := c.call(ctx, http.MethodGet, "/sync/digest/records?"+query.Encode(), nil, &answer)
	return answer.Records, err
}
