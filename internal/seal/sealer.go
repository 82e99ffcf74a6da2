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
type Sealer struct {
	current  cipher.AEAD
	previous []cipher.AEAD // only open
}

// NewSealer derives the encryption keys from the server's secret, and from those before it,
// with which values may still be sealed.
func NewSealer(secret []byte, previous ...[]byte) (*Sealer, error) {
	s := &Sealer{}
	var err error
	if s.current, err = newAEAD(secret); err != nil {
		return nil, err
	}
	for _, older := range previous {
		aead, err := newAEAD(older)
		if err != nil {
			return nil, err
		}
		s.previous = append(s.previous, aead)
	}
	return s, nil
}

func newAEAD(secret []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "interpos cabinet sealed values", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Seal encrypts text; context (an organization's id, say) must be given again
// to open it, so that a sealed value cannot be moved to another row.
func (s *Sealer) Seal(text string, context []byte) []byte {
	nonce := make([]byte, s.current.NonceSize())
	rand.Read(nonce)
	return s.current.Seal(nonce, nonce, []byte(text), context)
}

// Open decrypts what Seal made, with the secret of now or one before it.
func (s *Sealer) Open(sealed, context []byte) (string, error) {
	text, err := open(s.current, sealed, context)
	for i := 0; err != nil && i < len(s.previous); i++ {
		text, err = open(s.previous[i], sealed, context)
	}
	return text, err
}

// Renew seals anew what was sealed with a secret before, and gives nil for what needs it not.
func (s *Sealer) Renew(sealed, context []byte) ([]byte, error) {
	if _, err := open(s.current, sealed, context); err == nil {
		return nil, nil
	}
	text, err := s.Open(sealed, context)
	if err != nil {
		return nil, err
	}
	return s.Seal(text, context), nil
}

func open(aead cipher.AEAD, sealed, context []byte) (string, error) {
	size := aead.NonceSize()
	if len(sealed) < size {
		return "", errors.New("seal: sealed value is too short")
	}
	text, err := aead.Open(nil, sealed[:size], sealed[size:], context)
	return string(text), err
}
