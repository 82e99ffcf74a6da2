package sync

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

// MaxSources is how many databases an organization may have.
const MaxSources = 500

// Source is a database that an organization's records come from. Ids of records are made of its
// id; that of the first source is the organization's.
type Source struct {
	ID        uuid.UUID
	Name      string
	Evidence  string // by what its devices know it again; "": nothing yet
	CreatedAt time.Time
	Devices   []SourceDevice // that have synchronized it, the one heard last first
}

// SourceDevice is a device that synchronizes, or has synchronized, a source.
type SourceDevice struct {
	ID         uuid.UUID
	Name       string
	LastSeenAt time.Time
}

// SourceSummary is a source with what the cabinet has of it.
type SourceSummary struct {
	Source
	Kinds []SourceKind // in the order of their names
}

// SourceKind is how many records of a kind, those deleted left out, were changed last by a device of
// the source.
type SourceKind struct {
	Kind    string
	Records int
}

// SourceClaim is what a device says of the database that it synchronizes.
type SourceClaim struct {
	Name     string
	DeviceID uuid.UUID
	Evidence string
}

// Sources lists the organization's, the oldest first.
func (f *Feed) Sources(ctx context.Context, organization uuid.UUID) (sources []Source, err error) {
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) (err error) {
		sources, err = readSources(ctx, tx, organization)
		return err
	})
	return sources, err
}

// SourceSummaries is Sources with what came from each.
func (f *Feed) SourceSummaries(ctx context.Context, organization uuid.UUID) (summaries []SourceSummary, err error) {
	err = f.db.Snapshot(db.For(ctx, db.Listing), organization, func(tx db.Tx) error {
		sources, err := readSources(ctx, tx, organization)
		if err != nil {
			return err
		}
		kinds, err := readSourceKinds(ctx, tx, organization)
		for _, source := range sources {
			summaries = append(summaries, SourceSummary{source, kinds[source.ID]})
		}
		return err
	})
	return summaries, err
}

func readSourceKinds(ctx context.Context, tx pgx.Tx, organization uuid.UUID) (map[uuid.UUID][]SourceKind, error) {
	rows, err := tx.Query(ctx, `
		SELECT d.source_id, r.kind, sum(r.records)::int
		FROM (SELECT device_id, kind, count(*) AS records FROM records WHERE organization_id = $1 AND NOT deleted GROUP BY device_id, kind) r
		JOIN devices d ON d.organization_id = $1 AND d.id = r.device_id AND d.source_id IS NOT NULL
		GROUP BY d.source_id, r.kind ORDER BY r.kind`, organization)
	if err != nil {
		return nil, err
	}
	kinds := map[uuid.UUID][]SourceKind{}
	var source uuid.UUID
	var kind SourceKind
	_, err = pgx.ForEachRow(rows, []any{&source, &kind.Kind, &kind.Records}, func() error {
		kinds[source] = append(kinds[source], kind)
		return nil
	})
	return kinds, err
}

func readSources(ctx context.Context, tx pgx.Tx, organization uuid.UUID) ([]Source, error) {
	rows, err := tx.Query(ctx, `SELECT id, name, evidence, created_at FROM sources WHERE organization_id = $1 ORDER BY created_at, id`, organization)
	if err != nil {
		return nil, err
	}
	sources, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s Source, err error) {
		err = row.Scan(&s.ID, &s.Name, &s.Evidence, &s.CreatedAt)
		return s, err
	})
	if err != nil {
		return nil, err
	}
	places := map[uuid.UUID]int{}
	for i := range sources {
		places[sources[i].ID] = i
	}
	rows, err = tx.Query(ctx, `
		SELECT source_id, id, name, last_seen_at FROM devices
		WHERE organization_id = $1 AND source_id IS NOT NULL ORDER BY last_seen_at DESC, id`, organization)
	if err != nil {
		return nil, err
	}
	var source uuid.UUID
	var device SourceDevice
	_, err = pgx.ForEachRow(rows, []any{&source, &device.ID, &device.Name, &device.LastSeenAt}, func() error {
		if i, ok := places[source]; ok {
			sources[i].Devices = append(sources[i].Devices, device)
		}
		return nil
	})
	return sources, err
}

