package link

import "time"

// Moment is what a computer's two clocks show at once: the one on the wall, which
// people and programs set, and the one that only runs on.
type Moment struct {
	Wall    time.Time
	Running time.Duration
}

// Clock gives the moment that it is.
type Clock func() Moment

var processStart = time.Now()

// Present is the clock of this computer.
func Present() Moment {
	now := time.Now()
	return Moment{now.Round(0), now.Sub(processStart)}
}

// cabinetTime is the cabinet's clock as one hello has shown it. It goes on by the
// running clock, so that setting the computer's clock does not move it.
type cabinetTime struct {
	server time.Time // the cabinet's time
	at     Moment    // when it was that
}

func (c cabinetTime) timeAt(present Moment) time.Time {
	return c.server.Add(present.Running - c.at.Running)
}

// clockOffset is what to add to this computer's clock to have the cabinet's.
func (c cabinetTime) clockOffset() time.Duration { return c.server.Sub(c.at.Wall) }

// clockTolerance is how far the clock on the wall may move against the running one
// before it was set, or the computer has slept.
const clockTolerance = 2 * time.Second

// wasSet says that the cabinet's time is to be asked for again.
func (c cabinetTime) wasSet(present Moment) bool {
	return (present.Wall.Sub(c.at.Wall) - (present.Running - c.at.Running)).Abs() > clockTolerance
}
