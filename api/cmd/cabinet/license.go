package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/license"
)

// licenseCommand is what support does with licenses.
type licenseCommand struct {
	Grant  grantCommand       `cmd:"" help:"Open a module to an organization up to a day."`
	Revoke revokeCommand      `cmd:"" help:"End an organization's license now."`
	List   listLicenseCommand `cmd:"" help:"List licenses."`
}

type grantCommand struct {
	Organization uuid.UUID `required:"" help:"The organization's id."`
	Module       string    `required:"" enum:"delivery" help:"The module: delivery."`
	Until        time.Time `required:"" format:"2006-01-02" help:"Last day (YYYY-MM-DD), included, in the organization's time zone."`
}

// Run moves the end of the license, be it later or earlier than before.
func (g grantCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	change, err := app.GrantLicense(ctx, config, log, g.Organization, license.Module(g.Module), g.Until)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "%s has the module %s until %s.\n", g.Organization, g.Module, formatMoment(&change.After))
	return nil
}

type revokeCommand struct {
	Organization uuid.UUID `required:"" help:"The organization's id."`
	Module       string    `required:"" enum:"delivery" help:"The module: delivery."`
}

// Run ends the license. Tokens that are out already work for up to a week.
func (r revokeCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	if _, err := app.RevokeLicense(ctx, config, log, r.Organization, license.Module(r.Module)); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "%s has the module %s no longer. Tokens that were given out work for up to %d days.\n",
		r.Organization, r.Module, int(license.TokenLifetime.Hours()/24))
	return nil
}

type listLicenseCommand struct {
	Organization uuid.UUID `help:"Only this organization's."`
}

// Run prints a line a license.
func (l listLicenseCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "ORGANIZATION\tMODULE\tSTATUS\tVALID UNTIL\tNAME")
	err = app.ListLicenses(ctx, config, log, l.Organization, func(holder license.Holder) {
		for _, listed := range holder.Licenses {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", holder.ID, listed.Module, listed.Status, formatMoment(listed.ValidUntil), holder.Name)
		}
	})
	if err != nil {
		return err
	}
	return table.Flush()
}

// formatMoment is a time in UTC, "-" for none.
func formatMoment(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.UTC().Format(time.RFC3339)
}

type rotateCommand struct{}

// Run makes the new key.
func (rotateCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	id, err := app.RotateLicenseKey(ctx, config, log)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "License tokens are signed with the new key %s.\n", id)
	return nil
}
