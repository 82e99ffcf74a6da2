//go:build linux

package main_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/billing"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/postgres/pgtest"
	"github.com/interpos/cabinet/internal/programtest"
)

// fence is an example of docs/operating.md, with the mark that stands before it.
type fence struct {
	mark, text string
}

var fences = regexp.MustCompile("(?ms)(?:^ *<!-- test: ([a-z-]+) -->\n)?^ *```[a-z]*\n(.*?)^ *```\n")

func manualFences(t *testing.T) (found []fence) {
	t.Helper()
	manual, err := os.ReadFile("../../../docs/operating.md")
	require.NoError(t, err)
	for _, match := range fences.FindAllStringSubmatch(string(manual), -1) {
		require.NotEmpty(t, match[1], "an example without a mark, which nobody runs:\n%s", match[2])
		found = append(found, fence{match[1], match[2]})
	}
	return found
}

// runElsewhere are the examples that another test runs, or that cannot run here.
var runElsewhere = map[string]struct{ reason, file, proof string }{
	"compose":  {"it needs Docker, and images from the net", "../../../internal/app/deployment_test.go", "func TestTheDeploymentInContainersFitsTheServer"},
	"two-urls": {"the roles of `one-url` stand already", "../../../internal/app/role_test.go", `newInstall(t, "two-urls")`},
	"log-line": {"it is a line that the server writes", "../../../api/requestlog_test.go", `"bytes"`},
}

// notHere are lines of examples that are not given in a test, and why.
var notHere = map[string]string{
	"make build":                     "the browser tests run what it makes; here the program is built without the web application",
	"systemctl daemon-reload":        "systemd does not run here: systemd-analyze looks at the unit",
	"systemctl enable --now cabinet": "as above",
}

// host follows the manual in a clean folder: it has the program, and a PostgreSQL of its own.
type host struct {
	*testing.T
	dir     string // where the commands are given
	server  *programtest.Server
	ops     string // OPS_ADDR of the server
	key     string // of an organization on it
	admin   string // the superuser's address of a database
	created string // the statement that made it
}

// follow says how each example is followed, by its mark.
var follow = map[string]func(h *host, text string){
	"settings": (*host).readSettings, "install": (*host).install,
	"health":  (*host).askHealth,
	"one-url": (*host).makeDatabase, "old-role": (*host).dropOldRole, "restore-own": (*host).restoreOwn,
	"support": (*host).give, "licenses": (*host).give, "rotate": (*host).give, "rebuild": (*host).give, "verify": (*host).give,
	"price-list": (*host).readPrices, "renewals": (*host).renew,
	"backup": (*host).give, "restore": (*host).restorePrivate, "backup-own": (*host).backupOwn,
}

func TestTheManualIsFollowedOnACleanFolder(t *testing.T) {
	h := &host{T: t, dir: t.TempDir()}
	h.server = &programtest.Server{T: t, DataDir: filepath.Join(h.dir, ".data"), Address: programtest.FreeAddress(t), Log: os.Stderr}
	h.ops = programtest.FreeAddress(t)
	h.server.Settings = []string{"OPS_ADDR=" + h.ops}
	h.server.Start()
	t.Cleanup(func() { h.server.Stop() })
	h.key = h.server.Organization()
	for _, email := range []string{"anna@example.com", "ivan@example.com"} {
		dbtest.Exec(t, h.privateDSN(), "INSERT INTO users (id, email, password_hash, full_name, locale, email_verified_at) VALUES (gen_random_uuid(), $1, '', 'A', 'en', now())", email)
	}
	followed := map[string]bool{}
	for _, example := range manualFences(t) {
		if elsewhere, ok := runElsewhere[example.mark]; ok {
			proof, err := os.ReadFile(elsewhere.file)
			require.NoError(t, err)
			require.Contains(t, string(proof), elsewhere.proof, example.mark)
			continue
		}
		run, known := follow[example.mark]
		require.True(t, known, "nobody runs the example %s:\n%s", example.mark, example.text)
		run(h, example.text)
		followed[example.mark] = true
	}
	for mark := range follow {
		require.True(t, followed[mark], "the manual has lost its example %s", mark)
	}
}