// RegisterSource takes a new one up, for a device that has said hello. The first one of an
// organization that holds no records yet has the organization's id. Errors: ValidationFailed, for a device that is
// not known or one source too many; Conflict, for a name that is taken.
func (f *Feed) RegisterSource(ctx context.Context, organization uuid.UUID, claim SourceClaim) (source Source, err error) {
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		if err := lockSources(ctx, tx, organization); err != nil {
			return err
		}
		id, err := newSourceID(ctx, tx, organization)
		if err != nil {
			return err
		}
		source, err = f.writeSource(ctx, tx, organization, id, claim)
		return err
	})
	return source, err
}

// lockSources lets one device after the other take a source up: only one is the first, names
// are of one each, and there is a bound of all.
func lockSources(ctx context.Context, tx pgx.Tx, organization uuid.UUID) error {
	_, err := tx.Exec(ctx, `SELECT FROM feeds WHERE organization_id = $1 FOR UPDATE`, organization)
	return err
}

func newSourceID(ctx context.Context, tx pgx.Tx, organization uuid.UUID) (uuid.UUID, error) {
	var used bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM sources WHERE organization_id = $1) OR EXISTS (SELECT FROM records WHERE organization_id = $1)`,
		organization).Scan(&used)
	if err != nil || used {
		return uuid.New(), err
	}
	return organization, nil
}

// ClaimSource notes that a device synchronizes a source, and by what the source is known again. One that is
// not there is taken up under the id that the device knows: the cabinet may have been restored from an older
// backup. Errors: those of RegisterSource.
func (f *Feed) ClaimSource(ctx context.Context, organization, id uuid.UUID, claim SourceClaim) (source Source, err error) {
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		err := lockSources(ctx, tx, organization)
		if err != nil {
			return err
		}
		source, err = f.writeSource(ctx, tx, organization, id, claim)
		return err
	})
	return source, err
}

func (f *Feed) writeSource(ctx context.Context, tx pgx.Tx, organization, id uuid.UUID, claim SourceClaim) (source Source, err error) {
	var others int
	var taken, known bool
	err = tx.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE id <> $3), coalesce(bool_or(lower(name) = lower($2) AND id <> $3), false), coalesce(bool_or(id = $3), false)
		FROM sources WHERE organization_id = $1`, organization, claim.Name, id).Scan(&others, &taken, &known)
	switch {
	case err != nil:
		return source, err
	case taken:
		return source, fault.New(fault.Conflict, "Another source of the organization has this name.")
	case others >= MaxSources && !known:
		return source, fault.Invalid(fault.Field{Field: "name", Code: "too_many", Message: "an organization may have " + strconv.Itoa(MaxSources) + " sources"})
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO sources (organization_id, id, name, evidence, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name, evidence = excluded.evidence`,
		organization, id, claim.Name, claim.Evidence, f.now())
	if err != nil {
		return source, err
	}
	tag, err := tx.Exec(ctx, `UPDATE devices SET source_id = $3 WHERE organization_id = $1 AND id = $2`, organization, claim.DeviceID, id)
	if err != nil {
		return source, err
	}
	if tag.RowsAffected() == 0 {
		return source, fault.Invalid(fault.Field{Field: "device_id", Code: "unknown", Message: "must be that of a device that has said hello"})
	}
	return findSource(ctx, tx, organization, id)
}

func findSource(ctx context.Context, tx pgx.Tx, organization, id uuid.UUID) (Source, error) {
	sources, err := readSources(ctx, tx, organization)
	if err != nil {
		return Source{}, err
	}
	for _, source := range sources {
		if source.ID == id {
			return source, nil
		}
	}
	return Source{}, errors.New("a source that was just written is not there")
}
