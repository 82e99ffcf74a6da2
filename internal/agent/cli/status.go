package cli

import (
	"context"

	"github.com/interpos/cabinet/internal/agent"
)

type statusCommand struct {
	Config string `help:"Configuration, as init wrote it." default:"agent.yaml" placeholder:"FILE"`
	Most   int    `help:"How many rejected or waiting records to list of each kind." default:"10"`
}

// Run prints what the state holds.
func (c *statusCommand) Run(ctx context.Context, console Console) error {
	config, err := agent.LoadConfig(c.Config)
	if err != nil {
		return err
	}
	return agent.Report(ctx, console.Out, config, c.Most)
}

type checkCommand struct {
	Config  string `help:"Configuration whose mapping to try." default:"agent.yaml" placeholder:"FILE"`
	Mapping string `help:"Mapping to try, instead of a configuration's." placeholder:"FILE"`
	Show    int    `help:"How many records to show of each kind." default:"3"`
	Most    int    `help:"How many bad records to list of each kind." default:"20"`
}

// Run tries a mapping.
func (c *checkCommand) Run(ctx context.Context, console Console) error {
	check := agent.Check{Out: console.Out, Show: c.Show, Problems: c.Most}
	if c.Mapping != "" {
		return check.File(ctx, c.Mapping)
	}
	config, err := agent.LoadConfig(c.Config)
	if err != nil {
		return err
	}
	return check.Config(ctx, config)
}
