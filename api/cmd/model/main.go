// Command model writes what the web application and openapi.yaml are made of beside
// the kinds of records: sections and roles, the limits of fields, currencies and time zones.
package main

import (
	"log"
	"os"
)

func main() {
	if err := write("."); err != nil {
		log.SetFlags(0)
		log.Fatalf("model: %v", err)
	}
}

// files are what is written, below the repository's root.
var files = map[string]func() []byte{
	"frontend/src/model/access.ts":                 accessTypeScript,
	"frontend/src/shared/format/currencies.json":   currenciesJSON,
	"frontend/src/shared/format/minor-digits.json": minorDigitsJSON,
	"frontend/src/shared/format/time-zones.json":   timeZonesJSON,
	"frontend/src/shared/form/limits.json":         limitsJSON,
}

func write(root string) error {
	for name, content := range files {
		if err := os.WriteFile(root+"/"+name, content(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
