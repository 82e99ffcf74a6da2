package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"

	"github.com/interpos/cabinet/internal/conformance"
	"github.com/interpos/cabinet/internal/textfile"
)

// Errors of a run of the conformance kit that came to its end.
var (
	errBroken   = errors.New("the cabinet breaks the protocol")
	errUntested = errors.New("nothing is broken, but not everything was tested")
)

type conformanceCommand struct {
	URL      string `help:"Address of the cabinet." required:"" placeholder:"URL"`
	Key      string `help:"Sync key of an organization that nobody works with." required:"" placeholder:"KEY" env:"INTERPOS_SYNC_KEY"`
	OtherKey string `help:"Sync key of another such organization, to test that they are kept apart." placeholder:"KEY" env:"INTERPOS_OTHER_SYNC_KEY"`
	Yes      bool   `help:"Go on though the organization has records."`
	JSON     bool   `help:"Print one JSON document instead of text." name:"json"`

	BackupCommand  string `help:"Shell command that makes a backup of the cabinet's database." placeholder:"COMMAND"`
	RestoreCommand string `help:"Shell command that restores that backup." placeholder:"COMMAND"`
	PurgeCommand   string `help:"Shell command that purges tombstones, as if their 400 days were over." placeholder:"COMMAND"`
}

// shellAction is a command of the shell; nil for none.
func shellAction(command string) conformance.HostAction {
	if command == "" {
		return nil
	}
	return func(ctx context.Context) error {
		said, err := exec.CommandContext(ctx, "sh", "-c", command).CombinedOutput() //nolint:gosec // the caller's own command
		if err != nil {
			return fmt.Errorf("%w: %s", err, bytes.TrimSpace(said))
		}
		return nil
	}
}

// Run drives a cabinet through the protocol and prints what holds.
func (c *conformanceCommand) Run(ctx context.Context, to console) error {
	options := conformance.Options{URL: textfile.Trim(c.URL), Key: textfile.Trim(c.Key), OtherKey: textfile.Trim(c.OtherKey), Yes: c.Yes, Host: conformance.Host{
		Backup: shellAction(c.BackupCommand), Restore: shellAction(c.RestoreCommand), Purge: shellAction(c.PurgeCommand),
	}}
	if !c.JSON {
		options.Told = func(f conformance.Finding) { printFinding(to.out, f) }
	}
	report, err := conformance.Run(ctx, options)
	if err != nil {
		return err
	}
	if err := printReport(to.out, report, c.JSON); err != nil {
		return err
	}
	switch {
	case report.Broken > 0:
		return errBroken
	case report.NotTested > 0:
		return errUntested
	}
	return nil
}

func printReport(out io.Writer, report conformance.Report, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(report)
	}
	if report.LeftBehind != "" {
		_, _ = fmt.Fprintf(out, "Left behind: %s.\n", report.LeftBehind)
	}
	_, err := fmt.Fprintf(out, "%s, «%s»: %d held, %d broken, %d not tested.\n",
		report.URL, report.Organization, report.Held, report.Broken, report.NotTested)
	return err
}

// printFinding writes one line, and what shows it where a clause does not hold.
func printFinding(out io.Writer, f conformance.Finding) {
	name := f.Clause
	if f.Promise > 0 {
		name = fmt.Sprintf("promise %d, %s", f.Promise, f.Clause)
	}
	words := map[conformance.Outcome]string{
		conformance.Held: "held", conformance.Broken: "BROKEN", conformance.NotTested: "not tested",
	}
	_, _ = fmt.Fprintf(out, "%-10s  %-24s  %s (%.1f s)\n%s", words[f.Outcome], name, f.Title, f.Seconds, f.Evidence("    "))
}
