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

// commonKinds are the directories of the whole chain, which the database of each of its outlets has.
var commonKinds = []string{
	"unit", "product_group", "product", "employee", "counterparty", "customer", "payment_type", "discount", "waste_reason",
}

// DemoOutletFor is DemoFor of a database that one outlet of the chain has for itself: what is common is shared.
func DemoOutletFor(file string) []byte {
	mapping := DemoFor(file)
	for _, kind := range commonKinds {
		mapping = bytes.Replace(mapping, []byte("\n  "+kind+":\n"), []byte("\n  "+kind+":\n    shared: true # one for all outlets\n"), 1)
	}
	return mapping
}

// DemoFor is the demo venue's mapping for a database file next to it.
func DemoFor(file string) []byte {
	return bytes.Replace(demo, []byte("dsn: "+demoFile), []byte("dsn: "+file), 1)
}
