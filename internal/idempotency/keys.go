// Package idempotency lets a request that makes something be sent again without making it
// twice: by a key that its sender has given it (draft-ietf-httpapi-idempotency-key-header-07).
package idempotency

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/seal"
)

// Lifetime is how long a key is remembered.
const Lifetime = 24 * time.Hour

// Keys remembers the keys of requests and how they were answered. The answers are sealed:
// some have a secret in them.
type Keys struct {
	db     *db.DB
	sealer *seal.Sealer
	now    func() time.Time
}

// New makes the memory over a database.
func New(database *db.DB, sealer *seal.Sealer, now func() time.Time) *Keys {
	return &Keys{database, sealer, now}
}

// Request is a request with a key.
type Request struct {
	Caller string // who asks: keys of one are nothing to another
	Key    string
	Digest [sha256.Size]byte // of what is asked
}

func (r Request) hash() []byte {
	sum := sha256.Sum256([]byte(r.Caller + "\x00" + r.Key))
	return sum[:]
}

// Answer is how a request was answered.
type Answer struct {
	Status int
	Header map[string]string
	Body   []byte
}

// kept is what is sealed of an answer.
type kept struct {
	Digest []byte
	Answer Answer
}

// A key that an older request had is free again.
const takeKey = `
INSERT INTO idempotency_keys AS k (key_hash, created_at) VALUES ($1, $2)
ON CONFLICT (key_hash) DO UPDATE SET created_at = excluded.created_at, answer = NULL WHERE k.created_at <= $3`

// Begin takes the key for a request that is to be answered now, and then gives nil; or it
// gives the answer that the same request has had. Errors: IdempotencyReused, where the key
// was another request's; IdempotencyOpen, where it is being answered, or was broken off
// before it was known how it ended.
func (k *Keys) Begin(ctx context.Context, request Request) (answer *Answer, err error) {
	var sealed []byte
	taken := false
	err = k.db.Global(ctx, func(tx db.Tx) error {
		now := k.now()
		tag, err := tx.Exec(ctx, takeKey, request.hash(), now, now.Add(-Lifetime))
		if taken = tag.RowsAffected() == 1; err != nil || taken {
			return err
		}
		err = tx.QueryRow(ctx, `SELECT answer FROM idempotency_keys WHERE key_hash = $1`, request.hash()).Scan(&sealed)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // given back just now: to be sent again
		}
		return err
	})
	switch {
	case err != nil || taken:
		return nil, err
	case sealed == nil:
		return nil, fault.New(fault.IdempotencyOpen, "A request with this key is being answered, or was broken off. "+
			"Wait and send it again; if this stays, look whether it was done, and use another key.")
	}
	return k.open(request, sealed)
}

func (k *Keys) open(request Request, sealed []byte) (*Answer, error) {
	text, err := k.sealer.Open(sealed, request.hash())
	var was kept
	if err == nil {
		err = json.Unmarshal([]byte(text), &was)
	}
	if err != nil { // sealed with a secret that this server no longer has
		return nil, fault.Wrap(fault.IdempotencyOpen, "How the request with this key was answered cannot be read any more. Look whether it was done, and use another key.", err)
	}
	if !bytes.Equal(was.Digest, request.Digest[:]) {
		return nil, fault.New(fault.IdempotencyReused, "The key was given to another request. Give each request a key of its own.")
	}
	return &was.Answer, nil
}

// Finish remembers how the request was answered.
func (k *Keys) Finish(ctx context.Context, request Request, answer Answer) error {
	text, err := json.Marshal(kept{request.Digest[:], answer})
	if err != nil {
		return err
	}
	return k.db.Global(ctx, func(tx db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE idempotency_keys SET answer = $2 WHERE key_hash = $1`,
			request.hash(), k.sealer.Seal(string(text), request.hash()))
		return err
	})
}

// GiveBack forgets the key of a request that was refused: nothing was made.
func (k *Keys) GiveBack(ctx context.Context, request Request) error {
	return k.db.Global(ctx, func(tx db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM idempotency_keys WHERE key_hash = $1`, request.hash())
		return err
	})
}

// Sweep removes what is remembered no longer.
func (k *Keys) Sweep(ctx context.Context) error {
	return k.db.Global(ctx, func(tx db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM idempotency_keys WHERE created_at <= $1`, k.now().Add(-Lifetime))
		return err
	})
}
