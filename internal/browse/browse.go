// Package browse shows the synchronized records: lists and cards of every kind.
package browse

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/record"
)

// MaxExport is how many rows a list may have to be exported, by what the sheet of a workbook holds. A
// file has the whole list, or there is none.
const MaxExport = 1_000_000

// Records reads the records of organizations. Every read sees what was
// acknowledged before it.
type Records struct {
	projector *projection.Projector
	maxExport int
}

// New makes the service over the projections.
func New(projector *projection.Projector) *Records { return &Records{projector, MaxExport} }

// KindCount is how many records of a kind there are, deleted ones not counted.
type KindCount struct {
	Kind  string
	Count int64
}

// Counts are those of each kind, in the order of kinds; those without any are there too.
type Counts struct {
	Kinds     []KindCount
	Freshness projection.Freshness
}

// CountDirectories counts the records of every kind of directory, in the order of
// kinds.
func (r *Records) CountDirectories(ctx context.Context, organization uuid.UUID) (Counts, error) {
	return r.countKinds(ctx, organization, "directory_entries", record.DirectoryNames())
}

// CountDocuments counts the documents of every kind, in the order of kinds.
func (r *Records) CountDocuments(ctx context.Context, organization uuid.UUID) (Counts, error) {
	return r.countKinds(ctx, organization, "documents", record.DocumentNames())
}

func (r *Records) countKinds(ctx context.Context, organization uuid.UUID, table string, kinds []string) (counts Counts, err error) {
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		counts.Freshness = view.Freshness
		counts.Kinds, err = countByKind(ctx, tx, organization, table, kinds)
		return err
	})
	return counts, err
}

func countByKind(ctx context.Context, tx pgx.Tx, organization uuid.UUID, table string, kinds []string) ([]KindCount, error) {
	found, err := tx.Query(ctx, "SELECT kind, count(*) FROM "+table+" WHERE organization_id = $1 GROUP BY kind", organization)
	if err != nil {
		return nil, err
	}
	counted, err := pgx.CollectRows(found, pgx.RowToStructByPos[KindCount])
	byKind := make(map[string]int64, len(counted))
	for _, c := range counted {
		byKind[c.Kind] = c.Count
	}
	counts := make([]KindCount, len(kinds))
	for i, kind := range kinds {
		counts[i] = KindCount{kind, byKind[kind]}
	}
	return counts, err
}

// Names gives the name of every directory record, and the number of every
// document, that the references note and that has arrived.
func (r *Records) Names(ctx context.Context, organization uuid.UUID, references References) (names map[uuid.UUID]Name, err error) {
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, _ projection.View) error {
		names, err = references.namesIn(ctx, tx, organization)
		return err
	})
	return names, err
}
