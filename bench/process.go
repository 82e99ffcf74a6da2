package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// child is a program that serves until it is stopped.
type child struct {
	*exec.Cmd
	ready string // the line with which it said that it is ready
}

// startProcess runs a program, and returns with the first line that it prints.
func startProcess(ctx context.Context, log io.Writer, environ []string, path string, args ...string) (*child, error) {
	command := exec.CommandContext(ctx, path, args...)
	command.Env = append(os.Environ(), environ...)
	command.Stderr = log
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(out)
	line, err := reader.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s ended before it was ready: %w", filepath.Base(path), command.Wait())
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	return &child{command, strings.TrimSpace(line)}, nil
}

// stop asks the program to end. How it says so is its own matter.
func (c *child) stop() error {
	if err := c.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	_ = c.Wait()
	return nil
}

// clockTick is the unit of times in /proc/PID/stat: 100 a second on Linux.
const clockTick = time.Second / 100

// process is what /proc/PID/stat says of a process.
type process struct {
	parent   int
	cpu      time.Duration // of itself
	children time.Duration // of those that have ended
}

func readProcess(pid int) (p process, err error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return p, err
	}
	_, rest, _ := strings.Cut(string(content), ") ") // the name may hold spaces
	fields := strings.Fields(rest)
	const parent, user, system, childUser, childSystem = 1, 11, 12, 13, 14
	number := func(field int) int64 {
		value, _ := strconv.ParseInt(fields[field], 10, 64)
		return value
	}
	return process{
		parent:   int(number(parent)),
		cpu:      time.Duration(number(user)+number(system)) * clockTick,
		children: time.Duration(number(childUser)+number(childSystem)) * clockTick,
	}, nil
}

// cpuTime is the processor time of a process alone.
func (c *child) cpuTime() (time.Duration, error) {
	p, err := readProcess(c.Process.Pid)
	return p.cpu, err
}

// cpuBelow is the processor time of everything that descends from a process.
func (c *child) cpuBelow() (sum time.Duration, err error) {
	found, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	below := map[int][]int{}
	all := map[int]process{}
	for _, path := range found {
		pid, _ := strconv.Atoi(filepath.Base(path))
		if p, err := readProcess(pid); err == nil { // else it has ended
			all[pid] = p
			below[p.parent] = append(below[p.parent], pid)
		}
	}
	for open := below[c.Process.Pid]; len(open) > 0; open = open[1:] {
		p := all[open[0]]
		sum += p.cpu + p.children
		open = append(open, below[open[0]]...)
	}
	return sum, nil
}

// residentMemory is what a process holds in memory now, and the most that it ever held,
// in bytes.
func (c *child) residentMemory() (now, most int64, err error) {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	return statusKibibytes(string(content), "VmRSS:") << 10, statusKibibytes(string(content), "VmHWM:") << 10, nil
}

func statusKibibytes(status, name string) int64 {
	_, rest, _ := strings.Cut(status, name)
	value, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	return value
}

// processorName names the machine's.
func processorName() string {
	content, _ := os.ReadFile("/proc/cpuinfo")
	_, rest, found := strings.Cut(string(content), "model name")
	if !found {
		return runtime.GOARCH
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(strings.TrimLeft(line, "\t :"))
}

// loadAverage is the machine's load average of the last minute.
func loadAverage() string {
	content, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(content), " ")
	return first
}
