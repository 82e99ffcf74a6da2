package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/sync"
)

type verifyCommand struct {
	Organization uuid.UUID `help:"Only this organization's."`
}

// Run prints each altered or missing row of the history. Any of them is an error.
func (v verifyCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	flaws := 0
	verified, err := app.VerifyHistory(ctx, config, log, v.Organization, func(organization uuid.UUID, flaw sync.Flaw) {
		flaws++
		_, _ = fmt.Fprintf(c.out, "%s: %s %s, version %d: %s\n", organization, flaw.Kind, flaw.ID, flaw.Version, flaw.Problem)
	})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "Records verified: %d, with %d earlier versions.\n", verified.Records, verified.Earlier)
	if flaws > 0 {
		return fmt.Errorf("the history is not as it was written (findings: %d)", flaws)
	}
	return nil
}
