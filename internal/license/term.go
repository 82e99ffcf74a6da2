package license

import (
	"time"

	"github.com/interpos/cabinet/internal/zonetime"
)

// TrialDays is how long a trial lasts, in days after the one that it is taken on.
const TrialDays = 14

// term is how long a license lasts, and what its months are counted from.
type term struct {
	ValidUntil *time.Time // nil: never renewed
	// AnchorDay is the day of the month that the paid time began on; 0: nothing was paid yet.
	// Months are counted from it, so that a short one in between shortens none of the others.
	AnchorDay int
}

// renewed is the term with months more, by the days of a zone's calendar. They go on from its
// last day while that is ahead, else from today, whose rest is a gift: from 31 January, one month
// lasts through 28 February, and one more through 31 March. Renewing n times by a month ends
// where renewing once by n months does, whatever lies between.
func (t term) renewed(months int, now time.Time, zone *time.Location) term {
	last, anchor := dayOf(now, zone), t.AnchorDay
	if t.ValidUntil != nil && now.Before(*t.ValidUntil) {
		last = lastDay(*t.ValidUntil, zone)
	} else {
		anchor = 0
	}
	// Nothing was paid before, or the day is another one since: the zone has changed, or the end
	// was moved by hand.
	if anchor == 0 || dayIn(last, anchor) != last {
		anchor = last.Day()
	}
	until := endOf(dayIn(firstOfMonth(last).AddDate(0, months, 0), anchor), zone)
	return term{ValidUntil: &until, AnchorDay: anchor}
}

// tried is the term of a trial that is taken now.
func tried(now time.Time, zone *time.Location) time.Time {
	return endOf(dayOf(now, zone).AddDate(0, 0, TrialDays), zone)
}

// Days are dates without a zone, written as midnights of UTC.

// lastDay is the day of the last moment before an end.
func lastDay(until time.Time, zone *time.Location) time.Time {
	return dayOf(until.Add(-time.Nanosecond), zone)
}

// dayOf is the date that the clock of a zone shows.
func dayOf(moment time.Time, zone *time.Location) time.Time {
	year, month, day := moment.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// endOf is the moment with which a day ends in a zone.
func endOf(day time.Time, zone *time.Location) time.Time {
	return zonetime.StartOf(day.AddDate(0, 0, 1), zone)
}

// dayIn is the day of a date's month with the number of anchor, or the month's last.
func dayIn(date time.Time, anchor int) time.Time {
	first := firstOfMonth(date)
	return first.AddDate(0, 0, min(anchor, first.AddDate(0, 1, -1).Day())-1)
}

func firstOfMonth(date time.Time) time.Time { return date.AddDate(0, 0, 1-date.Day()) }
