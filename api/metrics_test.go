package api_test

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
)

// scrape is what the private listener tells Prometheus.
func (w *world) scrape() string {
	w.Helper()
	got, err := http.Get(w.app.OpsURL() + "/metrics") //nolint:noctx // a test
	require.NoError(w, err)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	require.NoError(w, err)
	require.Equal(w, http.StatusOK, got.StatusCode)
	return string(body)
}

// exercised is a server that has had something of everything: letters, a record that is taken,
// one with a remark, one that is rejected, a pull that waits, a file, and a key that has used up
// its minute.
func exercised(t *testing.T) till {
	t.Helper()
	w := newWorld(t, func(c *app.Config) { c.SyncRequestsPerMinute = 5 })
	owner := w.user("owner")
	organization, key := w.organization(owner)
	shop := till{w, key}
	receipt := change("receipt", uuid.NewString(), with(receiptData(), "total", 301))
	require.Equal(t, http.StatusOK, shop.push(object{"device_id": deviceID, "changes": []object{
		change("unit", uuid.NewString(), object{"name": "kg"}), receipt, change("unit", uuid.NewString(), object{"name": 7})}}, nil).status)
	cursor := shop.pull("", nil).json(t)["cursor"].(string)
	shop.pull("?wait=1&cursor="+cursor, nil)
	w.call(request{method: "GET", path: "/api/v1/organizations/" + organization + "/directories/unit?format=csv", token: owner})
	for last := http.StatusOK; last != http.StatusTooManyRequests; {
		last = shop.pull("", nil).status
	}
	return shop
}

// documentedMetrics are the rows of the manual's table: the rest, by the names in the first column.
func documentedMetrics(t *testing.T) map[string]string {
	t.Helper()
	manual, err := os.ReadFile("../docs/operating.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(manual), "\n## Metrics\n")
	require.True(t, found)
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*?) \\| ?(.*) \\|$").FindAllStringSubmatch(section, -1) {
		for name := range strings.SplitSeq(row[1], ", ") {
			rows[strings.Trim(name, "`")] = row[2]
		}
	}
	return rows
}

var (
	metricType  = regexp.MustCompile(`(?m)^# TYPE (\S+) `)
	metricLabel = regexp.MustCompile(`[{,]([a-z]+)="`)
	backQuoted  = regexp.MustCompile("`([^`]+)`")
)

// sharedPrefix is the row of the manual that a metric of Prometheus's client belongs to.
func sharedPrefix(name string) string {
	for _, prefix := range []string{"go_", "process_"} {
		if strings.HasPrefix(name, prefix) {
			return prefix + "*"
		}
	}
	return name
}

func TestTheManualKnowsEveryMetric(t *testing.T) {
	shop, manual := exercised(t), documentedMetrics(t)
	scraped := shop.scrape()
	exported := map[string]bool{}
	for _, found := range metricType.FindAllStringSubmatch(scraped, -1) {
		name := sharedPrefix(found[1])
		exported[name] = true
		row, known := manual[name]
		require.True(t, known, "docs/operating.md does not know %s", name)
		if strings.HasSuffix(name, "*") {
			continue
		}
		labels, _, _ := strings.Cut(" "+row, "|")
		require.ElementsMatch(t, quoted(labels), labelsOf(scraped, name), name)
	}
	for name := range manual {
		require.True(t, exported[name], "docs/operating.md knows %s, and the server does not tell it", name)
	}
}

func quoted(text string) (words []string) {
	for _, found := range backQuoted.FindAllStringSubmatch(text, -1) {
		words = append(words, found[1])
	}
	return words
}

// labelsOf are the labels of a metric's series, without a histogram's own.
func labelsOf(scraped, name string) (labels []string) {
	for _, series := range regexp.MustCompile(`(?m)^`+name+`(?:_count)?\{.*\} `).FindAllString(scraped, -1) {
		for _, found := range metricLabel.FindAllStringSubmatch(series, -1) {
			if !slices.Contains(labels, found[1]) {
				labels = append(labels, found[1])
			}
		}
	}
	return labels
}

