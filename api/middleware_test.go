package api

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheClientsAddressIsTheLastOneThatIsNoProxys(t *testing.T) {
	extract := clientIP([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.7/32")})
	for name, test := range map[string]struct{ peer, forwarded, want string }{
		"no proxy":                  {"192.0.2.1:5", "", "192.0.2.1"},
		"an invented header":        {"192.0.2.1:5", "198.51.100.9", "192.0.2.1"},
		"one proxy":                 {"127.0.0.1:5", "192.0.2.1", "192.0.2.1"},
		"two proxies":               {"127.0.0.1:5", "192.0.2.1, 10.0.0.7", "192.0.2.1"},
		"an invention before":       {"127.0.0.1:5", "198.51.100.9, 192.0.2.1", "192.0.2.1"},
		"a private peer, not named": {"10.0.0.8:5", "192.0.2.1", "10.0.0.8"},
		"nonsense":                  {"127.0.0.1:5", "nonsense", "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			request.RemoteAddr = test.peer
			request.Header.Set("X-Forwarded-For", test.forwarded)
			require.Equal(t, test.want, extract(request))
		})
	}
}
