package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/interpos/cabinet/internal/agent"
)

type initCommand struct {
	URL        string `help:"Address of the cabinet, such as https://cabinet.example.org. Asked for if left out." placeholder:"URL"`
	Key        string `help:"Sync key of the organization. Asked for if left out." placeholder:"KEY" env:"INTERPOS_SYNC_KEY"`
	Config     string `help:"Configuration to write." default:"agent.yaml" placeholder:"FILE"`
	Mapping    string `help:"Mapping of the local database." placeholder:"FILE"`
	DeviceName string `help:"How the cabinet shows this computer; its own name if left out." placeholder:"NAME"`
}

// Run says hello and writes the configuration.
func (c *initCommand) Run(ctx context.Context, console Console) error {
	if err := c.askMissing(console); err != nil {
		return err
	}
	mappingFile, err := c.mappingFile()
	if err != nil {
		return err
	}
	welcome, err := agent.Init(ctx, c.Config, agent.Config{
		URL: c.URL, Key: strings.TrimSpace(c.Key), Mapping: mappingFile, DeviceName: c.DeviceName,
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(console.Out, "Connected to the organization «%s» (%s, %s).\nThe configuration is in %s; it holds the sync key, keep it to yourself.\n",
		welcome.Organization.Name, welcome.Organization.TimeZone, welcome.Organization.Currency, c.Config)
	return err
}

// mappingFile is the mapping's path as the configuration keeps it: a relative
// one holds from wherever the agent is started later.
func (c *initCommand) mappingFile() (string, error) {
	if c.Mapping == "" {
		return "", nil
	}
	return filepath.Abs(c.Mapping)
}

func (c *initCommand) askMissing(console Console) error {
	in := bufio.NewReader(console.In)
	for _, question := range []struct {
		answer *string
		text   string
		flag   string
	}{
		{&c.URL, "Address of the cabinet: ", "--url"},
		{&c.Key, "Sync key: ", "--key"},
	} {
		if *question.answer != "" {
			continue
		}
		if !console.Prompts {
			return fmt.Errorf("%s must be given", question.flag)
		}
		_, _ = fmt.Fprint(console.Err, question.text)
		line, err := in.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if *question.answer = strings.TrimSpace(line); *question.answer == "" {
			return fmt.Errorf("%s must be given", question.flag)
		}
	}
	return nil
}
