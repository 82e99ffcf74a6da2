// Package postgres runs a private PostgreSQL for a server that was given no
// DATABASE_URL, and for the tests: it finds the binaries of an installation,
// makes a data directory, starts the server in it and stops it with its
// parent, also when the parent is killed. It works as root too, which
// PostgreSQL itself refuses.
//
// A private PostgreSQL listens on a unix socket in a directory of its own and
// nowhere else.
package postgres

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
)

// MinimumVersion is the oldest major version of PostgreSQL that is accepted.
const MinimumVersion = 15

const (
	ownerRole  = "interpos"
	socketPort = "5432" // only a part of the socket's name
)

var (
	// ErrNotFound says that no usable PostgreSQL is installed; the error that
	// wraps it says what to install.
	ErrNotFound = errors.New("no PostgreSQL found")
	// ErrInUse says that another server holds the data directory.
	ErrInUse = errors.New("data directory is in use by another server")
	// ErrUnsupported says that this operating system has no private PostgreSQL.
	ErrUnsupported = errors.New("a private PostgreSQL runs on Linux only: set DATABASE_URL")
)

// Options of a private PostgreSQL.
type Options struct {
	// DataDir holds everything of the cluster; it is made where it is missing.
	DataDir string
	// Volatile trades the data's safety for speed (no fsync, killed at once
	// when its parent ends). For tests, whose data nobody needs again.
	Volatile bool
	// TemplateDir, where set, keeps a fresh data directory from which later
	// ones are copied: a copy takes a tenth of initdb's time.
	TemplateDir string
	// Logger receives PostgreSQL's own messages; nil: they are dropped.
	Logger *slog.Logger
}

func (o Options) logger() *slog.Logger {
	if o.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Logger
}

// dsn is the address of a database behind the socket in socketDir.
func dsn(socketDir, password, database string) string {
	query := url.Values{"host": {socketDir}, "port": {socketPort}, "sslmode": {"disable"}}.Encode()
	address := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(ownerRole, password),
		Path:     "/" + database,
		RawQuery: strings.ReplaceAll(query, "+", "%20"), // in these addresses a plus is a plus
	}
	return address.String()
}
