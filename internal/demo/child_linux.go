package demo

import "syscall"

// tied keeps the terminal's Ctrl-C from the child, which is stopped in its turn,
// and ends it with this process, in whatever way that ends.
func tied() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}
