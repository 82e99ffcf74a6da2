package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// Programs are the paths of those that the demo runs.
type Programs struct {
	Agent string // synchronizes
	Kit   string // makes the venue's database, and sells
}

// FindPrograms finds each of them beside this program, else in PATH.
func FindPrograms() (found Programs, err error) {
	if found.Agent, err = findProgram("agent"); err != nil {
		return Programs{}, err
	}
	found.Kit, err = findProgram("kit")
	return found, err
}

func findProgram(name string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	beside := filepath.Join(filepath.Dir(self), name)
	if path, err := exec.LookPath(beside); err == nil {
		return path, nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("the program `%s` is neither beside %s nor in PATH: `make build` makes it", name, self)
	}
	return path, nil
}

// runProgram runs a program to its end. When ctx ends it is asked to stop.
func runProgram(ctx context.Context, out io.Writer, environ []string, path string, args ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, path, args...)
	command.Env = append(os.Environ(), environ...)
	command.Stdout, command.Stderr = out, out
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	command.SysProcAttr = diesWithParent()
	// The kernel takes the end of the starting thread for the parent's death.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := command.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s %s: %w", filepath.Base(path), args[0], err)
	}
	return err
}
