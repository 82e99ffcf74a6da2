package main

import (
	"context"
	"fmt"

	"github.com/interpos/cabinet/internal/app"
)

// staffCommand is what the hosting company's support does.
type staffCommand struct {
	OrganizationLimit organizationLimitCommand `cmd:"" help:"Let an account own that many organizations."`
}

type organizationLimitCommand struct {
	Email string `arg:"" help:"The account's e-mail address."`
	Limit int    `arg:"" help:"How many organizations it may own."`
}

// Run raises or lowers the limit. Organizations beyond a lowered limit stay.
func (o organizationLimitCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	if err := app.SetOrganizationLimit(ctx, config, log, o.Email, o.Limit); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "%s may own %d organizations.\n", o.Email, o.Limit)
	return nil
}
