package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// restoreLinks makes the links between libraries that an npm package cannot
// carry: the embedded PostgreSQL lists them in pg-symlinks.json, and makes
// them in a script that `npm ci --ignore-scripts` leaves out. It does nothing
// for other installations.
func restoreLinks(binDir string) error {
	root := filepath.Dir(filepath.Dir(binDir))
	list, err := os.ReadFile(filepath.Join(root, "native", "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(list, &links); err != nil {
		return fmt.Errorf("%s: pg-symlinks.json: %w", root, err)
	}
	for _, link := range links {
		if err := restoreLink(root, link.Source, link.Target); err != nil {
			return err
		}
	}
	return nil
}

// restoreLink makes target, a path below root, point at source beside it.
func restoreLink(root, source, target string) error {
	if !filepath.IsLocal(source) || !filepath.IsLocal(target) {
		return fmt.Errorf("%s: pg-symlinks.json leads outside: %s", root, target)
	}
	relative, err := filepath.Rel(filepath.Dir(target), source)
	if err != nil {
		return err
	}
	err = os.Symlink(relative, filepath.Join(root, target))
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}
