//go:build !linux

package demo

import "syscall"

func tied() *syscall.SysProcAttr { return nil }
