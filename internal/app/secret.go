package app

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/interpos/cabinet/internal/textfile"
)

// minSecret is how long a secret must be, in characters.
const minSecret = 32

// secretKey is what all keys of this server derive from: SECRET_KEY, or one that is
// made at the first start and kept in a file that the owner alone can read.
func (c Config) secretKey() ([]byte, error) {
	if c.SecretKey != "" {
		return []byte(c.SecretKey), nil
	}
	path := filepath.Join(c.DataDir, "secret.key")
	text, err := textfile.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeSecret(path); err != nil {
			return nil, fmt.Errorf("make the server's secret: %w", err)
		}
		text, err = textfile.Read(path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the server's secret: %w", err)
	}
	text = textfile.Trim(text)
	if len(text) < minSecret {
		return nil, fmt.Errorf("%s is damaged: sync keys and sessions cannot be read without it; restore it from a backup", path)
	}
	return []byte(text), nil
}

// makeSecret writes a new secret, whole or not at all; one that another process
// made meanwhile stays.
func makeSecret(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	bits := make([]byte, 32)
	rand.Read(bits)
	_, err = draft.WriteString(base64.RawStdEncoding.EncodeToString(bits) + "\n")
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
