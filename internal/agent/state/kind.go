package state

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/interpos/cabinet/internal/agent/source"
)

// Kind is how far the reading of a kind has come.
type Kind struct {
	Mark        *source.Value // nil: none yet
	FullScanAt  time.Time     // zero: never to the end
	Fingerprint string        // of the mapping then
}

// Kind reads how far a kind has come.
func (s *State) Kind(ctx context.Context, kind string) (Kind, error) {
	var mark, fingerprint sql.NullString
	var markType, scanned sql.NullInt64
	err := s.db.QueryRowContext(ctx, "SELECT mark, mark_type, full_scan_at, fingerprint FROM kinds WHERE kind = ?", kind).
		Scan(&mark, &markType, &scanned, &fingerprint)
	if errors.Is(err, sql.ErrNoRows) {
		return Kind{}, nil
	}
	k := Kind{Fingerprint: fingerprint.String}
	if mark.Valid {
		k.Mark = &source.Value{Type: source.Type(markType.Int64), Text: mark.String}
	}
	if scanned.Valid {
		k.FullScanAt = time.Unix(scanned.Int64, 0)
	}
	return k, err
}

// Reached keeps how far the reading of a kind has come, once everything up to
// there is acknowledged.
func (s *State) Reached(ctx context.Context, kind string, k Kind) error {
	return s.inTransaction(ctx, func(tx *sql.Tx) error {
		var mark, markType any
		if k.Mark != nil {
			mark, markType = k.Mark.Text, int(k.Mark.Type)
		}
		const text = `INSERT OR REPLACE INTO kinds (kind, mark, mark_type, full_scan_at, fingerprint) VALUES (?, ?, ?, ?, ?)`
		_, err := tx.ExecContext(ctx, text, kind, mark, markType, k.FullScanAt.Unix(), k.Fingerprint)
		return err
	})
}

// Rejected counts the records that are rejected, of all kinds.
func (s *State) Rejected(ctx context.Context) (count int, err error) {
	counts, err := s.Counts(ctx)
	for _, c := range counts {
		if c.Status == Rejected {
			count += c.Records
		}
	}
	return count, err
}

// Count is how many records of a kind have a status.
type Count struct {
	Kind    string
	Status  Status
	Records int
	Deleted int
}

// Counts are those of all kinds.
func (s *State) Counts(ctx context.Context) ([]Count, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT kind, status, count(*), sum(deleted) FROM records GROUP BY kind, status ORDER BY kind, status")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var counts []Count
	for rows.Next() {
		var c Count
		if err := rows.Scan(&c.Kind, &c.Status, &c.Records, &c.Deleted); err != nil {
			return nil, err
		}
		counts = append(counts, c)
	}
	return counts, rows.Err()
}
