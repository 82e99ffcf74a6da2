package zonetime_test

import (
	"slices"
	"testing"
	"time"

	"github.com/interpos/cabinet/internal/zonetime"
)

func TestTimesThatTheClockSkipsOrRepeats(t *testing.T) {
	for _, test := range []struct{ zone, wall, moment string }{
		{"Europe/Berlin", "2026-07-01T12:00:00", "2026-07-01T10:00:00Z"},
		{"Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"},       // skipped: 03:30 CEST
		{"Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"},       // twice: the first, still CEST
		{"Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"},       // once, after the change
		{"America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:30:00Z"},    // 03:30-04:00
		{"America/Havana", "2027-03-14T00:00:00", "2027-03-14T05:00:00Z"},      // midnight is skipped
		{"Asia/Beirut", "2026-03-29T00:00:00", "2026-03-28T22:00:00Z"},         // the same
		{"Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00Z"}, // half an hour
		{"Pacific/Apia", "2011-12-30T10:00:00", "2011-12-30T20:00:00Z"},        // a whole day is skipped
		{"Europe/Moscow", "1900-01-01T00:00:00", "1899-12-31T21:29:43Z"},       // before any change
		{"UTC", "2026-05-25T00:00:00.000000001", "2026-05-25T00:00:00.000000001Z"},
	} {
		zone, err := zonetime.Load(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		got, err := zonetime.Parse("2006-01-02T15:04:05", test.wall, zone)
		if want, _ := time.Parse(time.RFC3339, test.moment); err != nil || !got.Equal(want) || got.Location() != zone {
			t.Errorf("%s in %s is %s, %v; want %s", test.wall, test.zone, got, err, want)
		}
	}
}

// The rule, told by the clock alone: it is asked what it shows, minute by minute,
// around every change of every zone from ten years ago to ten years ahead.
func TestEveryChangeOfEveryZone(t *testing.T) {
	now := time.Now().UTC().Truncate(24 * time.Hour)
	changes, different := 0, map[time.Time]bool{}
	for _, name := range zonetime.Names() {
		zone, err := zonetime.Load(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, change := range changesOf(zone, now.AddDate(-10, 0, 0), now.AddDate(10, 0, 0)) {
			changes++
			different[change] = true
			checkAround(t, zone, change)
		}
	}
	if changes < 3000 || len(different) < 100 {
		t.Errorf("only %d changes at %d moments were looked at", changes, len(different))
	}
}

// changesOf are the moments, to the minute, at which a zone's offset changes.
func changesOf(zone *time.Location, from, to time.Time) []time.Time {
	var changes []time.Time
	const step = 6 * time.Hour
	for at := from; at.Before(to); at = at.Add(step) {
		low, high := at, at.Add(step)
		if offsetOf(low, zone) == offsetOf(high, zone) {
			continue
		}
		for high.Sub(low) > time.Minute {
			if middle := low.Add(high.Sub(low) / 2).Truncate(time.Minute); offsetOf(middle, zone) == offsetOf(low, zone) {
				low = middle
			} else {
				high = middle
			}
		}
		changes = append(changes, high)
	}
	return changes
}

func offsetOf(at time.Time, zone *time.Location) int {
	_, offset := at.In(zone).Zone()
	return offset
}

// checkAround asks for each quarter of an hour that could stand on the wall about a change.
func checkAround(t *testing.T, zone *time.Location, change time.Time) {
	t.Helper()
	const about = 27 * time.Hour
	shows := map[string]time.Time{} // what the clock shows, and when first
	for at := change.Add(-2 * about); at.Before(change.Add(2 * about)); at = at.Add(15 * time.Minute) {
		if _, twice := shows[at.In(zone).Format(time.DateTime)]; !twice {
			shows[at.In(zone).Format(time.DateTime)] = at
		}
	}
	skipped := time.Duration(offsetOf(change, zone)-offsetOf(change.Add(-time.Minute), zone)) * time.Second
	local := change.In(zone).Format(time.DateTime)
	middle, _ := time.Parse(time.DateTime, local)
	for wall := middle.Add(-about); wall.Before(middle.Add(about)); wall = wall.Add(15 * time.Minute) {
		want, shown := shows[wall.Format(time.DateTime)]
		if !shown {
			want = shows[wall.Add(skipped).Format(time.DateTime)]
		}
		if got := zonetime.At(wall, zone); !got.Equal(want) {
			t.Errorf("%s in %s is %s, want %s", wall.Format(time.DateTime), zone, got, want)
		}
	}
}

// Far years follow a zone's rule instead of its list: where a leap year ends, the library's
// stretches do not go on.
func TestTheLastDaysOfFarYearsBeginInEveryZone(t *testing.T) {
	for _, name := range zonetime.Names() {
		zone, err := zonetime.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for year := 2036; year <= 2104; year++ {
			for december := 29; december <= 33; december++ {
				day := time.Date(year, time.December, december, 0, 0, 0, 0, time.UTC)
				if got := zonetime.StartOf(day, zone); got.Format(time.DateTime) != day.Format(time.DateTime) {
					t.Fatalf("%s in %s begins at %s", day.Format(time.DateOnly), name, got)
				}
			}
		}
	}
}

func TestATextWithAnOffsetSaysItsMomentItself(t *testing.T) {
	berlin, _ := zonetime.Load("Europe/Berlin")
	for _, text := range []string{"2026-10-25T02:30:00Z", "2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00-07:00"} {
		want, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := zonetime.Parse(time.RFC3339, text, berlin); err != nil || !got.Equal(want) {
			t.Errorf("%s is %s, %v", text, got, err)
		}
	}
	if _, err := zonetime.Parse(time.RFC3339, "2026-10-25", berlin); err == nil {
		t.Error("a text of another layout is read")
	}
}

func TestDaysInAZone(t *testing.T) {
	havana, _ := zonetime.Load("America/Havana")
	start := zonetime.StartOf(time.Date(2027, 3, 14, 0, 0, 0, 0, time.UTC), havana)
	if got := start.UTC().Format(time.RFC3339); got != "2027-03-14T05:00:00Z" {
		t.Errorf("the day without a midnight starts at %s", got)
	}
	midnight := time.Date(2027, 3, 13, 5, 0, 0, 0, time.UTC).In(havana)
	if got := zonetime.AddDays(midnight, 1); !got.Equal(start) {
		t.Errorf("a day after a midnight, where there is none, is %s", got)
	}
}

func TestOnlyNamesOfTheIANAList(t *testing.T) {
	for _, name := range []string{"", "Local", "localtime", "posixrules", "right/Europe/Moscow", "posix/Europe/Moscow", "Factory", "europe/moscow", "../etc", "# x"} {
		if _, err := zonetime.Load(name); err == nil {
			t.Errorf("%q is a time zone", name)
		}
	}
	if !slices.IsSorted(zonetime.Names()) || len(zonetime.Names()) < 590 {
		t.Errorf("the list of %d names is unsorted, or too short", len(zonetime.Names()))
	}
}
