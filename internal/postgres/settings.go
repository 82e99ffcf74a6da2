package postgres

import "strings"

// serverSettings are the server's parameters, as arguments of postgres. They are
// given on the command line, so that a new release changes them for old data
// directories too.
func serverSettings(o Options, dataDir, socketDir string) []string {
	arguments := []string{"-D", dataDir, "-p", socketPort}
	for _, setting := range append(commonSettings(socketDir), durabilitySettings(o)...) {
		arguments = append(arguments, "-c", setting)
	}
	return arguments
}

func commonSettings(socketDir string) []string {
	return []string{
		"listen_addresses=",
		"unix_socket_directories=" + socketDir,
		"unix_socket_permissions=0700",
		"max_connections=100",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_line_prefix=",
		"log_error_verbosity=terse", // details name the values of rows
		"effective_cache_size=1GB",
		"work_mem=16MB",
		"maintenance_work_mem=128MB",
		"random_page_cost=1.1",
		"jit=off", // costs more than it saves on queries of milliseconds
	}
}

func durabilitySettings(o Options) []string {
	if !o.Volatile {
		return []string{
			"shared_buffers=256MB", "min_wal_size=256MB", "max_wal_size=2GB", "checkpoint_timeout=15min",
		}
	}
	return strings.Fields(`shared_buffers=128MB fsync=off synchronous_commit=off full_page_writes=off
		wal_level=minimal max_wal_senders=0 max_wal_size=2GB checkpoint_timeout=1h`)
}
