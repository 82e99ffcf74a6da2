package db

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Login is the role as which the server signs in to its database. It owns nothing, and is a
// member of nobody who does: whatever a session does, row-level security holds against it.
type Login struct {
	Role     string
	Password string // "": the host has made the role
}

// maxIdentifier is PostgreSQL's bound of names, in bytes.
const maxIdentifier = 63

// ServerLogin is the login of the server on the database of an owner's DSN: roles belong to
// the whole PostgreSQL server, so it is named after the database. Its password derives from
// the secret that all server processes of the database share.
func ServerLogin(dsn string, secret []byte) (Login, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return Login{}, fmt.Errorf("read DATABASE_URL: %w", err)
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "interpos cabinet database role", 32)
	if err != nil {
		return Login{}, err
	}
	name := config.Database + "_server"
	if len(name) > maxIdentifier {
		sum := sha256.Sum256([]byte(name))
		name = "cabinet_server_" + hex.EncodeToString(sum[:8])
	}
	return Login{Role: name, Password: hex.EncodeToString(key)}, nil
}

// RoleOf is the role as which a DSN signs in.
func RoleOf(dsn string) (string, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return "", fmt.Errorf("read DATABASE_URL: %w", err)
	}
	return config.User, nil
}

// errMayNotCreateRoles says what a host can do.
var errMayNotCreateRoles = errors.New("the role of DATABASE_URL may not create the role as which the server signs in: " +
	"let it (ALTER ROLE … CREATEROLE), or make that role yourself, and set DATABASE_URL to it and DATABASE_OWNER_URL to the owner")

// create makes the role where it is not there yet. Only one process at a time may do so.
func (l Login) create(ctx context.Context, owner *pgx.Conn) error {
	var exists bool
	if err := owner.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, l.Role).Scan(&exists); err != nil {
		return fmt.Errorf("look for the server's role: %w", err)
	}
	if exists || l.Password == "" {
		return nil
	}
	if err := l.write(ctx, owner, "CREATE ROLE"); err != nil {
		return err
	}
	// The owner may act as the server, for commands; not the other way round.
	if _, err := owner.Exec(ctx, "GRANT "+pgx.Identifier{l.Role}.Sanitize()+" TO CURRENT_USER"); err != nil {
		return fmt.Errorf("let the owner act as the server: %w", err)
	}
	return nil
}

// Renew lets the role sign in with the password, where it does not yet: the server's secret
// may have been replaced. Any number of processes may call it at once.
func (l Login) Renew(ctx context.Context, dsn string) error {
	return asMigrator(ctx, dsn, func(_ *pgxpool.Pool, owner *pgx.Conn) error {
		if l.Password == "" || l.signsIn(ctx, owner) {
			return nil
		}
		return l.write(ctx, owner, "ALTER ROLE")
	})
}

// write makes or alters the role. A statement that fails is logged by PostgreSQL with the
// password in it, so it is not tried without the right to.
func (l Login) write(ctx context.Context, owner *pgx.Conn, verb string) error {
	var may bool
	if err := owner.QueryRow(ctx, `SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user`).Scan(&may); err != nil {
		return fmt.Errorf("look at the owner's rights: %w", err)
	}
	if !may {
		return errMayNotCreateRoles
	}
	// Neither takes arguments; the password is made of hexadecimal digits.
	if _, err := owner.Exec(ctx, verb+" "+pgx.Identifier{l.Role}.Sanitize()+" LOGIN PASSWORD '"+l.Password+"'"); err != nil {
		return fmt.Errorf("make the server's role: %w", err)
	}
	return nil
}

// signsIn says whether the role is there, with this password.
func (l Login) signsIn(ctx context.Context, owner *pgx.Conn) bool {
	config := owner.Config().Copy()
	l.applyTo(config)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false
	}
	_ = conn.Close(ctx)
	return true
}

// applyTo lets connections be those of the role.
func (l Login) applyTo(config *pgx.ConnConfig) {
	if l.Password != "" {
		config.User, config.Password = l.Role, l.Password
	}
}

// grantRows gives the role the rows of all tables, and nothing of their definitions. It runs
// after every migration, so no migration can forget it.
func (l Login) grantRows(ctx context.Context, owner *pgx.Conn) error {
	role := pgx.Identifier{l.Role}.Sanitize()
	_, err := owner.Exec(ctx, `
		GRANT USAGE ON SCHEMA public TO `+role+`;
		GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO `+role+`;
		GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO `+role+`;
		GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO `+role)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "42704" {
		return fmt.Errorf("there is no role %s, as which the server is to sign in: %w", role, err)
	}
	if err != nil {
		return fmt.Errorf("give the server's role the rows: %w", err)
	}
	return nil
}

// ErrOwner is returned where the server would sign in as somebody against whom row-level
// security does not hold.
var ErrOwner = errors.New("the server may sign in neither as the owner of the tables, or as a member of it, nor as a superuser, " +
	"nor as a role with BYPASSRLS: set DATABASE_URL to a role of its own")

// holdBounds returns ErrOwner where row-level security does not hold against a connection.
func holdBounds(ctx context.Context, conn *pgx.Conn) error {
	var unbound bool
	err := conn.QueryRow(ctx, `
		SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT FROM pg_class c
			WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
		FROM pg_roles r WHERE r.rolname = session_user`).Scan(&unbound)
	if err != nil {
		return fmt.Errorf("look at the server's role: %w", err)
	}
	if unbound {
		return ErrOwner
	}
	return nil
}
