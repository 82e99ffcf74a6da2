// Package directory shows the synchronized reference records: products,
// employees, outlets and the other kinds of directories.
package directory

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/listing"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/record"
)

// Directories reads the directories of organizations. Every read sees what was
// acknowledged before it.
type Directories struct{ projector *projection.Projector }

// New makes the service over the projections.
func New(projector *projection.Projector) *Directories { return &Directories{projector} }

// Item is one directory record in a list.
type Item struct {
	Kind       string
	ID         uuid.UUID
	Name       string
	Code       string
	Group      uuid.NullUUID // product: its group; product group: the one above it
	Archived   bool
	ModifiedAt time.Time
	Version    int64
	Seq        int64
	Data       string // JSON object
}

// Query says which records a list shows, and in which order.
type Query struct {
	Search   string     // words that all must occur
	Group    *uuid.UUID // in this product group, or in one below it
	Archived *bool      // nil: both
	Sort     string     // name (default), code, modified_at; - in front: descending
	Cursor   string
	Limit    int
}

// Page is a part of a list. Total counts the whole list.
type Page struct {
	Items      []Item
	NextCursor string // "" on the last page
	Total      int64
	References map[uuid.UUID]string
}

// Kinds counts the records of every kind of directory.
func (d *Directories) Kinds(ctx context.Context, organization uuid.UUID) (counts []listing.KindCount, err error) {
	err = d.projector.Read(ctx, organization, func(tx pgx.Tx, _ projection.View) error {
		counts, err = listing.Count(ctx, tx, organization, "directory_entries", record.DirectoryNames())
		return err
	})
	return counts, err
}

// List gives a page of a kind. Errors: NotFound for an unknown kind,
// ValidationFailed for a sort, Malformed for a cursor that it does not have.
func (d *Directories) List(ctx context.Context, organization uuid.UUID, kind string, query Query) (page Page, err error) {
	list, err := newList(organization, kind, query)
	if err != nil {
		return Page{}, err
	}
	err = d.projector.Read(ctx, organization, func(tx pgx.Tx, _ projection.View) error {
		page, err = list.page(ctx, tx, query)
		return err
	})
	return page, err
}

// Each calls row with the records of the whole list, without regard to cursor and
// limit, up to listing.MaxExport. names gives what the ids in their data are
// called, zone is the organization's. Errors: as List, and those of row.
func (d *Directories) Each(ctx context.Context, organization uuid.UUID, kind string, query Query,
	row func(item Item, zone *time.Location, names map[uuid.UUID]string) error) error {
	return d.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		return eachPage(ctx, tx, organization, kind, query, func(item Item, names map[uuid.UUID]string) error {
			return row(item, view.Zone, names)
		})
	})
}

// Get gives one record of a kind, a deleted one too. Errors: NotFound.
func (d *Directories) Get(ctx context.Context, organization uuid.UUID, kind string, id uuid.UUID) (found listing.Record, err error) {
	if err := listing.CheckKind(kind, false); err != nil {
		return listing.Record{}, err
	}
	err = d.projector.Read(ctx, organization, func(tx pgx.Tx, _ projection.View) error {
		found, err = listing.Load(ctx, tx, organization, kind, id)
		return err
	})
	return found, err
}

// Names gives the name of every directory record, and the number of every
// document, that the references note and that has arrived.
func (d *Directories) Names(ctx context.Context, organization uuid.UUID, references listing.References) (names map[uuid.UUID]string, err error) {
	err = d.projector.Read(ctx, organization, func(tx pgx.Tx, _ projection.View) error {
		names, err = references.Names(ctx, tx, organization)
		return err
	})
	return names, err
}