func (h *host) privateDSN() string {
	h.Helper()
	address, err := os.ReadFile(filepath.Join(h.server.DataDir, "database.url"))
	require.NoError(h, err)
	return strings.TrimSpace(string(address))
}

// give gives the commands of an example to a shell, as they stand; ID is an organization's.
func (h *host) give(text string) {
	h.Helper()
	if strings.Contains(text, " ID") {
		text = strings.ReplaceAll(text, " ID", " "+h.organization().String())
	}
	out, err := h.shell(text)
	require.NoError(h, err, "%s\n%s", text, out)
}

func (h *host) shell(text string) (out string, err error) {
	h.Helper()
	var lines []string
	for line := range strings.Lines(text) {
		if notHere[strings.TrimSpace(line)] == "" {
			lines = append(lines, line)
		}
	}
	shell := exec.Command("bash", "-euo", "pipefail", "-c", strings.Join(lines, ""))
	shell.Dir = h.dir
	shell.Env = append(os.Environ(), "PATH="+filepath.Dir(programtest.Command(h.T, "cabinet").Path)+":"+os.Getenv("PATH"),
		"ADDR="+h.server.Address, "DATA_DIR=.data", "SECRET_KEY=one for all servers of a database", "ADMIN_URL="+h.admin)
	output, err := shell.CombinedOutput()
	return string(output), err
}

func (h *host) organization() (id uuid.UUID) {
	h.Helper()
	conn, err := pgx.Connect(h.Context(), h.privateDSN())
	require.NoError(h, err)
	defer conn.Close(context.Background())
	require.NoError(h, conn.QueryRow(h.Context(), "SELECT id FROM organizations").Scan(&id))
	return id
}

// readSettings takes the example of cabinet.env for the settings, as systemd does.
func (h *host) readSettings(text string) {
	h.Helper()
	out, err := exec.Command("env", "-i", "bash", "-c", "set -a; "+text+"\nset +a; env").Output()
	require.NoError(h, err)
	config, err := app.ReadConfig(strings.Split(string(out), "\n"))
	require.NoError(h, err)
	require.Equal(h, []string{"https://cabinet.example.com", "Cabinet <no-reply@example.com>"}, []string{config.PublicURL, config.MailFrom})
}

// readPrices reads the price list of the example.
func (h *host) readPrices(text string) {
	h.Helper()
	_, err := billing.ParsePriceList(text)
	require.NoError(h, err)
}

var decided = regexp.MustCompile(`(?:confirm|decline) (\d+)`)

// renew gives the commands, each on a renewal that is pending.
func (h *host) renew(text string) {
	h.Helper()
	for line := range strings.Lines(text) {
		if number := decided.FindStringSubmatch(line); number != nil {
			dbtest.Exec(h, h.privateDSN(), `INSERT INTO renewals (organization_id, id, license_id, number, months, price, currency, status, requested_by, requested_at)
				SELECT organization_id, gen_random_uuid(), id, $1::text::bigint, 1, 1500, 'RUB', 'pending', id, now() FROM licenses ORDER BY id LIMIT 1`, number[1])
		}
		h.give(line)
	}
}

