package client

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestChangesAreWrittenAsEncodingJSONWritesThem(t *testing.T) {
	version := int64(7)
	at := time.Date(2026, 5, 25, 20, 3, 14, 500_000_000, time.FixedZone("", 3*3600))
	changes := []Change{
		{Kind: "unit", ID: uuid.New(), ModifiedAt: at, Data: json.RawMessage(`{"name":"кг \u2028 <\"\\>"}`)},
		{Kind: "delivery_order", ID: uuid.New(), ModifiedAt: at.UTC(), BaseVersion: &version, Data: json.RawMessage("{\r\n\t\"a\" : [1, 2],\n\"b\":\"\\n\"}")},
		{Kind: "quo\"ted\n", ID: uuid.New(), ModifiedAt: at, Deleted: true},
	}
	device := uuid.New()
	for _, cursor := range []string{"", `a"cursor`} {
		text, err := Encoding{}.plainText(cursor, device, changes)
		require.NoError(t, err)
		want, err := json.Marshal(struct {
			DeviceID uuid.UUID `json:"device_id"`
			Cursor   string    `json:"cursor,omitempty"`
			Changes  []Change  `json:"changes"`
		}{device, cursor, changes})
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(text))
	}
	text, err := Encoding{NDJSON: true}.plainText("", device, changes)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	require.Len(t, lines, len(changes))
	for i, line := range lines {
		want, err := json.Marshal(changes[i])
		require.NoError(t, err)
		require.JSONEq(t, string(want), line)
	}
	none, err := Encoding{}.plainText("", device, nil)
	require.NoError(t, err)
	require.JSONEq(t, `{"device_id":"`+device.String()+`","changes":[]}`, string(none))
	_, err = Encoding{}.plainText("", device, []Change{{ModifiedAt: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}})
	require.Error(t, err, "a year that RFC 3339 cannot write")
}
