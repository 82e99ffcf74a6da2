package demo

import "syscall"

// diesWithParent keeps the terminal's Ctrl-C from the child, which is stopped in its turn,
// and ends it with this process, in whatever way that ends.
func diesWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}