// install installs below a folder, and lets systemd look at its unit there.
func (h *host) install(text string) {
	h.Helper()
	plan := exec.Command("make", "--dry-run", "build")
	plan.Dir = "../../.."
	require.NoError(h, plan.Run())
	root := h.TempDir()
	for _, dir := range []string{root + "/usr/local/bin", root + "/etc/systemd/system", h.dir + "/bin"} {
		require.NoError(h, os.MkdirAll(dir, 0o755))
	}
	require.NoError(h, os.CopyFS(h.dir+"/deployments", os.DirFS("../../../deployments")))
	require.NoError(h, os.Symlink(programtest.Command(h.T, "cabinet").Path, h.dir+"/bin/cabinet"))
	require.NoError(h, os.WriteFile(h.dir+"/cabinet.env", nil, 0o600))
	h.give(strings.NewReplacer("/usr/local/bin/", root+"/usr/local/bin/", "/etc/", root+"/etc/").Replace(text))

	unit := root + "/etc/systemd/system/cabinet.service"
	content, err := os.ReadFile(unit)
	require.NoError(h, err)
	moved := bytes.ReplaceAll(content, []byte("/usr/local/bin/cabinet"), []byte(root+"/usr/local/bin/cabinet"))
	require.Contains(h, string(moved), "ExecStart="+root+"/usr/local/bin/cabinet serve\n")
	require.Contains(h, string(moved), "EnvironmentFile=-/etc/interpos-cabinet/cabinet.env\n")
	require.FileExists(h, root+"/etc/interpos-cabinet/cabinet.env")
	require.NoError(h, os.WriteFile(unit, moved, 0o600))
	if _, err := exec.LookPath("systemd-analyze"); err == nil {
		out, err := exec.Command("systemd-analyze", "verify", unit).CombinedOutput()
		require.NoError(h, err, "%s", out)
		require.NotContains(h, string(out), "cabinet.service", "it complains")
	}
}

func (h *host) askHealth(text string) {
	h.Helper()
	h.give(strings.NewReplacer("127.0.0.1:8080", h.server.Address, "127.0.0.1:9180", h.ops).Replace(text))
}

// makeDatabase makes the roles and the database of the example, on another PostgreSQL.
func (h *host) makeDatabase(text string) {
	h.Helper()
	h.admin = pgtest.Cluster(h.T).DSN("cabinet")
	for statement := range strings.SplitSeq(strings.TrimSpace(text), ";\n") {
		h.asAdmin(statement)
		h.created = statement
	}
	h.Cleanup(func() { h.asAdmin("DROP DATABASE cabinet WITH (FORCE)") })
}

func (h *host) asAdmin(statement string) {
	h.Helper()
	dbtest.Exec(h, pgtest.Cluster(h.T).DSN("postgres"), statement)
}

func (h *host) dropOldRole(text string) {
	h.Helper()
	h.asAdmin("CREATE ROLE cabinet_app")
	for statement := range strings.SplitSeq(strings.TrimSpace(text), ";\n") {
		h.asAdmin(statement)
	}
}

// restorePrivate follows the restoring of a dump of the private PostgreSQL.
func (h *host) restorePrivate(text string) {
	h.Helper()
	before := h.organization()
	h.server.Stop()
	require.NoError(h, os.RemoveAll(filepath.Join(h.server.DataDir, "postgres")))
	h.server.Start()
	h.give(text)
	h.server.Stop()
	h.server.Start()
	require.Equal(h, before, h.organization())
	h.holdKey(h.server, h.key)
}

// holdKey holds that the server knows an organization's sync key.
func (h *host) holdKey(server *programtest.Server, key string) {
	h.Helper()
	device, err := client.New("http://"+server.Address, client.Token(key))
	require.NoError(h, err)
	_, err = device.Sources(h.Context())
	require.NoError(h, err)
}

// onOwn is a server on the database that makeDatabase has made.
func (h *host) onOwn() *programtest.Server {
	h.Helper()
	config, err := pgx.ParseConfig(h.admin)
	require.NoError(h, err)
	address := url.URL{Scheme: "postgres", User: url.UserPassword("cabinet_owner", "choose one"), Path: "/cabinet",
		RawQuery: url.Values{"host": {config.Host}, "port": {fmt.Sprint(config.Port)}}.Encode()}
	server := &programtest.Server{T: h.T, DataDir: h.TempDir(), Address: programtest.FreeAddress(h.T), Database: address.String(), Log: os.Stderr}
	server.Start()
	return server
}

func (h *host) backupOwn(text string) {
	h.Helper()
	server := h.onOwn()
	h.key = server.Organization()
	server.Stop()
	h.give(text)
}

func (h *host) restoreOwn(text string) {
	h.Helper()
	h.asAdmin("DROP DATABASE cabinet WITH (FORCE)")
	h.asAdmin(h.created)
	h.give(text)
	server := h.onOwn()
	h.holdKey(server, h.key)
	server.Stop()
}
