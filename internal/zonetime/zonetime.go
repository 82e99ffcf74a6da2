// Package zonetime turns what a wall clock shows in a time zone into a moment,
// by one rule for the whole house: a time that the clock skips moves forward by
// what is skipped, a time that it shows twice is the first of the two. (The
// library leaves both open.)
package zonetime

import "time"

// At is the moment at which the clock of a zone shows a date and time. The date
// and time are read of wall as they stand there; its own zone does not matter.
// Where clocks go from 02:00 to 03:00, 02:30 is the moment at which they show
// 03:30; where they go back from 03:00 to 02:00, 02:30 is that before.
func At(wall time.Time, zone *time.Location) time.Time {
	shown := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), time.UTC)
	// The stretches of one offset each, from one that is over long before the clock
	// shows the time: no offset is as great as a day.
	stretch := shown.Add(-36 * time.Hour).In(zone)
	_, before := stretch.Zone()
	for {
		start, end := bounds(stretch)
		_, offset := stretch.Zone()
		moment := shown.Add(-seconds(offset))
		switch {
		case !start.IsZero() && moment.Before(start): // shown by neither stretch
			return shown.Add(-seconds(before)).In(zone)
		case end.IsZero() || moment.Before(end):
			return moment.In(zone)
		}
		stretch, before = end, offset
	}
}

// bounds are those of the stretch of one offset that a moment stands in, as the library has them;
// of the last day of a leap year after the zone's last listed change, which the library places
// behind the stretch's end (it counts 365 days), the end is that of the year.
func bounds(moment time.Time) (start, end time.Time) {
	start, end = moment.ZoneBounds()
	if !end.IsZero() && !end.After(moment) {
		end = end.Add(24 * time.Hour)
	}
	return start, end
}

// StartOf is the first moment of a date in a zone. Of day the date alone counts.
func StartOf(day time.Time, zone *time.Location) time.Time {
	year, month, date := day.Date()
	return At(time.Date(year, month, date, 0, 0, 0, 0, time.UTC), zone)
}

// AddDays is the moment at which the clock of a time's zone shows the same time
// some days later.
func AddDays(at time.Time, days int) time.Time {
	year, month, day := at.Date()
	return At(time.Date(year, month, day+days, at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC), at.Location())
}

// Parse is time.Parse, where a text without an offset is the time that the
// clock of a zone shows.
func Parse(layout, text string, zone *time.Location) (time.Time, error) {
	// What names an offset is read as the same moment in both zones.
	moment, err := time.Parse(layout, text)
	if err != nil {
		return time.Time{}, err
	}
	if elsewhere, err := time.ParseInLocation(layout, text, probe); err != nil || !elsewhere.Equal(moment) {
		return At(moment, zone), err
	}
	return moment.In(zone), nil
}

// probe is a zone that no text names: what is read differently in it names no offset.
var probe = time.FixedZone("", 61)

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }
