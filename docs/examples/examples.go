// Package examples holds mappings to begin from. The demo venue's is embedded
// in the agent, which writes it next to the database that it makes.
package examples

import (
	"bytes"
	_ "embed"
)

//go:embed demo.yaml
var demo []byte

// demoFile is the database that demo.yaml reads.
const demoFile = "demo.db"

// DemoFor is the demo venue's mapping for a database file next to it.
func DemoFor(file string) []byte {
	return bytes.Replace(demo, []byte("dsn: "+demoFile), []byte("dsn: "+file), 1)
}
