package app

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/sync"
)

// Migrate brings the database to this program's version.
func Migrate(ctx context.Context, config Config, log *slog.Logger) error {
	return withDatabase(ctx, config, log, func(location) error { return nil })
}

// SetOrganizationLimit lets the account with the address own that many
// organizations. It works beside a running server too.
func SetOrganizationLimit(ctx context.Context, config Config, log *slog.Logger, email string, limit int) error {
	return withAccounts(ctx, config, log, func(accounts *account.Accounts) error {
		return accounts.SetOrganizationLimit(ctx, email, limit)
	})
}

// SetStaff says whether the account with the address is one of the host's support.
// It works beside a running server too.
func SetStaff(ctx context.Context, config Config, log *slog.Logger, email string, staff bool) error {
	return withAccounts(ctx, config, log, func(accounts *account.Accounts) error { return accounts.SetStaff(ctx, email, staff) })
}

func withAccounts(ctx context.Context, config Config, log *slog.Logger, fn func(*account.Accounts) error) error {
	return withMigrated(ctx, config, log, func(database *db.DB) error {
		return fn(account.New(database, account.Options{Now: New(config, log).now}))
	})
}

// RebuildProjections makes the projections of all organizations anew from their
// feeds, or of one. It works beside a running server, whose readers see the old
// ones until the new ones are whole. progress is told of each organization.
func RebuildProjections(ctx context.Context, config Config, log *slog.Logger, only uuid.UUID,
	progress func(organization uuid.UUID, at projection.Progress)) (rebuilt int, err error) {
	err = withMigrated(ctx, config, log, func(database *db.DB) error {
		projector := projection.New(database, log)
		return eachOrganization(ctx, database, only, func(organization uuid.UUID) error {
			err := projector.Rebuild(ctx, organization, func(at projection.Progress) { progress(organization, at) })
			if err == nil {
				rebuilt++
			}
			return err
		})
	})
	return rebuilt, err
}

// VerifyHistory looks through the history of the records of all organizations, or
// of one, and tells found of each row that was altered or removed. It works beside
// a running server.
func VerifyHistory(ctx context.Context, config Config, log *slog.Logger, only uuid.UUID,
	found func(organization uuid.UUID, flaw sync.Flaw)) (verified sync.Verified, err error) {
	err = withMigrated(ctx, config, log, func(database *db.DB) error {
		return eachOrganization(ctx, database, only, func(organization uuid.UUID) error {
			of, err := sync.VerifyHistory(ctx, database, organization, func(flaw sync.Flaw) { found(organization, flaw) })
			verified.Records += of.Records
			verified.Earlier += of.Earlier
			return err
		})
	})
	return verified, err
}

// withMigrated runs a task on the database, brought to this program's version.
func withMigrated(ctx context.Context, config Config, log *slog.Logger, task func(database *db.DB) error) error {
	return withDatabase(ctx, config, log, func(located location) error {
		database, err := located.openForCommand(ctx)
		if err != nil {
			return err
		}
		defer database.Close()
		return task(database)
	})
}

// eachOrganization runs a task for all organizations; for one alone, if it is given.
func eachOrganization(ctx context.Context, database *db.DB, only uuid.UUID, task func(organization uuid.UUID) error) (err error) {
	organizations := []uuid.UUID{only}
	if only == uuid.Nil {
		if organizations, err = projection.Organizations(ctx, database); err != nil {
			return err
		}
	}
	for _, organization := range organizations {
		if err := task(organization); err != nil {
			return fmt.Errorf("organization %s: %w", organization, err)
		}
	}
	return nil
}
