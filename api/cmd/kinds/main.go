// Command kinds writes what is made of the kinds of records: the web application's
// model of them, and their tables in the protocol.
package main

import (
	"log"
	"os"

	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/record/kindfile"
)

func main() {
	if err := run(); err != nil {
		log.SetFlags(0)
		log.Fatalf("kinds: %v", err)
	}
}

func run() error {
	const protocol = "docs/protocol.md"
	if err := os.WriteFile("frontend/src/model/kinds.ts", kindfile.TypeScript(record.ForPeople()), 0o644); err != nil {
		return err
	}
	text, err := os.ReadFile(protocol)
	if err != nil {
		return err
	}
	if text, err = kindfile.InProtocol(text, record.ForPeople()); err != nil {
		return err
	}
	return os.WriteFile(protocol, text, 0o644)
}