func TestMetricsSayWhatHasHappened(t *testing.T) {
	shop := exercised(t)
	const pulls = `{method="GET",route="/api/v1/sync/changes",status="2xx"}`
	const files = `{method="GET",route="/api/v1/organizations/:organization_id/directories/:kind",status="2xx"}`
	scraped := shop.scrape()
	for _, series := range []string{
		`push_changes_total{status="applied"} 2`, `push_changes_total{status="rejected"} 1`, `push_changes_total{status="stale"} 0`,
		`push_rejections_total{code="invalid"} 1`, `push_remarks_total{code="payments_mismatch"} 1`,
		`http_refusals_total{code="rate_limited",route="/api/v1/sync/changes",status="429"} 1`,
		`letters_total{outcome="sent"} 1`, `letters_total{outcome="refused"} 0`,
		`jobs{kind="letter",state="waiting"} 0`, `jobs{kind="purge",state="failed"} 0`,
		"http_stream_duration_seconds_count" + files + " 1",
	} {
		require.True(t, strings.Contains(scraped, "\n"+series+"\n"), series)
	}
	require.True(t, strings.Contains(scraped, "\nhttp_stream_duration_seconds_count"+pulls))
	for _, slow := range []string{pulls, files} {
		require.False(t, strings.Contains(scraped, "http_request_duration_seconds_count"+slow), "it is slow on purpose")
	}
	require.Eventually(t, func() bool { // the worker follows by itself
		now := shop.scrape()
		return strings.Contains(now, "\nprojection_lag_records{generation=\"live\"} 0\n") && strings.Contains(now, "\nprojection_lag_seconds 0\n")
	}, time.Minute, 50*time.Millisecond)
}

// rule is one of deployments/alerts.yaml.
type rule struct {
	Alert, Expr string
	Annotations struct{ Summary string }
}

func alertRules(t *testing.T) (rules []rule) {
	t.Helper()
	raw, err := os.ReadFile("../deployments/alerts.yaml")
	require.NoError(t, err)
	var file struct{ Groups []struct{ Rules []rule } }
	require.NoError(t, yaml.Unmarshal(raw, &file))
	for _, group := range file.Groups {
		rules = append(rules, group.Rules...)
	}
	require.NotEmpty(t, rules)
	return rules
}

var (
	selector    = regexp.MustCompile(`\b([a-z]+(?:_[a-z]+)*?)(?:_bucket|_count|_sum)?(?:\{([^}]*)\})?(?:\[\d+[mh]\]|\) [<>]|\)$)`)
	labelEquals = regexp.MustCompile(`([a-z]+)!?="([^"]*)"`)
	template    = regexp.MustCompile(`\$labels\.([a-z]+)`)
	keptLabels  = regexp.MustCompile(`by \(([^)]*)\)`)
)

func TestAlertsAreOfMetricsThatThereAre(t *testing.T) {
	manual := documentedMetrics(t)
	var named, alerts []string
	for _, row := range manual {
		for _, alert := range quoted(row[strings.LastIndex(row, "|"):]) {
			if !slices.Contains(named, alert) {
				named = append(named, alert)
			}
		}
	}
	for _, rule := range alertRules(t) {
		alerts = append(alerts, rule.Alert)
		require.NotEmpty(t, rule.Annotations.Summary, rule.Alert)
		selected := selector.FindAllStringSubmatch(rule.Expr, -1)
		require.NotEmpty(t, selected, rule.Alert)
		for _, found := range selected {
			row, known := manual[found[1]]
			require.True(t, known, "%s: no metric %s", rule.Alert, found[1])
			require.Contains(t, row, "`"+rule.Alert+"`", "the manual names the alert beside its metric")
			labels, _, _ := strings.Cut(" "+row, "|")
			for _, condition := range labelEquals.FindAllStringSubmatch(found[2], -1) {
				require.Contains(t, quoted(labels), condition[1], rule.Alert)
			}
		}
		for _, found := range template.FindAllStringSubmatch(rule.Annotations.Summary, -1) {
			require.Contains(t, keptLabels.FindString(rule.Expr), found[1], rule.Alert)
		}
	}
	require.ElementsMatch(t, alerts, named, "docs/operating.md and deployments/alerts.yaml")
}

// Whatever is sent piece by piece takes as long as its reader lets it.
func TestWhatIsSentPieceByPieceIsNoLatency(t *testing.T) {
	function := regexp.MustCompile(`(?s)\nfunc [^\n]*\{\n.*?\n\}\n`)
	piecewise := regexp.MustCompile(`\bs\.breakOff\(|\bc\.Stream\(`)
	streams := 0
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(file.Name())
		require.NoError(t, err)
		for _, body := range function.FindAllString(string(source), -1) {
			if piecewise.MatchString(body) {
				streams++
				require.Contains(t, body, "markStream(c)", file.Name())
			}
		}
	}
	require.GreaterOrEqual(t, streams, 3)
}
