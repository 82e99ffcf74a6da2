// Package security writes to the log what matters to the safety of accounts and
// organizations: one line of each event, spelled alike wherever it happens.
package security

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/netip"

	"github.com/google/uuid"
)

// Event names what has happened, as the log has it.
type Event string

// The events. docs/operating.md says of each what it means.
const (
	SignInFailed           Event = "sign_in_failed"
	SignInThrottled        Event = "sign_in_throttled"
	SignInFromNewDevice    Event = "sign_in_from_new_device"
	LetterThrottled        Event = "letter_throttled"
	PasswordResetRequested Event = "password_reset_requested"
	PasswordReset          Event = "password_reset"
	SessionsEnded          Event = "sessions_ended"
	RefreshTokenReused     Event = "refresh_token_reused"
	SyncKeyShown           Event = "sync_key_shown"
	SyncKeyReplaced        Event = "sync_key_replaced"
	OrganizationArchived   Event = "organization_archived"
	SecretRotated          Event = "secret_rotated"
)

// Events are all of them.
var Events = []Event{
	SignInFailed, SignInThrottled, SignInFromNewDevice, LetterThrottled, PasswordResetRequested, PasswordReset,
	SessionsEnded, RefreshTokenReused, SyncKeyShown, SyncKeyReplaced, OrganizationArchived, SecretRotated,
}

// level is a warning for what honest people hardly cause.
func (e Event) level() slog.Level {
	switch e {
	case SignInThrottled, LetterThrottled, RefreshTokenReused:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// Message is that of every line; the event stands in `event`.
const Message = "security"

// Subject is whom an event is about; what is zero is left out.
type Subject struct {
	User         uuid.UUID // nobody, where an address has no account
	Organization uuid.UUID
	Sessions     int // how many have ended
}

// Log writes events.
type Log struct {
	log *slog.Logger
	key []byte // of HMACs of networks
}

// NewLog derives from the server's secret the key by which networks are hashed. With another
// secret they are hashed to something else.
func NewLog(log *slog.Logger, secret []byte) (*Log, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "interpos cabinet network in the log", 32)
	return &Log{log, key}, err
}

// Write writes an event with the request that ctx is of (WithRequest).
func (l *Log) Write(ctx context.Context, event Event, about Subject) {
	attrs := []slog.Attr{slog.String("event", string(event))}
	add := func(name string, id uuid.UUID) {
		if id != uuid.Nil {
			attrs = append(attrs, slog.String(name, id.String()))
		}
	}
	add("user", about.User)
	add("organization", about.Organization)
	if about.Sessions > 0 {
		attrs = append(attrs, slog.Int("sessions", about.Sessions))
	}
	if from, ok := ctx.Value(requestKey{}).(request); ok {
		attrs = append(attrs, slog.String("network", l.hashNetwork(from.ip)), slog.String("request_id", from.id))
	}
	l.log.LogAttrs(ctx, event.level(), Message, attrs...)
}

// hashNetwork is HMAC-SHA256 (RFC 2104) of a network, cut to 64 bits: lines about the same
// network are found by it, and who has the log alone cannot tell which one it is.
func (l *Log) hashNetwork(ip string) string {
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(NetworkOf(ip)))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

type requestKey struct{}

type request struct{ ip, id string }

// WithRequest is ctx for a request: from which address it came, and its id.
func WithRequest(ctx context.Context, ip, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, request{ip, id})
}

// NetworkOf is what counts as one place: an IPv4 address, or an IPv6 /64, which a
// single customer commonly has.
func NetworkOf(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil || address.Is4() {
		return ip
	}
	if address.Is4In6() {
		return address.Unmap().String()
	}
	prefix, err := address.WithZone("").Prefix(64)
	if err != nil {
		return ip
	}
	return prefix.String()
}
