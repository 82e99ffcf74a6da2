package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// Sending keeps what is about to be pushed until Acknowledge does. Where that never
// comes, nobody knows whether the cabinet has it; see Recover.
func (s *State) Sending(ctx context.Context, kind string, records []Record) error {
	encoded, err := json.Marshal(records)
	if err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	return s.inTransaction(ctx, func(tx *sql.Tx) error {
		if err := recoverSent(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO sending VALUES (?, ?)", kind, encoded)
		return err
	})
}

// Recover takes what was sent, and never acknowledged, into the records as
// Unanswered: it is sent again, deleted where it has vanished meanwhile, and what
// replaces it has a later time.
func (s *State) Recover(ctx context.Context) error {
	return s.inTransaction(ctx, func(tx *sql.Tx) error { return recoverSent(ctx, tx) })
}

func recoverSent(ctx context.Context, tx *sql.Tx) error {
	var kind string
	var encoded []byte
	err := tx.QueryRowContext(ctx, "SELECT kind, records FROM sending").Scan(&kind, &encoded)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var records []Record
	if err := json.Unmarshal(encoded, &records); err != nil {
		return err
	}
	for i := range records {
		records[i].Status = Unanswered
	}
	if err := putRecords(ctx, tx, kind, records); err != nil {
		return err
	}
	return clearSending(ctx, tx)
}

func clearSending(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM sending")
	return err
}
