package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// socketPathLimit is the kernel's: sun_path has 108 bytes, the last one NUL.
const socketPathLimit = 107

// socketDir gives the directory of the socket: the cluster's own or, where
// that is too long for a socket or cannot stand in PostgreSQL's list, a short
// one in the temporary directory.
func socketDir(dir string, who identity) (string, error) {
	if fitsSocket(dir) {
		return dir, nil
	}
	digest := sha256.Sum256([]byte(dir))
	short := filepath.Join(os.TempDir(), "interpos-"+hex.EncodeToString(digest[:8]))
	if !fitsSocket(short) {
		short = filepath.Join("/tmp", filepath.Base(short))
	}
	return short, ownDir(short, who)
}

func fitsSocket(dir string) bool {
	return len(filepath.Join(dir, ".s.PGSQL."+socketPort)) <= socketPathLimit && !strings.ContainsAny(dir, `,"`)
}

// ownDir makes a directory in a place where everybody may write. It refuses
// one that somebody else made there before.
func ownDir(dir string, who identity) error {
	err := os.Mkdir(dir, 0o700)
	if err != nil && !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	owner := int(info.Sys().(*syscall.Stat_t).Uid)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || (owner != os.Geteuid() && owner != who.owner) {
		return fmt.Errorf("%s is not ours: remove it", dir)
	}
	return who.chownTree(dir)
}
