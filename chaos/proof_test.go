//go:build linux

package chaos_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/programtest"
)

// reader follows the feed over a bad line, as a foreign program does, and keeps
// what it is told.
type reader struct {
	*testing.T
	client   *client.Client
	cursor   string
	records  map[string]client.FeedChange
	restarts int // it began again, because its cursor had expired
}

func newReader(t *testing.T, address, key string) *reader {
	t.Helper()
	c, err := client.New("http://"+address, client.Token(key))
	require.NoError(t, err)
	return &reader{T: t, client: c, records: map[string]client.FeedChange{}}
}

// read asks for one page, and waits for it so long at most.
func (r *reader) read(ctx context.Context, wait time.Duration) (more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, wait+2*time.Second)
	defer cancel()
	page, err := r.client.Changes(ctx, client.Page{Cursor: r.cursor, Limit: 150, Wait: wait})
	if client.IsCode(err, "cursor_expired") {
		r.cursor, r.records = "", map[string]client.FeedChange{}
		r.restarts++
		return true, nil
	}
	if err != nil {
		time.Sleep(20 * time.Millisecond)
		return true, err
	}
	for _, change := range page.Changes {
		r.records[change.Kind+" "+change.ID.String()] = change
	}
	r.cursor = page.Cursor
	return page.More, nil
}

// catchUp reads to the end of the feed.
func (r *reader) catchUp() {
	r.Helper()
	require.Eventually(r, func() bool {
		more, err := r.read(r.Context(), 0)
		return !more && err == nil
	}, 2*time.Minute, time.Millisecond, "the reader does not reach the end")
}

// prove holds that all sides have the same: nothing is lost, nothing doubled.
func (c *chaos) prove() {
	c.Helper()
	feed := c.server.Feed(c.key)
	c.reader.catchUp()
	require.Equal(c, told(feed), told(c.reader.records), "%s: the reader that followed has something else than the feed from its beginning", c.story)
	held := cabinetRows(c.T, feed)
	for _, v := range c.venues {
		own := maps.Clone(held)
		maps.DeleteFunc(own, func(key string, _ string) bool {
			_, id, _ := strings.Cut(key, " ")
			return !strings.HasPrefix(id, v.name+"-")
		})
		require.Equal(c, v.rows(), own, "%s: venue %s and the cabinet differ", c.story, v.name)
		out, err := programtest.Command(c.T, "agent", "verify", "--config", v.config).CombinedOutput()
		require.NoError(c, err, "%s: venue %s\n%s", c.story, v.name, out)
		v.holdVersions(feed)
	}
	c.holdReport()
	require.NotContains(c, c.logged(1<<30), "panic", c.story)
}

// told is what the feed says of records. A time that was taken over for equal
// content is not told.
func told(records map[string]client.FeedChange) map[string]string {
	list := make(map[string]string, len(records))
	for key, r := range records {
		list[key] = fmt.Sprint(r.Seq, r.Version, r.Deleted, string(r.Data))
	}
	return list
}

// fields are those of the records that tell rows apart.
type fields struct {
	Code, Name, Number string
	Price              int
	Lines              []struct{ Quantity, Price int }
}

// cabinetRows are the living records, as venue.rows has those of a till. A row
// that the cabinet has twice fails the test.
func cabinetRows(t *testing.T, feed map[string]client.FeedChange) map[string]string {
	t.Helper()
	rows := map[string]string{}
	for _, r := range feed {
		if r.Deleted {
			continue
		}
		var f fields
		require.NoError(t, json.Unmarshal(r.Data, &f))
		key, content := "", f.Name
		switch r.Kind {
		case "product":
			key, content = f.Code, fmt.Sprint(f.Name, " ", f.Price)
		case "receipt":
			key, content = f.Number, fmt.Sprint(f.Lines[0].Quantity, " × ", f.Lines[0].Price)
		default:
			key, _, _ = strings.Cut(f.Name, " ")
		}
		if _, twice := rows[r.Kind+" "+key]; twice {
			require.Fail(t, "a row is in the cabinet twice", "%s %s", r.Kind, key)
		}
		rows[r.Kind+" "+key] = content
	}
	return rows
}

// holdVersions holds that no record has more versions than its row had states.
func (v *venue) holdVersions(feed map[string]client.FeedChange) {
	v.Helper()
	source := v.sourceID()
	for key, writes := range v.writes {
		kind, id, _ := strings.Cut(key, " ")
		record := feed[kind+" "+extract.ID(source, kind, id).String()]
		require.LessOrEqual(v, record.Version, int64(writes), "%s: %s has versions that no one has made", v.story, key)
	}
}

// sourceID is what the ids of the venue's records are made of.
func (v *venue) sourceID() uuid.UUID {
	v.Helper()
	config, err := os.ReadFile(v.config)
	require.NoError(v, err)
	_, after, _ := strings.Cut(string(config), "source_id: ")
	text, _, _ := strings.Cut(after, "\n")
	id, err := uuid.Parse(text)
	require.NoError(v, err)
	return id
}

// holdReport holds the receipts of a report against those of the tills.
func (c *chaos) holdReport() {
	c.Helper()
	receipts, sales := 0, 0
	for _, v := range c.venues {
		var count, sum int
		require.NoError(c, v.db.QueryRow("SELECT count(*), sum(quantity * price) FROM checks").Scan(&count, &sum))
		receipts, sales = receipts+count, sales+sum
	}
	var report struct {
		Totals struct {
			Receipts int
			NetSales json.Number `json:"net_sales"`
		}
	}
	day := func(from time.Duration) string { return time.Now().Add(from).Format(time.DateOnly) }
	query := "reports/sales-by-day?from=" + day(-60*24*time.Hour) + "&to=" + day(60*24*time.Hour)
	anyone, err := client.New("http://" + c.server.Address)
	require.NoError(c, err)
	user, err := anyone.Login(c.Context(), programtest.OwnerEmail, programtest.OwnerPassword)
	require.NoError(c, err)
	require.NoError(c, user.Get(c.Context(), c.organization, query, &report))
	net, err := report.Totals.NetSales.Float64()
	require.NoError(c, err)
	require.Equal(c, []int{receipts, sales}, []int{report.Totals.Receipts, int(net)}, "%s: the report's receipts and their sum", c.story)
}

// verifyHistory holds that every chain of versions is whole.
func (c *chaos) verifyHistory() {
	c.Helper()
	command := programtest.Command(c.T, "cabinet", "verify-history")
	command.Env = append(os.Environ(), "DATABASE_URL="+c.server.Database, "DATA_DIR="+c.server.DataDir)
	out, err := command.CombinedOutput()
	require.NoError(c, err, "%s", out)
	c.Logf("%s", out)
}
