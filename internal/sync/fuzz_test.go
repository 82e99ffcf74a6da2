package sync

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

// FuzzCursor holds that a cursor is one that a feed has made, or refused: no text but
// its own stands for a position, and one bit changed makes it no cursor.
func FuzzCursor(f *testing.F) {
	epoch := uuid.MustParse("3b0f4f0e-58d7-4b2e-8a3d-9a7f1e0c2d44")
	f.Add("", []byte(nil))
	f.Add(Cursor{epoch: epoch}.String(), epoch[:])
	f.Add(Cursor{epoch, 40213, 40250, -5_208_491_327, 17}.String(), epoch[:])
	f.Add(strings.Repeat("A", 70), []byte{0xff})
	f.Fuzz(func(t *testing.T, text string, bits []byte) {
		c, err := ParseCursor(text)
		if err != nil {
			require.True(t, fault.Is(err, fault.Malformed), "%v", err)
		} else if text != "" && c.String() != text || c.seq < 0 || c.seq > c.head || c.purged < 0 {
			t.Fatalf("%q is taken for %+v", text, c)
		}
		var own Cursor
		copy(own.epoch[:], bits)
		for _, b := range bits {
			own.seq = own.seq<<7 ^ int64(b)
		}
		own.seq &= 1<<62 - 1
		own.head, own.mark, own.purged = own.seq|int64(len(bits)), ^own.seq, own.seq>>3
		if back, err := ParseCursor(own.String()); err != nil || back != own {
			t.Fatalf("%+v comes back as %+v: %v", own, back, err)
		}
		holdTampering(t, own.String(), bits)
	})
}

// holdTampering changes one character of a cursor.
func holdTampering(t *testing.T, text string, bits []byte) {
	t.Helper()
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if len(bits) < 2 {
		return
	}
	tampered := []byte(text)
	at := int(bits[0]) % len(tampered)
	tampered[at] = digits[bits[1]%64]
	if c, err := ParseCursor(string(tampered)); err == nil && string(tampered) != text {
		t.Fatalf("%q, made up from %q, is taken for %+v", tampered, text, c)
	}
}
