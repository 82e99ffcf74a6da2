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

// FindAgent finds the agent's program: beside this one, else in PATH.
func FindAgent() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	beside := filepath.Join(filepath.Dir(self), "agent")
	if path, err := exec.LookPath(beside); err == nil {
		return path, nil
	}
	path, err := exec.LookPath("agent")
	if err != nil {
		return "", fmt.Errorf("the program `agent` is neither beside %s nor in PATH: `make build` makes both", self)
	}
	return path, nil
}

func (o Options) agent(ctx context.Context, out io.Writer, args ...string) error {
	return o.agentWith(ctx, out, nil, args...)
}

// agentWith runs the agent to its end. When ctx ends it is asked to stop.
func (o Options) agentWith(ctx context.Context, out io.Writer, environ []string, args ...string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, o.Agent, args...)
	command.Env = append(os.Environ(), environ...)
	command.Stdout, command.Stderr = out, out
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 10 * time.Second
	command.SysProcAttr = tied()
	// The kernel takes the end of the starting thread for the parent's death.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := command.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("agent %s: %w", args[0], err)
	}
	return err
}
