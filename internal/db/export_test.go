package db

import "time"

// WaitFor lets transactions wait no longer than that for a connection.
func (d *DB) WaitFor(connection time.Duration) { d.connectionWait = connection }
