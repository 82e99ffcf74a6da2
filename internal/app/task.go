package app

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/projection"
)

// Migrate brings the database to this program's version.
func Migrate(ctx context.Context, config Config, log *slog.Logger) error {
	return withDatabase(ctx, config, log, func(dsn string) error { return db.Migrate(ctx, dsn) })
}

// SetOrganizationLimit lets the account with the address own that many
// organizations. It works beside a running server too.
func SetOrganizationLimit(ctx context.Context, config Config, log *slog.Logger, email string, limit int) error {
	return withDatabase(ctx, config, log, func(dsn string) error {
		if err := db.Migrate(ctx, dsn); err != nil {
			return err
		}
		database, err := db.Open(ctx, dsn, 2)
		if err != nil {
			return err
		}
		defer database.Close()
		accounts := account.New(database, account.Options{Now: New(config, log).now})
		return accounts.SetOrganizationLimit(ctx, email, limit)
	})
}

// RebuildProjections makes the projections of all organizations anew from their
// feeds, or of one. It works beside a running server, whose readers see the old
// ones until the new ones are whole. progress is told of each organization.
func RebuildProjections(ctx context.Context, config Config, log *slog.Logger, only uuid.UUID,
	progress func(organization uuid.UUID, at projection.Progress)) (rebuilt int, err error) {
	err = withDatabase(ctx, config, log, func(dsn string) error {
		if err := db.Migrate(ctx, dsn); err != nil {
			return err
		}
		database, err := db.Open(ctx, dsn, 2)
		if err != nil {
			return err
		}
		defer database.Close()
		organizations := []uuid.UUID{only}
		if only == uuid.Nil {
			if organizations, err = projection.Organizations(ctx, database); err != nil {
				return err
			}
		}
		projector := projection.New(database, log)
		for _, organization := range organizations {
			err := projector.Rebuild(ctx, organization, func(at projection.Progress) { progress(organization, at) })
			if err != nil {
				return fmt.Errorf("organization %s: %w", organization, err)
			}
			rebuilt++
		}
		return nil
	})
	return rebuilt, err
}
