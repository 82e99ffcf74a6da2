// Package state is what the agent remembers between runs, in an SQLite file of
// its own: what was sent with which hash, and what the cabinet said to it. A
// record counts as sent only after the cabinet's acknowledgement, and what is on
// its way until then is known too. All is written durably and at once, so that a
// power cut at any moment costs a repeat and never a loss.
package state

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed schema.sql
var schema string

// State is the memory of one agent. It is safe for concurrent use.
type State struct {
	db   *sql.DB
	lock *flock.Flock // nil: only looked at
}

// Open opens the state file, made if it is missing, for this process alone.
// Error: ErrBusy.
func Open(ctx context.Context, path string) (*State, error) {
	held, err := lockState(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &State{lock: held}
	if s.db, err = openFile(path, waitForWriters+durable+smallCache+"&_txlock=immediate"); err != nil {
		_ = s.Close()
		return nil, err
	}
	if _, err := s.db.ExecContext(ctx, schema); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("open the state %s: %w", path, err)
	}
	return s, nil
}

// durable has every transaction on the disk when it ends.
const durable = "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"

// smallCache lets 8 MiB of pages stay in memory: ids are spread over all pages, so that no
// cache that a POS has room for would hold most of what a batch needs. 32 MiB gather in the log
// before they go to their places.
const smallCache = "&_pragma=cache_size(-8192)&_pragma=wal_autocheckpoint(8192)"

// waitForWriters is how long, in milliseconds, a look at the state waits for a writer.
const waitForWriters = "?_pragma=busy_timeout(10000)"

// View opens an existing state to look at, also while an agent is at work.
func View(path string) (*State, error) {
	db, err := openFile(path, waitForWriters+"&mode=ro")
	if err != nil {
		return nil, err
	}
	return &State{db: db}, nil
}

func openFile(path, settings string) (*sql.DB, error) {
	slashed := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		slashed = "/" + slashed
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: slashed}).EscapedPath()+settings)
	if err != nil {
		return nil, fmt.Errorf("open the state %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// Close lets go of the file.
func (s *State) Close() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.Unlock())
	}
	return err
}

func (s *State) inTransaction(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := fn(tx); err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	return nil
}

// Facts reads all that are remembered, by their names.
func (s *State) Facts(ctx context.Context) (map[string]string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT name, value FROM facts")
	if err != nil {
		return nil, fmt.Errorf("read the state: %w", err)
	}
	defer func() { _ = rows.Close() }()
	facts := map[string]string{}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, fmt.Errorf("read the state: %w", err)
		}
		facts[name] = value
	}
	return facts, rows.Err()
}

// Remember keeps facts, by their names.
func (s *State) Remember(ctx context.Context, facts map[string]string) error {
	return s.inTransaction(ctx, func(tx *sql.Tx) error { return rememberFacts(ctx, tx, facts) })
}

func rememberFacts(ctx context.Context, tx *sql.Tx, facts map[string]string) error {
	for name, value := range facts {
		const put = "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
		if _, err := tx.ExecContext(ctx, put, name, value); err != nil {
			return err
		}
	}
	return nil
}

// Adopt binds the state to a source of an organization; what was remembered of another one
// is forgotten. changed is true where the state does not know this epoch of the
// organization's feed, or the feed does not continue from the remembered cursor:
// what was acknowledged may be missing there, until Settle.
func (s *State) Adopt(ctx context.Context, organization, source uuid.UUID, epoch string, continues bool) (changed bool, err error) {
	facts, err := s.Facts(ctx)
	if err != nil {
		return false, err
	}
	if boundTo, _ := SourceOf(facts); facts[FactOrganization] == organization.String() && boundTo == source {
		if facts[FactEpoch] == epoch && continues {
			return false, nil
		}
		return true, s.inTransaction(ctx, func(tx *sql.Tx) error {
			for _, statement := range []string{"UPDATE records SET version = 0", "UPDATE received SET handed = 0"} {
				if _, err := tx.ExecContext(ctx, statement); err != nil {
					return err
				}
			}
			return rememberFacts(ctx, tx, map[string]string{FactEpoch: ""})
		})
	}
	return true, s.inTransaction(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{
			"DELETE FROM records", "DELETE FROM kinds", "DELETE FROM sending", "DELETE FROM received", "DELETE FROM facts WHERE name GLOB 'inbox_*' OR name GLOB 'handover_*'",
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return rememberFacts(ctx, tx, map[string]string{FactOrganization: organization.String(), FactSourceID: source.String(), FactEpoch: ""})
	})
}

// SourceOf is the source that the state with these facts is bound to. A state from before there were sources
// is that of the organization's first. ok is false for one that is bound to nothing yet.
func SourceOf(facts map[string]string) (source uuid.UUID, ok bool) {
	text := facts[FactSourceID]
	if text == "" {
		text = facts[FactOrganization]
	}
	source, err := uuid.Parse(text)
	return source, err == nil
}

// Restart has everything sent again, to a feed that holds nothing yet.
func (s *State) Restart(ctx context.Context, epoch string) error {
	return s.inTransaction(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{"UPDATE records SET hash = x''", "DELETE FROM kinds"} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return rememberFacts(ctx, tx, map[string]string{FactEpoch: epoch})
	})
}

// Settle remembers the epoch whose feed was found to hold what the state says.
// The empty one is that of no feed: Adopt then is true the next time.
func (s *State) Settle(ctx context.Context, epoch string) error {
	return s.Remember(ctx, map[string]string{FactEpoch: epoch})
}

// Names of facts.
const (
	FactOrganization     = "organization"
	FactOrganizationName = "organization_name"
	FactSourceID         = "source"      // id of what the ids of records are made of
	FactEvidenceAt       = "evidence_at" // RFC 3339: when it was last renewed by what the source is known again
	FactEpoch            = "epoch"       // "": what was acknowledged may be missing
	FactCursor           = "cursor"      // of the feed, as the last answer to a hello or a push had it
	FactRules            = "rules"       // number of those that what is rejected was last held against
	FactTimeZone         = "time_zone"
	FactCurrency         = "currency"
	FactLastTry          = "last_try"      // RFC 3339
	FactLastSuccess      = "last_success"  // RFC 3339
	FactLastError        = "last_error"    // "": the last try succeeded
	FactLastContact      = "last_contact"  // RFC 3339: an answer of the cabinet, while an agent runs on
	FactRunningSince     = "running_since" // RFC 3339; "": none has said that it runs on

	factInboxCursor  = "inbox_cursor"
	factInboxReading = "inbox_reading"
	factInboxKinds   = "inbox_kinds"
	factInboxWhole   = "inbox_whole"
)

// FactDelivery is why a kind's records could not be delivered; "": they were.
func FactDelivery(kind string) string { return "handover_" + kind }

// FactSource is what is wrong with the rows of a kind in the source; "": nothing was found.
func FactSource(kind string) string { return "source_" + kind }

// Now is a time as facts keep it.
func Now() string { return time.Now().Format(time.RFC3339) }
