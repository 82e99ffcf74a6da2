// Package app puts the parts of the cabinet together, starts and stops them.
// Tests boot the same type that the program does.
package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"github.com/interpos/cabinet/internal/billing"
	"github.com/interpos/cabinet/internal/textfile"
)

// Config is everything that can be set, by environment variables. The values of
// those in secrets may stand in a file instead, named by the variable with the
// suffix _FILE.
type Config struct {
	Addr             string `env:"ADDR" envDefault:"127.0.0.1:8080"` // where to listen
	DataDir          string `env:"DATA_DIR" envDefault:".data"`      // the private PostgreSQL and the server's secret
	DatabaseURL      string `env:"DATABASE_URL"`                     // "": a private PostgreSQL in DataDir
	DatabaseOwnerURL string `env:"DATABASE_OWNER_URL"`               // "": DATABASE_URL is the owner's
	DatabaseMaxConns int32  `env:"DATABASE_MAX_CONNS" envDefault:"12"`
	SMTPURL          string `env:"SMTP_URL"`
	DevInbox         string `env:"DEV_INBOX" envDefault:"off"` // on: without SMTP_URL, letters stay at /dev/mail
	MailFrom         string `env:"MAIL_FROM" envDefault:"Interpos <no-reply@interpos.local>"`
	PublicURL        string `env:"PUBLIC_URL"` // where people reach the cabinet; "": where it listens
	// Proxies whose X-Forwarded-For is believed, as addresses or networks.
	TrustedProxies []string `env:"TRUSTED_PROXIES" envDefault:"127.0.0.0/8,::1/128"`
	SecretKey      string   `env:"SECRET_KEY"` // "": made once, and kept in DataDir/secret.key
	// What SECRET_KEY was before, until RotateSecret has sealed anew what is sealed with it.
	SecretKeyPrevious string `env:"SECRET_KEY_PREVIOUS"`
	LogLevel          string `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat         string `env:"LOG_FORMAT" envDefault:"text"`
	// What one sync key may use in a minute. 0: the values of sync.DefaultLimits.
	SyncRequestsPerMinute int64  `env:"SYNC_REQUESTS_PER_MINUTE"`
	SyncBytesPerMinute    int64  `env:"SYNC_BYTES_PER_MINUTE"`
	SyncRecordsPerMinute  int64  `env:"SYNC_RECORDS_PER_MINUTE"`
	PriceList             string `env:"PRICE_LIST"`    // the YAML file with the prices of licenses; "": none, and nobody renews by themselves
	SupportEmail          string `env:"SUPPORT_EMAIL"` // whom customers ask
	SupportPhone          string `env:"SUPPORT_PHONE"`
	OpsAddr               string `env:"OPS_ADDR" envDefault:"127.0.0.1:9180"` // where metrics and profiles are served
	// How long requests are still taken at a stop, while /readyz says that it comes.
	DrainDelay time.Duration `env:"DRAIN_DELAY"`

	Now func() time.Time `env:"-"` // nil: the real time
}

// minDatabaseConns is the least size of the connection pool: pushes take half of it, and
// readers, jobs and sessions need the rest.
const minDatabaseConns = 4

// secrets are the variables that have a _FILE variant.
var secrets = []string{"DATABASE_URL", "DATABASE_OWNER_URL", "SMTP_URL", "SECRET_KEY", "SECRET_KEY_PREVIOUS"}

// ReadConfig reads the configuration from `NAME=value` pairs, as os.Environ
// gives them.
func ReadConfig(environ []string) (Config, error) {
	variables := env.ToMap(environ)
	for _, name := range secrets {
		file := variables[name+"_FILE"]
		if file == "" {
			continue
		}
		if variables[name] != "" {
			return Config{}, fmt.Errorf("both %s and %s_FILE are set: choose one", name, name)
		}
		text, err := textfile.Read(file)
		if err != nil {
			return Config{}, fmt.Errorf("%s_FILE: %w", name, err)
		}
		variables[name] = textfile.Trim(text)
	}
	config, err := env.ParseAsWithOptions[Config](env.Options{Environment: variables})
	if err != nil {
		return Config{}, err
	}
	return config, config.checkValues()
}

func (c Config) checkValues() error {
	if c.SecretKey != "" && len(c.SecretKey) < minSecret {
		return fmt.Errorf("SECRET_KEY must have at least %d characters", minSecret)
	}
	if c.SecretKeyPrevious != "" && (len(c.SecretKeyPrevious) < minSecret || c.SecretKeyPrevious == c.SecretKey) {
		return fmt.Errorf("SECRET_KEY_PREVIOUS must have at least %d characters, and be another than SECRET_KEY", minSecret)
	}
	if c.DatabaseMaxConns < minDatabaseConns {
		return fmt.Errorf("DATABASE_MAX_CONNS must be at least %d", minDatabaseConns)
	}
	if c.DrainDelay < 0 || c.DrainDelay > time.Minute {
		return errors.New("DRAIN_DELAY must be from 0s to 1m")
	}
	if c.DatabaseOwnerURL != "" && c.DatabaseURL == "" {
		return errors.New("DATABASE_OWNER_URL is of no use without DATABASE_URL, which then is of the role that the server signs in as")
	}
	if c.DevInbox != "on" && c.DevInbox != "off" {
		return fmt.Errorf("DEV_INBOX must be on or off, not %q", c.DevInbox)
	}
	if min(c.SyncRequestsPerMinute, c.SyncBytesPerMinute, c.SyncRecordsPerMinute) < 0 {
		return errors.New("SYNC_REQUESTS_PER_MINUTE, SYNC_BYTES_PER_MINUTE and SYNC_RECORDS_PER_MINUTE cannot be negative")
	}
	if _, err := c.priceList(); err != nil {
		return err
	}
	if _, err := newLogHandler(nil, c); err != nil {
		return err
	}
	if _, err := c.trustedProxies(); err != nil {
		return err
	}
	_, err := parsePublicURL(c.PublicURL)
	return err
}

// priceList reads PRICE_LIST: nil for "".
func (c Config) priceList() (*billing.PriceList, error) {
	if c.PriceList == "" {
		return nil, nil
	}
	prices, err := billing.ReadPriceList(c.PriceList)
	if err != nil {
		return nil, fmt.Errorf("PRICE_LIST: %w", err)
	}
	return prices, nil
}

// trustedProxies reads TRUSTED_PROXIES; a single address is a network of one.
func (c Config) trustedProxies() ([]netip.Prefix, error) {
	proxies := make([]netip.Prefix, 0, len(c.TrustedProxies))
	for _, text := range c.TrustedProxies {
		text = strings.TrimSpace(text)
		if address, err := netip.ParseAddr(text); err == nil {
			proxies = append(proxies, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("TRUSTED_PROXIES: %q is neither an address nor a network such as 10.0.0.0/8", text)
		}
		proxies = append(proxies, network.Masked())
	}
	return proxies, nil
}

// checkMail says what a server has to know before it takes addresses of people: where
// their letters go.
func (c Config) checkMail() error {
	if c.SMTPURL == "" && c.DevInbox != "on" {
		return errors.New("SMTP_URL is not set, so no letter could be sent: set it to your mail server, such as " +
			"smtp://user:password@mail.example.com:587; to try the cabinet out on this machine alone, set DEV_INBOX=on")
	}
	return nil
}

func isLoopback(host string) bool { return host == "localhost" || net.ParseIP(host).IsLoopback() }

// parsePublicURL reads PUBLIC_URL: nil for "".
func parsePublicURL(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	parsed, err := url.Parse(strings.TrimRight(text, "/"))
	if err != nil || parsed.Host == "" || parsed.Path != "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return nil, errors.New("PUBLIC_URL must be http://host or https://host, without a path")
	}
	return parsed, nil
}

// listeningURL is where a listener is reached from its own machine.
func listeningURL(address net.Addr) *url.URL {
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return &url.URL{Scheme: "http", Host: address.String()}
	}
	if net.ParseIP(host).IsUnspecified() {
		host = "localhost"
	}
	return &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
}
