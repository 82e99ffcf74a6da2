package license

import (
	"flag"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/interpos/cabinet/internal/zonetime"
)

// checkMany looks at 10,000 cases, whatever -rapid.checks says.
func checkMany(t *testing.T, check func(*rapid.T)) {
	t.Helper()
	checks := flag.Lookup("rapid.checks").Value
	before := checks.String()
	require.NoError(t, checks.Set("10000"))
	defer func() { require.NoError(t, checks.Set(before)) }()
	rapid.Check(t, check)
}

// drawZone gives a zone of the list, or one of a fixed offset of up to 14 hours either way.
func drawZone(t *rapid.T) *time.Location {
	if rapid.Bool().Draw(t, "fixed") {
		minutes := rapid.IntRange(-14*60, 14*60).Draw(t, "offset")
		return time.FixedZone("", minutes*60)
	}
	zone, err := zonetime.Load(rapid.SampledFrom(zonetime.Names()).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// drawMoment gives a moment of the years 2012 to 2100; every second one stands within two days
// of the end of a month.
func drawMoment(t *rapid.T) time.Time {
	if rapid.Bool().Draw(t, "near the end of a month") {
		month := rapid.IntRange(1, 12*88).Draw(t, "month")
		around := rapid.Int64Range(-48*3600, 48*3600).Draw(t, "around")
		return time.Date(2012, time.Month(month), 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(around) * time.Second)
	}
	return time.Unix(rapid.Int64Range(1325376000, 4102444800).Draw(t, "moment"), 0)
}

// drawTerm gives a term as it may be: never renewed, expired, running; whole days or not.
func drawTerm(t *rapid.T, now time.Time, zone *time.Location) term {
	if rapid.IntRange(0, 3).Draw(t, "never renewed") == 0 {
		return term{}
	}
	until := now.Add(time.Duration(rapid.Int64Range(-90*86400, 400*86400).Draw(t, "until")) * time.Second)
	if rapid.Bool().Draw(t, "whole days") {
		until = endOf(dayOf(until, zone), zone)
	}
	return term{&until, rapid.IntRange(0, 31).Draw(t, "anchor")}
}

// walk finds the last day of some months more by counting days, one after the other: a month is
// full with its day of the anchor's number, or with its last day where it has none.
func walk(from time.Time, anchor, months int) time.Time {
	day := from
	for months > 0 {
		day = day.AddDate(0, 0, 1)
		if day.Day() == anchor || day.Day() < anchor && day.AddDate(0, 0, 1).Day() == 1 {
			months--
		}
	}
	return day
}

func TestNoDayIsLostHoweverALicenseIsRenewed(t *testing.T) {
	leapDays, shortMonths := 0, 0
	checkMany(t, func(t *rapid.T) {
		zone, now := drawZone(t), drawMoment(t)
		before := drawTerm(t, now, zone)
		steps := rapid.SliceOfN(rapid.SampledFrom([]int{1, 3, 6, 12}), 1, 12).Draw(t, "steps")

		from := dayOf(now, zone)
		if before.ValidUntil != nil && now.Before(*before.ValidUntil) {
			from = lastDay(*before.ValidUntil, zone)
		}
		months, after := 0, before
		for _, step := range steps {
			next := after.renewed(step, now, zone)
			if !next.ValidUntil.After(now) || after.ValidUntil != nil && !next.ValidUntil.After(*after.ValidUntil) {
				t.Fatalf("renewed from %v to %v", after.ValidUntil, next.ValidUntil)
			}
			months, after = months+step, next
		}
		if whole := before.renewed(months, now, zone); !whole.ValidUntil.Equal(*after.ValidUntil) || whole.AnchorDay != after.AnchorDay {
			t.Fatalf("%v months end at %v, one by one at %v", months, whole.ValidUntil, after.ValidUntil)
		}
		single := before
		for range months {
			single = single.renewed(1, now, zone)
		}
		if !single.ValidUntil.Equal(*after.ValidUntil) {
			t.Fatalf("%v renewals of a month end at %v, not %v", months, single.ValidUntil, after.ValidUntil)
		}
		last, want := lastDay(*after.ValidUntil, zone), walk(from, after.AnchorDay, months)
		if lost := int(want.Sub(last).Hours() / 24); lost != 0 && !skipped(want, zone) {
			t.Fatalf("%d days lost: %v months from %v through %v, not %v", lost, months, from, last, want)
		}
		if last.Month() == time.February && last.Day() == 29 {
			leapDays++
		}
		if last.Day() < after.AnchorDay {
			shortMonths++
		}
	})
	require.Positive(t, leapDays, "29 February was among the cases")
	require.Positive(t, shortMonths, "months shorter than the anchor were among the cases")
}

// skipped says whether the calendar of a zone has no such day: Kwajalein, Samoa and Tokelau went over one.
func skipped(day time.Time, zone *time.Location) bool {
	return !dayOf(zonetime.StartOf(day, zone), zone).Equal(day)
}

func TestARenewedLicenseEndsAsThePeopleWhoReadCalendarsExpect(t *testing.T) {
	almaty, err := zonetime.Load("Asia/Almaty")
	require.NoError(t, err)
	day := func(text string) time.Time { return date(t, text) }
	for name, test := range map[string]struct {
		now    string // noon of a day
		last   string // the last day of before; "": never renewed
		anchor int
		months []int
		want   []string
	}{
		"from the end of January":        {"2026-01-31", "", 0, []int{1, 1, 1}, []string{"2026-02-28", "2026-03-31", "2026-04-30"}},
		"over a leap day":                {"2028-01-31", "", 0, []int{1, 1}, []string{"2028-02-29", "2028-03-31"}},
		"a year from a leap day":         {"2028-02-29", "", 0, []int{12, 12, 12, 12}, []string{"2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"}},
		"while it runs":                  {"2026-05-25", "2026-08-31", 31, []int{1, 3}, []string{"2026-09-30", "2026-12-31"}},
		"on its last day":                {"2026-08-31", "2026-08-31", 31, []int{1}, []string{"2026-09-30"}},
		"the day after":                  {"2026-09-01", "2026-08-31", 31, []int{1}, []string{"2026-10-01"}},
		"granted by hand through a day":  {"2026-05-25", "2026-06-30", 0, []int{1}, []string{"2026-07-30"}},
		"moved by hand to another day":   {"2026-05-25", "2026-06-12", 31, []int{1}, []string{"2026-07-12"}},
		"from the end of a short month":  {"2026-02-28", "", 0, []int{1}, []string{"2026-03-28"}},
		"ended in February, anchored 31": {"2026-02-10", "2026-02-28", 31, []int{1}, []string{"2026-03-31"}},
	} {
		t.Run(name, func(t *testing.T) {
			now := zonetime.StartOf(day(test.now), almaty).Add(12 * time.Hour)
			current := term{AnchorDay: test.anchor}
			if test.last != "" {
				until := endOf(day(test.last), almaty)
				current.ValidUntil = &until
			}
			for i, months := range test.months {
				current = current.renewed(months, now, almaty)
				require.Equal(t, test.want[i], lastDay(*current.ValidUntil, almaty).Format(time.DateOnly))
			}
		})
	}
}

func TestATrialHasFourteenWholeDays(t *testing.T) {
	checkMany(t, func(t *rapid.T) {
		zone, now := drawZone(t), drawMoment(t)
		until := tried(now, zone)
		if last := lastDay(until, zone); !last.Equal(dayOf(now, zone).AddDate(0, 0, 14)) && !skipped(dayOf(now, zone).AddDate(0, 0, 14), zone) {
			t.Fatalf("taken at %v, it lasts through %v", now, last)
		}
	})
}
