package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// nobody is the user and group that own nothing, the same on all systems.
const nobody = 65534

// identity is who PostgreSQL runs as: it refuses to be root.
type identity struct {
	name string
	// owner is the user and group of its files, as this process sees them;
	// -1 leaves them alone.
	owner int
	apply func(*syscall.SysProcAttr)
}

// asSelf keeps the user of this process.
var asSelf = identity{name: "the current user", owner: -1, apply: func(*syscall.SysProcAttr) {}}

// asMappedRoot is root in a user namespace where root is called nobody: files
// stay root's, and the process believes that it is nobody.
var asMappedRoot = identity{
	name: "root in a user namespace", owner: 0,
	apply: func(attributes *syscall.SysProcAttr) {
		mapping := []syscall.SysProcIDMap{{ContainerID: nobody, HostID: 0, Size: 1}}
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings, attributes.GidMappings = mapping, mapping
	},
}

// asNobody is the user nobody, for machines that refuse user namespaces.
var asNobody = identity{
	name: "user nobody", owner: nobody,
	apply: func(attributes *syscall.SysProcAttr) {
		attributes.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	},
}

func serverIdentities() []identity {
	if os.Geteuid() != 0 {
		return []identity{asSelf}
	}
	return []identity{asMappedRoot, asNobody}
}

// command prepares a program of PostgreSQL that dies by the signal when the
// thread that starts it ends.
func (i identity) command(ctx context.Context, death syscall.Signal, program string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, program, arguments...)
	command.Env = serverEnvironment()
	// A group of its own: Ctrl-C in a terminal is for the server alone, which
	// then stops PostgreSQL last.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: death}
	i.apply(command.SysProcAttr)
	return command
}

// serverEnvironment leaves out what would change PostgreSQL behind our back: PGDATA,
// PGOPTIONS, a locale that translates its messages.
func serverEnvironment() []string {
	kept := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"} {
		if value, ok := os.LookupEnv(name); ok {
			kept = append(kept, name+"="+value)
		}
	}
	return kept
}

// chooseIdentity picks who runs the programs in dir, hands dir over, and gives the
// programs as that user can reach them.
func chooseIdentity(ctx context.Context, programs Binaries, dir string, candidates []identity) (identity, Binaries, error) {
	var refused []error
	for _, candidate := range candidates {
		usable, err := candidate.takeOver(ctx, programs, dir)
		if err == nil {
			return candidate, usable, nil
		}
		refused = append(refused, fmt.Errorf("as %s: %w", candidate.name, err))
	}
	return identity{}, Binaries{}, fmt.Errorf("cannot run %s in %s (run as another user, set DATABASE_URL, "+
		"or choose a directory that the user nobody can reach): %w",
		programs.programPath("postgres"), dir, errors.Join(refused...))
}

func (i identity) takeOver(ctx context.Context, programs Binaries, dir string) (Binaries, error) {
	if err := i.chownTree(dir); err != nil {
		return programs, err
	}
	err := i.probeServer(ctx, programs, dir)
	if err == nil || i.owner != nobody {
		return programs, err
	}
	copied, copyErr := i.copyPrograms(programs, filepath.Join(dir, "programs"))
	if copyErr != nil {
		return programs, errors.Join(err, copyErr)
	}
	return copied, i.probeServer(ctx, copied, dir)
}

// probeServer says whether this identity may exist, reach dir and run the programs.
func (i identity) probeServer(ctx context.Context, programs Binaries, dir string) error {
	command := i.command(ctx, syscall.SIGKILL, programs.programPath("postgres"), "--version")
	command.Dir = dir
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w %s", err, output)
	}
	return nil
}

// chownTree gives dir and all that is in it to the identity's user, where it is not
// yet theirs.
func (i identity) chownTree(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if i.owner < 0 || int(info.Sys().(*syscall.Stat_t).Uid) == i.owner {
		return nil
	}
	var all []string
	err = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		all = append(all, path)
		return err
	})
	if err != nil {
		return err
	}
	// The directory itself goes last: it tells whether all before it is done.
	for n := len(all) - 1; n >= 0; n-- {
		if err := os.Lchown(all[n], i.owner, i.owner); err != nil {
			return err
		}
	}
	return nil
}

// copyPrograms copies an installation (bin, lib, share below one directory)
// to where the user nobody can read it.
func (i identity) copyPrograms(programs Binaries, to string) (Binaries, error) {
	root := filepath.Dir(programs.Dir)
	copied := Binaries{Dir: filepath.Join(to, filepath.Base(programs.Dir)), Version: programs.Version}
	if err := os.RemoveAll(to); err != nil {
		return copied, err
	}
	if err := copyTree(root, to); err != nil {
		return copied, err
	}
	return copied, i.chownTree(to)
}
