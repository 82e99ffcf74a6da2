//go:build linux

package main_test

import (
	"bufio"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/programtest"
)

func TestMain(m *testing.M) { programtest.Main(m) }

const docs = "../../../docs/"

// guides are the documents whose commands are run here.
var guides = []string{"agent.md", "agent.ru.md"}

// TestTheCommandsOfTheGuideWork takes a technician's part: it gives every command of the guide, one after the other and
// as it stands there, in a folder with the mapping that the guide shows. Each has to succeed.
func TestTheCommandsOfTheGuideWork(t *testing.T) {
	for _, guide := range guides {
		t.Run(guide, func(t *testing.T) {
			t.Parallel()
			server := programtest.NewServerOn(t, dbtest.DSN(t), os.Stderr)
			text, err := os.ReadFile(docs + guide)
			require.NoError(t, err)
			tech := technician{T: t, guide: string(text), folder: t.TempDir(),
				given: strings.NewReplacer("https://cabinet.example.org", "http://"+server.Address, "isk_…", server.Organization())}
			tech.makeVenue(tech.folder, 0)
			commands := commandsOf(tech.guide)
			for _, command := range commands {
				tech.run(command)
			}
			require.Greater(t, len(commands), 20, "the guide has lost its commands, or the test does not find them")
		})
	}
}

// technician follows a guide.
type technician struct {
	*testing.T
	guide  string
	folder string
	given  *strings.Replacer // puts in the cabinet's address and key
	others int               // computers of other outlets
}

// makeVenue makes the database that the guide's mapping reads, and the mapping as the guide shows it. Outlets differ.
func (tech *technician) makeVenue(folder string, outlet int) {
	tech.Helper()
	mapping := regexp.MustCompile("(?s)```yaml\n(source:.*?)```").FindStringSubmatch(tech.guide)
	require.Len(tech, mapping, 2)
	require.NoError(tech, os.WriteFile(filepath.Join(folder, "venue.yaml"), []byte(mapping[1]), 0o600))
	db, err := sql.Open("sqlite", filepath.Join(folder, "pos.db"))
	require.NoError(tech, err)
	defer func() { require.NoError(tech, db.Close()) }()
	_, err = db.Exec(fmt.Sprintf(`
		CREATE TABLE goods (id INTEGER PRIMARY KEY, title TEXT, is_folder INTEGER, folder_id INTEGER, price NUMERIC, changed_at TEXT);
		CREATE TABLE codes (good_id INTEGER, code TEXT);
		CREATE TABLE checks (id INTEGER PRIMARY KEY, no INTEGER, closed_at TEXT, changed_at TEXT, total NUMERIC);
		CREATE TABLE check_lines (id INTEGER PRIMARY KEY, check_id INTEGER, position INTEGER, good_id INTEGER, title TEXT, qty NUMERIC, price NUMERIC, discount NUMERIC, total NUMERIC);
		CREATE TABLE line_extras (id INTEGER PRIMARY KEY, line_id INTEGER, good_id INTEGER, title TEXT, qty NUMERIC, price NUMERIC);
		CREATE TABLE payments (check_id INTEGER, type_id INTEGER, amount NUMERIC);
		INSERT INTO goods VALUES (1, 'Drinks', 1, NULL, NULL, '2026-05-25 10:00:00'), (2, 'Tea', 0, 1, 120, '2026-05-25 10:00:00');
		INSERT INTO codes VALUES (2, '4601234567890');
		WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 30)
		INSERT INTO checks SELECT i, i, format('2026-05-25 1%d:%%02d:00', i), format('2026-05-25 1%d:%%02d:00', i), 120 FROM n;
		INSERT INTO check_lines SELECT id, id, 1, 2, 'Tea', 1, 120, 0, 120 FROM checks;
		INSERT INTO payments SELECT id, 1, 120 FROM checks`, outlet, outlet))
	require.NoError(tech, err)
}

// run gives a command and waits for its end; what goes on until it is interrupted is interrupted after its second line.
func (tech *technician) run(command string) {
	tech.Helper()
	folder := tech.folder
	if strings.Contains(command, `--source "`) { // on the computer of another outlet
		folder = tech.TempDir()
		tech.others++
		tech.makeVenue(folder, tech.others)
	}
	shell := exec.CommandContext(tech.Context(), "sh", "-c", "exec "+tech.given.Replace(command))
	shell.Dir = folder
	shell.Env = append(os.Environ(), "PATH="+filepath.Dir(programtest.Command(tech.T, "agent").Path)+":"+os.Getenv("PATH"))
	if !goesOn(command) {
		out, err := shell.CombinedOutput()
		require.NoError(tech, err, "%s\n%s", command, out)
		return
	}
	shell.Stderr = os.Stderr
	out, err := shell.StdoutPipe()
	require.NoError(tech, err)
	require.NoError(tech, shell.Start())
	lines := bufio.NewScanner(out)
	for range 2 { // it says first where it runs, then what it did
		require.True(tech, lines.Scan(), "%s ended before it was at work", command)
	}
	require.NoError(tech, shell.Process.Signal(os.Interrupt))
	for lines.Scan() { // to the end
		continue
	}
	require.NoError(tech, shell.Wait(), command)
}

// goesOn is true of a command that ends only when it is interrupted.
func goesOn(command string) bool {
	return strings.HasPrefix(command, "agent run") || strings.Contains(command, "--live")
}

var (
	inText  = regexp.MustCompile("`((?:agent|kit) [^`]+)`")
	service = regexp.MustCompile(`(?:ExecStart=\S*|cmd /c \S*)(agent)(?:\.exe)? (run --config) \S*?(agent\.yaml)`)
)

// commandsOf are the commands of a document, in its order: those that stand in its text, in blocks, and what services
// start, which is run without the service. What programs and files of the system do is not tried.
func commandsOf(document string) (commands []string) {
	language, inBlock := "", false
	for line := range strings.Lines(document) {
		line = strings.TrimSpace(line)
		if mark, ok := strings.CutPrefix(line, "```"); ok {
			language, inBlock = mark, !inBlock
			continue
		}
		switch {
		case !inBlock:
			for _, found := range inText.FindAllStringSubmatch(line, -1) {
				commands = append(commands, found[1])
			}
		case language == "" || language == "sh":
			command, _, _ := strings.Cut(line, "#")
			if command = strings.TrimSpace(command); command != "" {
				commands = append(commands, command)
			}
		default:
			if found := service.FindStringSubmatch(line); found != nil {
				commands = append(commands, strings.Join(found[1:], " "))
			}
		}
	}
	return commands
}

// TestEveryDocumentWithCommandsIsTried holds that no document shows a command of agent or kit that no test gives.
func TestEveryDocumentWithCommandsIsTried(t *testing.T) {
	tried := map[string]bool{"conformance.md": true} // by internal/conformance
	for _, guide := range guides {
		tried[guide] = true
	}
	documents, err := filepath.Glob(docs + "*.md")
	require.NoError(t, err)
	for _, document := range append(documents, docs+"../README.md") {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		shown := regexp.MustCompile("(?m)^(agent|kit) .*$").FindString(string(text))
		require.True(t, shown == "" || tried[filepath.Base(document)], "%s shows %q, which no test gives", document, shown)
	}
}
