package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// maker makes data directories: `data` and `password` below a directory.
type maker struct {
	options  Options
	who      identity
	programs Binaries
	// held is inherited by initdb, so that whatever a killed one leaves running
	// keeps the next start waiting.
	held *os.File
}

// ensureCluster makes what dir lacks. The caller holds dir's locks.
func (m maker) ensureCluster(ctx context.Context, dir string) error {
	if isFile(filepath.Join(dataDir(dir), "PG_VERSION")) {
		return nil
	}
	fresh := filepath.Join(dir, "data.new")
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := m.fillDirectory(ctx, dir, fresh); err != nil {
		return err
	}
	// The rename comes last: whatever was cut short is made again next time.
	return os.Rename(fresh, dataDir(dir))
}

func (m maker) fillDirectory(ctx context.Context, dir, fresh string) error {
	if m.options.TemplateDir == "" {
		return m.initializeCluster(ctx, dir, fresh)
	}
	template := fmt.Sprintf("%s-%d-%d", m.options.TemplateDir, m.programs.Version, m.who.owner)
	if err := m.ensureTemplate(ctx, template); err != nil {
		return fmt.Errorf("template %s: %w", template, err)
	}
	if err := copyFile(passwordFile(template), passwordFile(dir)); err != nil {
		return err
	}
	if err := copyTree(dataDir(template), fresh); err != nil {
		return err
	}
	return errors.Join(m.who.chownTree(passwordFile(dir)), m.who.chownTree(fresh))
}

// ensureTemplate makes the template under a name of its own and renames it:
// of several processes that do so at once the first wins, the others use it.
func (m maker) ensureTemplate(ctx context.Context, template string) error {
	if isFile(filepath.Join(dataDir(template), "PG_VERSION")) {
		return ownDir(template, m.who)
	}
	building, err := os.MkdirTemp(filepath.Dir(template), filepath.Base(template)+"-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(building) }()
	if err := m.who.chownTree(building); err != nil {
		return err
	}
	if err := m.initializeCluster(ctx, building, dataDir(building)); err != nil {
		return err
	}
	err = os.Rename(building, template)
	if errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTEMPTY) {
		return nil
	}
	return err
}

// locales are tried in turn. All sort by code point and know the case of
// Cyrillic letters; the last, C alone, does not, but exists everywhere.
var locales = [][]string{
	{"--locale=C.UTF-8"},
	{"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"},
	{"--locale=C", "--locale-provider=icu", "--icu-locale=und"},
	{"--locale=C"},
}

func (m maker) initializeCluster(ctx context.Context, dir, fresh string) error {
	password := rand.Text()
	if err := os.WriteFile(passwordFile(dir), []byte(password), 0o600); err != nil {
		return err
	}
	if err := m.who.chownTree(passwordFile(dir)); err != nil {
		return err
	}
	var failed []error
	for _, locale := range locales {
		err := m.runInitdb(ctx, fresh, passwordFile(dir), locale)
		if err == nil || ctx.Err() != nil {
			return err
		}
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func (m maker) runInitdb(ctx context.Context, fresh, password string, locale []string) error {
	arguments := append([]string{
		"--pgdata=" + fresh, "--username=" + ownerRole, "--pwfile=" + password,
		"--encoding=UTF8", "--auth=scram-sha-256", "--data-checksums",
	}, locale...)
	if m.options.Volatile {
		arguments = append(arguments, "--no-sync")
	}
	command := m.who.command(ctx, syscall.SIGTERM, m.programs.programPath("initdb"), arguments...)
	command.ExtraFiles = []*os.File{m.held}
	// The signal at the parent's death is bound to the thread that starts.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb %s: %w: %s", strings.Join(locale, " "), err, output)
	}
	return nil
}

func passwordFile(dir string) string { return filepath.Join(dir, "password") }
