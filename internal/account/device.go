package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/security"
)

const deviceNonce = 16 // bytes

// place is where attempts come from, by which they are counted and get their turns: a
// device from which the account was signed in to before, or else a network.
type place struct {
	key   string
	known bool // a device of the account's
}

func networkPlace(client Client) place { return place{key: "network " + security.NetworkOf(client.IP)} }

// placeOf is the place of a client who wants something of a user's account.
func (a *Accounts) placeOf(client Client, user uuid.UUID) place {
	if nonce, known := a.tokens.openDevice(client.Device, user); known {
		return place{"device " + base64.RawURLEncoding.EncodeToString(nonce), true}
	}
	return networkPlace(client)
}

// deviceFor is the cookie by which a device is known again to the account that has just
// been signed in to from it, and whether it was known before.
func (a *Accounts) deviceFor(client Client, user uuid.UUID) (device string, known bool) {
	nonce, known := a.tokens.openDevice(client.Device, user)
	if !known {
		nonce = make([]byte, deviceNonce)
		rand.Read(nonce)
	}
	return base64.RawURLEncoding.EncodeToString(append(nonce, signDevice(a.tokens.devices[0], nonce, user)...)), known
}

// openDevice gives the nonce of a device that the user has signed in from. Those of earlier
// secrets count too.
func (t *Tokens) openDevice(device string, user uuid.UUID) (nonce []byte, known bool) {
	content, err := base64.RawURLEncoding.DecodeString(device)
	if err != nil || len(content) != deviceNonce+sha256.Size || user == uuid.Nil {
		return nil, false
	}
	nonce = content[:deviceNonce:deviceNonce]
	for _, key := range t.devices {
		known = known || hmac.Equal(content[deviceNonce:], signDevice(key, nonce, user))
	}
	return nonce, known
}

// signDevice is HMAC-SHA256 (RFC 2104) of a device's nonce and whose device it is.
func signDevice(key, nonce []byte, user uuid.UUID) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(nonce)
	mac.Write(user[:])
	return mac.Sum(nil)
}
