package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/license"
	"github.com/interpos/cabinet/internal/projection"
)

// GrantLicense opens a module to an organization up to the end of a day, and
// leaves a line in the log. It works beside a running server too.
func GrantLicense(ctx context.Context, config Config, log *slog.Logger, organization uuid.UUID, module license.Module, day time.Time) (license.Change, error) {
	return changeLicense(ctx, config, log, "license granted", organization, module, func(licenses *license.Licenses) (license.Change, error) {
		return licenses.Grant(ctx, organization, module, day)
	})
}

// RevokeLicense ends an organization's license now, and leaves a line in the log.
func RevokeLicense(ctx context.Context, config Config, log *slog.Logger, organization uuid.UUID, module license.Module) (license.Change, error) {
	return changeLicense(ctx, config, log, "license revoked", organization, module, func(licenses *license.Licenses) (license.Change, error) {
		return licenses.Revoke(ctx, organization, module)
	})
}

func changeLicense(ctx context.Context, config Config, log *slog.Logger, done string, organization uuid.UUID, module license.Module,
	apply func(*license.Licenses) (license.Change, error)) (change license.Change, err error) {
	err = withLicenses(ctx, config, log, func(_ *db.DB, licenses *license.Licenses) error {
		if change, err = apply(licenses); err != nil {
			return err
		}
		before := "never renewed"
		if change.Before != nil {
			before = change.Before.UTC().Format(time.RFC3339)
		}
		log.Info(done, "organization", organization, "module", module, "valid_until", change.After.UTC().Format(time.RFC3339), "before", before)
		return nil
	})
	return change, err
}

// ListLicenses tells of the licenses of all organizations, or of one.
func ListLicenses(ctx context.Context, config Config, log *slog.Logger, only uuid.UUID, each func(license.Holder)) error {
	return withLicenses(ctx, config, log, func(database *db.DB, licenses *license.Licenses) (err error) {
		organizations := []uuid.UUID{only}
		if only == uuid.Nil {
			if organizations, err = projection.Organizations(ctx, database); err != nil {
				return err
			}
		}
		for _, organization := range organizations {
			holder, err := licenses.Holder(ctx, organization)
			if err != nil {
				return err
			}
			each(holder)
		}
		return nil
	})
}

// ListRenewals tells of the renewals of all organizations with a status, "" for any, the oldest first.
func ListRenewals(ctx context.Context, config Config, log *slog.Logger, status license.RenewalStatus) (listed []license.Renewal, err error) {
	err = withLicenses(ctx, config, log, func(_ *db.DB, licenses *license.Licenses) error {
		listed, err = license.NewRenewals(licenses, nil).ListAll(ctx, status)
		return err
	})
	return listed, err
}

// ConfirmRenewal says that a renewal is paid, and leaves a line in the log. It works beside a
// running server too.
func ConfirmRenewal(ctx context.Context, config Config, log *slog.Logger, number int64) (license.Renewal, error) {
	return decideRenewal(ctx, config, log, "renewal confirmed", func(renewals *license.Renewals) (license.Renewal, error) {
		return renewals.Confirm(ctx, number)
	})
}

// DeclineRenewal says that a renewal will not be paid, and leaves a line in the log.
func DeclineRenewal(ctx context.Context, config Config, log *slog.Logger, number int64) (license.Renewal, error) {
	return decideRenewal(ctx, config, log, "renewal declined", func(renewals *license.Renewals) (license.Renewal, error) {
		return renewals.Decline(ctx, number)
	})
}

func decideRenewal(ctx context.Context, config Config, log *slog.Logger, done string,
	decide func(*license.Renewals) (license.Renewal, error)) (decided license.Renewal, err error) {
	err = withLicenses(ctx, config, log, func(_ *db.DB, licenses *license.Licenses) error {
		if decided, err = decide(license.NewRenewals(licenses, nil)); err != nil {
			return err
		}
		log.Info(done, "number", decided.Number, "organization", decided.OrganizationID, "license", decided.LicenseID)
		return nil
	})
	return decided, err
}

// RotateLicenseKey makes a new key to sign license tokens with, and gives its
// id. It works beside running servers too, which sign with it from then on.
func RotateLicenseKey(ctx context.Context, config Config, log *slog.Logger) (id string, err error) {
	keys, err := config.loadKeys(log)
	if err != nil {
		return "", err
	}
	err = withLicenses(ctx, config, log, func(_ *db.DB, licenses *license.Licenses) error {
		if id, err = license.NewIssuer(licenses, keys.sealer).RotateKey(ctx); err != nil {
			return err
		}
		log.Info("license key rotated", "kid", id)
		return nil
	})
	return id, err
}

func withLicenses(ctx context.Context, config Config, log *slog.Logger, fn func(*db.DB, *license.Licenses) error) error {
	return withMigrated(ctx, config, log, func(database *db.DB) error {
		return fn(database, license.New(database, New(config, log).now))
	})
}
