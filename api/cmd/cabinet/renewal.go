package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/license"
)

// renewalCommand is what support does with renewals.
type renewalCommand struct {
	List    listRenewalCommand    `cmd:"" help:"List renewals of all organizations, the oldest first."`
	Confirm confirmRenewalCommand `cmd:"" help:"A renewal is paid: its license grows, once."`
	Decline declineRenewalCommand `cmd:"" help:"A renewal will not be paid."`
}

type listRenewalCommand struct {
	Status string `enum:"pending,confirmed,declined,withdrawn,all" default:"pending" help:"Which: pending, confirmed, declined, withdrawn, all."`
}

// Run prints a line a renewal.
func (l listRenewalCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	status := license.RenewalStatus(l.Status)
	if l.Status == "all" {
		status = ""
	}
	listed, err := app.ListRenewals(ctx, config, log, status)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "NUMBER\tSTATUS\tMONTHS\tPRICE\tREQUESTED\tORGANIZATION")
	for _, r := range listed {
		_, _ = fmt.Fprintf(table, "%d\t%s\t%d\t%s %s\t%s\t%s\n", r.Number, r.Status, r.Months, r.Price, r.Currency, formatMoment(&r.RequestedAt), r.OrganizationID)
	}
	return table.Flush()
}

type confirmRenewalCommand struct {
	Number int64 `arg:"" help:"The renewal's number."`
}

// Run moves the end of the renewal's license. Again, it says the same and moves nothing.
func (r confirmRenewalCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	confirmed, err := app.ConfirmRenewal(ctx, config, log, r.Number)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "Renewal %d of %s is confirmed: the license is valid until %s.\n", r.Number, confirmed.OrganizationID, formatMoment(confirmed.ValidUntil))
	return nil
}

type declineRenewalCommand struct {
	Number int64 `arg:"" help:"The renewal's number."`
}

// Run declines the renewal.
func (r declineRenewalCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	declined, err := app.DeclineRenewal(ctx, config, log, r.Number)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "Renewal %d of %s is declined.\n", r.Number, declined.OrganizationID)
	return nil
}
