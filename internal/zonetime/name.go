package zonetime

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the same zones wherever the program runs
)

//go:embed names.txt
var list string

// Names are the names of time zones that one may choose, sorted: those of the
// IANA database, whatever else the machine has a file for (localtime, posix/…,
// right/… with leap seconds).
var Names = sync.OnceValue(func() []string {
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(list), "\n"), func(line string) bool {
		return strings.HasPrefix(line, "#")
	})
})

// Load finds a time zone by its name in Names, letter by letter.
func Load(name string) (*time.Location, error) {
	if _, known := slices.BinarySearch(Names(), name); !known {
		return nil, fmt.Errorf("%q is no time zone of the IANA list", name)
	}
	return time.LoadLocation(name)
}
