package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/projection"
)

type rebuildCommand struct {
	Organization uuid.UUID `help:"Only this organization's."`
}

// progressInterval is how often a rebuild says how far it is.
const progressInterval = time.Second

// Run rebuilds, saying now and then how far it is.
func (r rebuildCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	said := time.Now()
	rebuilt, err := app.RebuildProjections(ctx, config, log, r.Organization, func(organization uuid.UUID, at projection.Progress) {
		if time.Since(said) >= progressInterval {
			said = time.Now()
			_, _ = fmt.Fprintf(c.out, "%s: %d of %d changes\n", organization, at.Seq, at.Head)
		}
	})
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "Organizations rebuilt: %d.\n", rebuilt)
	return nil
}
