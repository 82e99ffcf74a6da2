package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// example is one block of commands of docs/protocol.md, with the answer that the
// document shows right behind it, if it shows one.
type example struct {
	line    int
	command string
	shows   string
}

var block = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```\n")

// examples are the blocks of a document that call curl, in its order.
func examples(document string) (found []example) {
	blocks := block.FindAllStringSubmatchIndex(document, -1)
	for i, at := range blocks {
		if document[at[2]:at[3]] != "sh" || !strings.Contains(document[at[4]:at[5]], "curl ") {
			continue
		}
		e := example{line: 1 + strings.Count(document[:at[0]], "\n"), command: document[at[4]:at[5]]}
		if i+1 < len(blocks) && document[blocks[i+1][2]:blocks[i+1][3]] == "json" {
			e.shows = document[blocks[i+1][4]:blocks[i+1][5]]
		}
		found = append(found, e)
	}
	return found
}

// TestTheExamplesOfTheProtocolWork runs the commands of docs/protocol.md one after
// another, as they stand there, and holds the answers against those that it shows.
func TestTheExamplesOfTheProtocolWork(t *testing.T) {
	for _, program := range []string{"bash", "curl", "gzip"} {
		_, err := exec.LookPath(program)
		require.NoError(t, err, "the examples of docs/protocol.md are tried with %[1]s, which is missing; on Debian: apt-get install %[1]s", program)
	}
	device := newTill(t)
	device.renew("2999-01-01")
	document, err := os.ReadFile("../docs/protocol.md")
	require.NoError(t, err)
	found := examples(string(document))
	require.GreaterOrEqual(t, len(found), 10, "the document has lost its examples, or the test does not find them")
	endpoints := map[string]bool{}
	for _, e := range found {
		t.Run(fmt.Sprintf("line %d", e.line), func(t *testing.T) {
			answer := device.run(t, e)
			if e.shows != "" {
				holdAgainstExample(t, e.shows, answer)
			}
		})
		for _, path := range regexp.MustCompile(`\$CABINET(/[^\s"?]*)`).FindAllStringSubmatch(e.command, -1) {
			endpoints[path[1]] = true
		}
	}
	for path := range device.doc.Paths.Map() {
		if strings.HasPrefix(path, "/sync/") {
			form := regexp.MustCompile("^/api/v1" + regexp.MustCompile(`\{[a-z_]+\}`).ReplaceAllString(path, "[0-9a-f-]{36}") + "$")
			require.True(t, slices.ContainsFunc(slices.Collect(maps.Keys(endpoints)), form.MatchString), "docs/protocol.md has no example of %s", path)
		}
	}
}

// run runs an example's commands as its reader would, and gives the last answer's body.
func (t till) run(test *testing.T, e example) string {
	test.Helper()
	const marked = `curl() { command curl --fail-with-body -w '\n%{stderr}%{http_code}\n' "$@"; }; set -euo pipefail; `
	command := exec.CommandContext(test.Context(), "bash", "-c", marked+e.command)
	command.Env = append(os.Environ(), "CABINET="+t.app.URL(), "KEY="+t.key)
	var problems strings.Builder
	command.Stderr = &problems
	answer, err := command.Output()
	require.NoError(test, err, "%s\n%s\n%s", e.command, answer, problems.String())
	for _, status := range strings.Fields(problems.String()) {
		require.Regexp(test, `^2\d\d$`, status, "%s\n%s", e.command, answer)
	}
	return string(answer)
}

// holdAgainstExample holds that an answer has the fields, and the types, that the
// document shows. A list has items like the shown ones, each of which stands for
// those of its form.
func holdAgainstExample(t *testing.T, shown, answer string) {
	t.Helper()
	var want, got any
	require.NoError(t, json.Unmarshal([]byte(shown), &want), "what the document shows is no JSON: %s", shown)
	require.NoError(t, json.Unmarshal([]byte(answer), &got), "%s", answer)
	require.Equal(t, forms(want), forms(got), "the document shows\n%s\nand the answer is\n%s", shown, answer)
}

// forms lists the paths of all values with their types, each once: of what stands
// in lists, whatever its number.
func forms(value any) []string {
	found := map[string]bool{}
	var walk func(path string, value any)
	walk = func(path string, value any) {
		found[fmt.Sprintf("%s: %T", path, value)] = true
		switch value := value.(type) {
		case map[string]any:
			for name, member := range value {
				walk(path+"."+name, member)
			}
		case []any:
			for _, item := range value {
				walk(path+"[]", item)
			}
		}
	}
	walk("", value)
	list := make([]string, 0, len(found))
	for form := range found {
		list = append(list, form)
	}
	slices.Sort(list)
	return list
}

// TestTheExamplesOfTheAPIWork does the same with docs/api.md, as a person's program.
func TestTheExamplesOfTheAPIWork(t *testing.T) {
	w := newWorld(t)
	token := w.user("owner")
	organization, key := w.organization(token)
	w.fill(key)
	t.Setenv("TOKEN", token)
	t.Setenv("ORGANIZATION", organization)
	document, err := os.ReadFile("../docs/api.md")
	require.NoError(t, err)
	found := examples(string(document))
	require.Len(t, found, 4)
	for _, e := range found {
		answer := till{w, key}.run(t, e)
		if e.shows == "" {
			continue
		}
		var shown, got object
		require.NoError(t, json.Unmarshal([]byte(e.shows), &shown))
		require.NoError(t, json.Unmarshal([]byte(answer), &got))
		require.Subset(t, forms(got), forms(without(shown, "data", "values")), "the document shows\n%s\nand the answer is\n%s", e.shows, answer)
		require.NotEmpty(t, got["items"].([]any)[0].(object)["data"].(object)["lines"])
	}
}

// without leaves members out of the items of an answer: those that are of their kind.
func without(answer object, names ...string) object {
	for _, item := range answer["items"].([]any) {
		for _, name := range names {
			delete(item.(object), name)
		}
	}
	return answer
}
