package agent

import "time"

// moment is what a computer's two clocks show at once: the one on the wall, which
// people and programs set, and the one that only runs on.
type moment struct {
	wall    time.Time
	running time.Duration
}

var processStart = time.Now()

func present() moment {
	now := time.Now()
	return moment{now.Round(0), now.Sub(processStart)}
}

// cabinetTime is the cabinet's clock as one hello has shown it. It goes on by the
// running clock, so that setting the computer's clock does not move it.
type cabinetTime struct {
	server time.Time // the cabinet's time
	at     moment    // when it was that
}

func (c cabinetTime) now(present moment) time.Time {
	return c.server.Add(present.running - c.at.running)
}

// offset is what to add to this computer's clock to have the cabinet's.
func (c cabinetTime) offset() time.Duration { return c.server.Sub(c.at.wall) }

// jump is how far the clock on the wall may move against the running one before
// it was set, or the computer has slept.
const jump = 2 * time.Second

// jumped says that the cabinet's time is to be asked for again.
func (c cabinetTime) jumped(present moment) bool {
	return (present.wall.Sub(c.at.wall) - (present.running - c.at.running)).Abs() > jump
}
