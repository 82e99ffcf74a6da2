package organization

import (
	"crypto/rand"
	"crypto/sha256"
	"hash/crc32"
	"math/big"
	"strings"
	"time"
)

// A sync key is keyPrefix, 43 base-62 digits of 256 random bits, and 6 base-62
// digits of the CRC-32 (IEEE) of all that stands before. The checksum tells a
// mistyped key without asking the database.
const (
	keyPrefix      = "isk_"
	secretDigits   = 43
	checksumDigits = 6
	keyLength      = len(keyPrefix) + secretDigits + checksumDigits

	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// SyncKey is the secret with which an organization's local databases come.
type SyncKey struct {
	Key       string // "": it works, but this server can no longer show it
	CreatedAt time.Time
}

func newKey() string {
	secret := make([]byte, 32)
	rand.Read(secret)
	body := keyPrefix + base62Digits(new(big.Int).SetBytes(secret), secretDigits)
	return body + checksumOf(body)
}

// wellFormed says whether the text can be a key at all.
func wellFormed(key string) bool {
	if len(key) != keyLength || !strings.HasPrefix(key, keyPrefix) {
		return false
	}
	body := key[:keyLength-checksumDigits]
	return key[len(body):] == checksumOf(body)
}

func checksumOf(body string) string {
	sum := crc32.ChecksumIEEE([]byte(body))
	return base62Digits(new(big.Int).SetUint64(uint64(sum)), checksumDigits)
}

// base62Digits writes n in base 62 with leading zeros.
func base62Digits(n *big.Int, width int) string {
	text := make([]byte, width)
	base, digit := big.NewInt(int64(len(base62))), new(big.Int)
	for i := width - 1; i >= 0; i-- {
		n, digit = new(big.Int).DivMod(n, base, digit)
		text[i] = base62[digit.Int64()]
	}
	return string(text)
}

func hashOf(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}
