package main

import (
	"context"
	"fmt"

	"github.com/interpos/cabinet/internal/app"
)

type rotateSecretCommand struct{}

// Run seals anew; it fails where something stays sealed with a secret that is not set.
func (rotateSecretCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	rotated, err := app.RotateSecret(ctx, config, log)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(c.out, "%d values are sealed with the new secret now.\n", rotated.Renewed)
	if rotated.Lost > 0 {
		return fmt.Errorf("%d values were opened neither by SECRET_KEY nor by SECRET_KEY_PREVIOUS: keep the secret that they were sealed with", rotated.Lost)
	}
	return nil
}
