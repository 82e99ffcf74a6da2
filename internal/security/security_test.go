package security

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestAnAddressOfIPv6CountsByItsNetwork(t *testing.T) {
	require.Equal(t, NetworkOf("2001:db8:1:2::1"), NetworkOf("2001:db8:1:2:ffff::9"))
	require.NotEqual(t, NetworkOf("2001:db8:1:2::1"), NetworkOf("2001:db8:1:3::1"))
	require.NotEqual(t, NetworkOf("192.0.2.1"), NetworkOf("192.0.2.2"))
	require.Equal(t, NetworkOf("192.0.2.1"), NetworkOf("::ffff:192.0.2.1"))
}

// The log tells lines of one network from those of another, and no address.
func TestANetworkIsHashedWithTheServersSecret(t *testing.T) {
	hash := func(secret, ip string) string {
		var written bytes.Buffer
		l, err := NewLog(slog.New(slog.NewJSONHandler(&written, nil)), []byte(secret))
		require.NoError(t, err)
		l.Write(WithRequest(t.Context(), ip, "request"), SignInFailed, Subject{User: uuid.New()})
		require.NotContains(t, written.String(), ip)
		var line struct{ Network string }
		require.NoError(t, json.Unmarshal(written.Bytes(), &line))
		require.Len(t, line.Network, 16)
		return line.Network
	}
	require.Equal(t, hash("one", "192.0.2.1"), hash("one", "192.0.2.1"))
	require.Equal(t, hash("one", "2001:db8:1:2::1"), hash("one", "2001:db8:1:2::2"))
	require.NotEqual(t, hash("one", "192.0.2.1"), hash("one", "192.0.2.2"))
	require.NotEqual(t, hash("one", "192.0.2.1"), hash("another", "192.0.2.1"))
}

func TestWhatIsNotKnownIsLeftOut(t *testing.T) {
	var written bytes.Buffer
	l, err := NewLog(slog.New(slog.NewJSONHandler(&written, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})), []byte("secret"))
	require.NoError(t, err)
	l.Write(t.Context(), SecretRotated, Subject{})
	require.JSONEq(t, `{"level":"INFO","msg":"security","event":"secret_rotated"}`, written.String())
}
