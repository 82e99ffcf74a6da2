package extract

import (
	"strconv"
	"strings"
	"time"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/zonetime"
)

// The forms in which databases write times. The first blank, if there is one,
// counts as the T.
var layouts = []string{
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04:05Z07",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05",
	"2006-01-02T15:04",
	"2006-01-02",
}

// instant is a time of the source, with what is needed to write another one
// in the same form.
type instant struct {
	time.Time
	layout  string // empty: a number
	blank   bool
	unit    time.Duration
	skipped bool // the clock was put forward over this time of day
}

// parseInstant reads a time. zone is that of times that name none; unit is
// that of numbers (0: numbers are no times).
func parseInstant(v source.Value, zone *time.Location, unit time.Duration) (instant, bool) {
	if unit != 0 {
		count, err := strconv.ParseInt(v.Key(), 10, 64)
		return instant{Time: timeOfEpoch(count, unit).In(zone), unit: unit}, err == nil
	}
	text := strings.TrimSpace(v.Text)
	if v.Type != source.Text || len(text) < len(time.DateOnly) {
		return instant{}, false
	}
	blank := len(text) > 10 && text[10] == ' '
	if blank {
		text = text[:10] + "T" + strings.TrimLeft(text[11:], " ")
	}
	for _, layout := range layouts {
		written, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if strings.Contains(layout, "Z07") {
			return instant{Time: written, layout: layout, blank: blank}, true // with its offset: earlierBy writes the same
		}
		at := zonetime.At(written, zone)
		skipped := at.Hour() != written.Hour() || at.Minute() != written.Minute()
		return instant{Time: at, layout: layout, blank: blank, skipped: skipped}, true
	}
	return instant{}, false
}

func timeOfEpoch(count int64, unit time.Duration) time.Time {
	if unit == time.Second {
		return time.Unix(count, 0)
	}
	return time.UnixMilli(count)
}

// earlierBy is the value that the source would hold for a time so much earlier.
func (i instant) earlierBy(d time.Duration) source.Value {
	earlier := i.Add(-d)
	if i.unit != 0 {
		return source.Value{Type: source.Number, Text: strconv.FormatInt(earlier.UnixNano()/int64(i.unit), 10)}
	}
	text := earlier.Format(i.layout)
	if i.blank {
		text = strings.Replace(text, "T", " ", 1)
	}
	return source.Value{Type: source.Text, Text: text}
}
