package projection

import (
	"time"
	_ "time/tzdata" // the same zones wherever the program runs

	"github.com/interpos/cabinet/internal/zonetime"
)

// Calendar says on which business day, and in which hour, something happened.
type Calendar struct {
	Zone        *time.Location
	DayStartsAt int // minutes after midnight by the local clock
}

// NewCalendar makes the calendar of an organization. A zone that this program
// does not know (any more) counts as UTC, so that its data stays readable.
func NewCalendar(zone string, dayStartsAt int) Calendar {
	location, err := time.LoadLocation(zone)
	if err != nil {
		location = time.UTC
	}
	return Calendar{Zone: location, DayStartsAt: dayStartsAt}
}

// Day is the business day of a moment, as midnight UTC of its date. What the
// local clock shows before the day's start counts to the day before.
func (c Calendar) Day(at time.Time) time.Time {
	local := at.In(c.Zone)
	year, month, day := local.Date()
	if local.Hour()*60+local.Minute() < c.DayStartsAt {
		day--
	}
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Hour is what the local clock shows at a moment, 0 to 23.
func (c Calendar) Hour(at time.Time) int { return at.In(c.Zone).Hour() }

// Back is the moment at which the local clock showed the same time some days
// ago, by the rule of zonetime where it skipped that time or showed it twice.
func (c Calendar) Back(at time.Time, days int) time.Time {
	return zonetime.AddDays(at.In(c.Zone), -days)
}
