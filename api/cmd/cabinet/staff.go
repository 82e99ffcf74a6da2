package main

import (
	"context"
	"fmt"

	"github.com/interpos/cabinet/internal/app"
)

// staffCommand is what the hosting company's support does.
type staffCommand struct {
	Add               staffAddCommand          `cmd:"" help:"Make an account one of the support."`
	Remove            staffRemoveCommand       `cmd:"" help:"Make it an account like any other again."`
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

type staffAddCommand struct {
	Email string `arg:"" help:"The account's e-mail address."`
}

// Run makes the account one of the support.
func (s staffAddCommand) Run(ctx context.Context, c console) error {
	return setStaff(ctx, c, s.Email, true, "%s is staff.\n")
}

type staffRemoveCommand struct {
	Email string `arg:"" help:"The account's e-mail address."`
}

// Run makes the account like any other, from its next request on.
func (s staffRemoveCommand) Run(ctx context.Context, c console) error {
	return setStaff(ctx, c, s.Email, false, "%s is not staff.\n")
}

func setStaff(ctx context.Context, c console, email string, staff bool, done string) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	if err := app.SetStaff(ctx, config, log, email, staff); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, done, email)
	return nil
}
