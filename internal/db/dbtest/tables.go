//go:build linux

package dbtest

import "strings"

// Class is what a table is for ([decision 48]: where it lives once one machine is outgrown).
//
// [decision 48]: ../../../docs/decisions/0048-data-by-itself.md
type Class string

// The classes.
const (
	// Account tables say who may do what. They stay together, on one server.
	Account Class = "account"
	// Data tables hold what an organization's devices have sent, and what is made of it. They
	// are spread over servers by organization_id.
	Data Class = "data"
	// Housekeeping belongs to programs of others that keep their tables here.
	Housekeeping Class = "housekeeping"
)

// tables are all tables, by class.
var tables = map[Class]string{
	Account: `users email_tokens sessions refresh_tokens development_letters organizations roles members licenses
		license_keys sync_keys idempotency_keys renewals renewal_counter`,
	Data: `feeds feed_marks records record_history history_cuts rejections devices sources sync_usage projection_cursors
		directory_entries deleted_entries documents sales sale_lines sale_payments`,
	Housekeeping: `goose_db_version river_migration river_job river_leader river_notification river_queue`,
}

// Tables gives all tables that the migrations make, each with its class.
func Tables() map[string]Class {
	all := map[string]Class{}
	for class, names := range tables {
		for _, name := range strings.Fields(names) {
			all[name] = class
		}
	}
	return all
}
