package projection_test

import (
	"testing"
	"time"

	"github.com/interpos/cabinet/internal/projection"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestBusinessDayFollowsTheLocalClock(t *testing.T) {
	for _, test := range []struct {
		zone   string
		starts int
		at     string
		day    string
		hour   int
	}{
		{"Europe/Moscow", 0, "2026-05-25T20:59:59Z", "2026-05-25", 23},
		{"Europe/Moscow", 0, "2026-05-25T21:00:00Z", "2026-05-26", 0},
		{"Europe/Moscow", 360, "2026-05-26T02:59:59Z", "2026-05-25", 5},
		{"Europe/Moscow", 360, "2026-05-26T03:00:00Z", "2026-05-26", 6},
		{"Asia/Vladivostok", 0, "2026-05-25T14:00:00Z", "2026-05-26", 0},
		{"America/New_York", 0, "2026-05-25T03:59:59Z", "2026-05-24", 23},
		// The clock goes forward, 02:00 to 03:00: the day that starts at 02:30 starts at 03:00.
		{"Europe/Berlin", 150, "2026-03-29T00:59:59Z", "2026-03-28", 1},
		{"Europe/Berlin", 150, "2026-03-29T01:00:00Z", "2026-03-29", 3},
		// The clock goes back, 03:00 to 02:00: 02:45 comes twice, of the same day both times.
		{"Europe/Berlin", 150, "2026-10-25T00:45:00Z", "2026-10-25", 2},
		{"Europe/Berlin", 150, "2026-10-25T01:45:00Z", "2026-10-25", 2},
		// New year, and the day before the first of March.
		{"Europe/Moscow", 360, "2026-01-01T01:00:00Z", "2025-12-31", 4},
		{"Europe/Moscow", 360, "2028-03-01T01:00:00Z", "2028-02-29", 4},
		{"Nowhere/Land", 0, "2026-05-25T23:00:00Z", "2026-05-25", 23},
	} {
		calendar := projection.NewCalendar(test.zone, test.starts)
		moment := at(t, test.at)
		if day := calendar.Day(moment).Format(time.DateOnly); day != test.day {
			t.Errorf("%s in %s from minute %d: day %s, want %s", test.at, test.zone, test.starts, day, test.day)
		}
		if hour := calendar.Hour(moment); hour != test.hour {
			t.Errorf("%s in %s: hour %d, want %d", test.at, test.zone, hour, test.hour)
		}
	}
}

func TestBackIsTheSameTimeOfTheLocalClock(t *testing.T) {
	calendar := projection.NewCalendar("Europe/Berlin", 0)
	// The clock went forward between the two: 23 hours lie between them.
	got := calendar.Back(at(t, "2026-03-29T10:00:00Z"), 1)
	if want := at(t, "2026-03-28T11:00:00Z"); !got.Equal(want) {
		t.Errorf("the day before 12:00 in Berlin is %s, want %s", got.UTC(), want)
	}
	// 02:30 was shown twice: it is the first.
	got = calendar.Back(at(t, "2026-10-26T01:30:00Z"), 1)
	if want := at(t, "2026-10-25T00:30:00Z"); !got.Equal(want) {
		t.Errorf("the day before 02:30 in Berlin is %s, want %s", got.UTC(), want)
	}
}
