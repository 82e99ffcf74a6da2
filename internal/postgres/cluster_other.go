//go:build !linux

package postgres

import "context"

// Cluster is a running private PostgreSQL. There is none on this system.
type Cluster struct{}

// Start answers ErrUnsupported on this system.
func Start(context.Context, Options) (*Cluster, error) { return nil, ErrUnsupported }

// DSN is the address of a database.
func (*Cluster) DSN(database string) string { return dsn("", "", database) }

// EnsureDatabase answers ErrUnsupported on this system.
func (*Cluster) EnsureDatabase(context.Context, string) error { return ErrUnsupported }

// Exited gives a channel that is never closed on this system.
func (*Cluster) Exited() <-chan struct{} { return nil }

// Stop does nothing on this system.
func (*Cluster) Stop(context.Context) error { return nil }
