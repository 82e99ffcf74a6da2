// Package seal hides what the cabinet keeps and has to show or use again.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

// Sealer encrypts the few secrets that the cabinet has to show again (AES-256-GCM,
// NIST SP 800-38D; a random 96-bit nonce stands before the ciphertext).
type Sealer struct{ aead cipher.AEAD }

// NewSealer derives the encryption key from the server's secret.
func NewSealer(secret []byte) (*Sealer, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "interpos cabinet sealed values", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Sealer{aead}, nil
}

// Seal encrypts text; context (an organization's id, say) must be given again
// to open it, so that a sealed value cannot be moved to another row.
func (s *Sealer) Seal(text string, context []byte) []byte {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce)
	return s.aead.Seal(nonce, nonce, []byte(text), context)
}

// Open decrypts what Seal made.
func (s *Sealer) Open(sealed, context []byte) (string, error) {
	size := s.aead.NonceSize()
	if len(sealed) < size {
		return "", errors.New("seal: sealed value is too short")
	}
	text, err := s.aead.Open(nil, sealed[:size], sealed[size:], context)
	return string(text), err
}
