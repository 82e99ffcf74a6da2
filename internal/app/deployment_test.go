package app

import (
	"cmp"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// composition is what deployments/compose.yaml says of the cabinet.
type composition struct {
	Services map[string]struct {
		Build struct {
			Context, Dockerfile, Target string
			Args                        map[string]string
		}
		Environment map[string]string
		Healthcheck struct{ Test []string }
	}
}

func readFile(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	require.NoError(t, err)
	return string(content)
}

// leftByCompose are the settings that the cabinet's container does not get from there.
var leftByCompose = map[string]string{
	"DATA_DIR":                 "the image says it: its volume",
	"DATABASE_OWNER_URL":       "the owner may create roles there",
	"DATABASE_MAX_CONNS":       "one cabinet on a PostgreSQL of its own needs no other",
	"DEV_INBOX":                "letters go to a mail server, or to the mail catcher",
	"SYNC_REQUESTS_PER_MINUTE": "its default holds for one machine",
	"SYNC_BYTES_PER_MINUTE":    "as above",
	"SYNC_RECORDS_PER_MINUTE":  "as above",
	"PRICE_LIST":               "its file is the host's, who mounts it and names it",
	"GOMEMLIMIT":               "the server takes it from the container's cgroup",
}

// settingsOfManual are the variables of the manual's table, each with its default.
func settingsOfManual(t *testing.T) map[string]string {
	t.Helper()
	_, table, found := strings.Cut(readFile(t, "docs/operating.md"), "| variable | default | meaning |\n")
	require.True(t, found)
	table, _, _ = strings.Cut(table, "\n\n")
	settings := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*?) \\| (.*?) \\|").FindAllStringSubmatch(table, -1) {
		names, defaults := strings.Split(row[1], ", "), strings.Split(row[2], ", ")
		for i, name := range names {
			usual := row[2]
			if len(defaults) == len(names) {
				usual = defaults[i]
			}
			settings[strings.Trim(name, "`")] = strings.Trim(usual, "`")
		}
	}
	return settings
}

func TestTheManualKnowsEverySetting(t *testing.T) {
	manual := settingsOfManual(t)
	delete(manual, "GOMEMLIMIT") // Go's own
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		name, usual := field.Tag.Get("env"), field.Tag.Get("envDefault")
		if name == "-" {
			continue
		}
		documented, known := manual[name]
		require.True(t, known, name)
		require.Equal(t, cmp.Or(usual, documented), documented, name)
		delete(manual, name)
	}
	require.Empty(t, manual, "the server does not know them")
	_, text, _ := strings.Cut(readFile(t, "docs/operating.md"), "`DATABASE_URL`, `DATABASE_OWNER_URL`")
	text, _, _ = strings.Cut("`DATABASE_URL`, `DATABASE_OWNER_URL`"+text, " may stand in a file")
	require.ElementsMatch(t, secrets, regexp.MustCompile(`[A-Z_]{5,}`).FindAllString(text, -1))
}

func TestTheDeploymentInContainersFitsTheServer(t *testing.T) {
	text := readFile(t, "deployments/compose.yaml")
	var compose composition
	require.NoError(t, yaml.Unmarshal([]byte(text), &compose))
	cabinet := compose.Services["cabinet"]
	for name := range settingsOfManual(t) {
		_, passed := cabinet.Environment[name]
		require.NotEqual(t, passed, leftByCompose[name] != "", "compose.yaml passes %s, or leaves it for a reason", name)
	}
	for name := range cabinet.Environment {
		require.Contains(t, settingsOfManual(t), name, "the server does not know it")
	}
	require.Equal(t, []string{"CMD", "/usr/local/bin/cabinet", "healthcheck"}, cabinet.Healthcheck.Test)
	require.Contains(t, readFile(t, "api/cmd/cabinet/main.go"), `name:"healthcheck"`)

	dockerfile := readFile(t, "deployments", cabinet.Build.Context, cabinet.Build.Dockerfile)
	require.Contains(t, dockerfile, " AS "+cabinet.Build.Target+"\n")
	require.Contains(t, dockerfile, `ENTRYPOINT ["/usr/local/bin/cabinet"]`)
	for argument := range cabinet.Build.Args {
		require.Contains(t, dockerfile, "ARG "+argument+"\n")
	}
	for _, copied := range regexp.MustCompile(`(?m)^COPY ((?:[\w./-]+ )+)[\w./-]+$`).FindAllStringSubmatch(dockerfile, -1) {
		for path := range strings.FieldsSeq(copied[1]) {
			_, err := os.Stat(filepath.Join(root, path))
			require.NoError(t, err)
		}
	}
}

// What the host may set stands in the example, with a word on it, and what stands there is used.
func TestEveryVariableOfTheContainersIsExplained(t *testing.T) {
	used := map[string]bool{}
	for _, found := range regexp.MustCompile(`\$\{([A-Z_]+)`).FindAllStringSubmatch(readFile(t, "deployments/compose.yaml"), -1) {
		used[found[1]] = true
	}
	explained := map[string]bool{}
	for paragraph := range strings.SplitSeq(readFile(t, "deployments/.env.example"), "\n\n") {
		for _, found := range regexp.MustCompile(`(?m)^([A-Z_]+)=`).FindAllStringSubmatch(paragraph, -1) {
			explained[found[1]] = strings.HasPrefix(paragraph, "# ")
		}
	}
	for name := range used {
		require.True(t, explained[name], "deployments/.env.example does not explain %s", name)
	}
	require.Len(t, explained, len(used), "deployments/.env.example has a variable that nothing uses: %v of %v", explained, used)
}

// A build that does not see the repository is told its revision.
func TestAnImageKnowsItsRevision(t *testing.T) {
	setting := regexp.MustCompile(`-X github.com/interpos/cabinet/(internal/app)\.(\w+)=\$REVISION`).FindStringSubmatch(readFile(t, "deployments/Dockerfile"))
	require.NotNil(t, setting)
	require.Contains(t, readFile(t, setting[1], "version.go"), "\nvar "+setting[2]+" string\n")
}
