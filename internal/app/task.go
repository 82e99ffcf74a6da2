package app

import (
	"context"
	"log/slog"

	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/db"
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
