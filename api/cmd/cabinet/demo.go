package main

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/demo"
)

type demoCommand struct{}

// demoDefaults hold where the environment says nothing.
var demoDefaults = []string{"DATA_DIR=.data/demo", "LOG_LEVEL=warn", "OPS_ADDR=127.0.0.1:0"}

// Run serves, with a demo venue, until the context ends. Its letters go to the
// development inbox, whatever the environment says.
func (demoCommand) Run(ctx context.Context, c console) error {
	c.environ = slices.DeleteFunc(slices.Clone(c.environ), func(variable string) bool {
		return strings.HasPrefix(variable, "SMTP_URL")
	})
	c.environ = append(append(slices.Clone(demoDefaults), c.environ...), "DEV_INBOX=on")
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	programs, err := demo.FindPrograms()
	if err != nil {
		return err
	}
	server := app.New(config, log)
	return withServer(ctx, c, server, func(ctx context.Context) error {
		return demo.Run(ctx, demo.Options{
			URL: server.URL(), Dir: filepath.Join(config.DataDir, "venue"), Programs: programs, Days: 90, Out: c.out, Err: c.err,
		})
	})
}
