package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/textfile"
)

type initCommand struct {
	URL           string `help:"Address of the cabinet, such as https://cabinet.example.org. Left out: that of the configuration, else asked for." placeholder:"URL"`
	Key           string `help:"Sync key of the organization. Left out: that of the configuration, else asked for." placeholder:"KEY" env:"INTERPOS_SYNC_KEY"`
	Config        string `help:"Configuration to write." default:"agent.yaml" placeholder:"FILE"`
	Mapping       string `help:"Mapping of the local database. Left out: the only one beside the configuration." placeholder:"FILE"`
	DeviceName    string `help:"How the cabinet shows this computer; its own name if left out." placeholder:"NAME"`
	Source        string `help:"Name of this database in the organization, such as the outlet's: a new one for each database, the same one where the agent is installed again. Asked for where it is not clear." placeholder:"NAME"`
	ConfirmSource bool   `help:"Do as --source says though the agent finds that it is another database, or cannot find out."`
}

// Run says hello and writes the configuration.
func (c *initCommand) Run(ctx context.Context, console Console) error {
	asked := &questions{console: console, in: bufio.NewReader(console.In), sure: c.ConfirmSource}
	if err := c.askMissing(asked); err != nil {
		return err
	}
	mappingFile, err := c.mappingFile()
	if err != nil {
		return err
	}
	done, err := agent.Init(ctx, c.Config, agent.Config{
		URL: c.URL, Key: c.Key, Mapping: mappingFile, DeviceName: c.DeviceName, SourceName: c.Source,
	}, asked)
	if err != nil {
		return err
	}
	organization := done.Welcome.Organization
	_, _ = fmt.Fprintf(console.Out, "Connected to the organization «%s» (%s, %s).\n", organization.Name, organization.TimeZone, organization.Currency)
	if done.Again {
		_, _ = fmt.Fprintf(console.Out, "This database is known there as «%s»: its records keep their ids.\n", done.Source.Name)
	} else {
		_, _ = fmt.Fprintf(console.Out, "This database is called «%s» there from now on.\n", done.Source.Name)
	}
	if len(done.Keeping) > 0 {
		_, _ = fmt.Fprintf(console.Out, "What is deleted here of %s stays in the cabinet (`deletes: never`); `agent verify` counts it as KEPT, and can remove it.\n", strings.Join(done.Keeping, ", "))
	}
	if done.Mapping == "" {
		_, _ = fmt.Fprintf(console.Out, "There is no mapping yet, which says what the agent reads: write mapping.yaml beside %s, as the guide says (%s/docs/agent), and try it with `agent check-mapping`.\n", c.Config, c.URL)
	} else {
		_, _ = fmt.Fprintf(console.Out, "The mapping is %s.\n", done.Mapping)
	}
	_, err = fmt.Fprintf(console.Out, "The configuration is in %s; it holds the sync key, keep it to yourself.\n", c.Config)
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

// askMissing asks for what neither the command line nor a configuration that is there already says.
func (c *initCommand) askMissing(asked *questions) error {
	if known, err := agent.LoadConfig(c.Config); err == nil {
		c.URL, c.Key = cmp.Or(c.URL, known.URL), cmp.Or(c.Key, known.Key)
	}
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
		if !asked.console.Prompts {
			return fmt.Errorf("%s must be given", question.flag)
		}
		var err error
		if *question.answer, err = asked.readAnswer(question.text); err != nil {
			return err
		}
		if *question.answer == "" {
			return fmt.Errorf("%s must be given", question.flag)
		}
	}
	return nil
}

// questions are asked in a terminal. Elsewhere flags must have answered them.
type questions struct {
	console Console
	in      *bufio.Reader
	sure    bool // of whatever is asked
}

func (q *questions) readAnswer(text string) (string, error) {
	_, _ = fmt.Fprint(q.console.Err, text)
	line, err := q.in.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return textfile.Trim(line), nil
}

// Which asks for one of the organization's databases.
func (q *questions) Which(databases []string) (int, error) {
	if !q.console.Prompts {
		return 0, fmt.Errorf("which database of the organization is this? Known are:\n  %s\nIf it is one of them, say --source NAME with its name; if it is another one, with a name of its own", strings.Join(databases, "\n  "))
	}
	_, _ = fmt.Fprintln(q.console.Err, "Which database of the organization is this?")
	for i, database := range databases {
		_, _ = fmt.Fprintf(q.console.Err, "  %d  %s\n", i+1, database)
	}
	_, _ = fmt.Fprintln(q.console.Err, "  0  another one, which the cabinet does not know yet")
	for {
		answer, err := q.readAnswer("Number: ")
		if err != nil {
			return 0, err
		}
		if number, err := strconv.Atoi(answer); err == nil && 0 <= number && number <= len(databases) {
			return number - 1, nil
		}
		if answer == "" {
			return 0, errors.New("no database was chosen")
		}
	}
}

// Name asks what a new database is called.
func (q *questions) Name(fallback string) (string, error) {
	if !q.console.Prompts {
		return fallback, nil
	}
	answer, err := q.readAnswer(fmt.Sprintf("Name of this database, such as that of the outlet [%s]: ", fallback))
	if answer == "" {
		answer = fallback
	}
	return answer, err
}

// Sure asks whether to go on in spite of what was found.
func (q *questions) Sure(found string) (bool, error) {
	if q.sure {
		return true, nil
	}
	if !q.console.Prompts {
		return false, fmt.Errorf("%s\nIf you are sure that it is right so, add --confirm-source", found)
	}
	return q.confirm(found + "\nGo on all the same?")
}

// confirm asks for a yes.
func (q *questions) confirm(text string) (bool, error) {
	answer, err := q.readAnswer(text + " [y/N] ")
	return strings.EqualFold(answer, "y") || strings.EqualFold(answer, "yes"), err
}
