package source

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Driver is one sort of database.
type Driver interface {
	// Open opens a local database to read from. What dsn is, the driver says.
	Open(ctx context.Context, dsn string) (Source, error)
	// Write puts rows into a table, all or none, in a short transaction of a connection of its
	// own. It is the one thing that is ever written to a source, and only where the mapping
	// names a table. The column key needs a unique index.
	Write(ctx context.Context, dsn, table, key string, rows []Put) error
	// Resolve gives the dsn of a mapping that stands in a folder: the same, unless it is a
	// relative path.
	Resolve(dsn, folder string) string
	// Replaceable says whether the POS may put another database in the place of an open one, so
	// that it must be let go of between readings.
	Replaceable() bool
}

// drivers are those that have registered themselves, by the names that mappings use.
var drivers = map[string]Driver{}

// Register makes a driver known under the name that mappings use. It is called by init
// functions; a name that is taken already is a mistake of the program.
func Register(name string, driver Driver) {
	if _, taken := drivers[name]; taken {
		panic("source: the driver " + name + " is registered twice")
	}
	drivers[name] = driver
}

// Find gives the driver of a name. The error lists those that there are.
func Find(name string) (Driver, error) {
	if driver, ok := drivers[name]; ok {
		return driver, nil
	}
	known := slices.Sorted(maps.Keys(drivers))
	return nil, fmt.Errorf("the driver %q is not known: use %s", name, strings.Join(known, " or "))
}

// Open opens a local database to read from.
func Open(ctx context.Context, driver, dsn string) (Source, error) {
	found, err := Find(driver)
	if err != nil {
		return nil, err
	}
	return found.Open(ctx, dsn)
}

// Write puts rows into a table of a local database, as Driver.Write says.
func Write(ctx context.Context, driver, dsn, table, key string, rows []Put) error {
	found, err := Find(driver)
	if err != nil {
		return err
	}
	return found.Write(ctx, dsn, table, key, rows)
}
