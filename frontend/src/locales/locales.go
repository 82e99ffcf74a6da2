// Package locales carries the words of the interface, which the server reads for
// files and letters: one folder for each language, one file for each namespace.
package locales

import "embed"

// Files are <language>/<namespace>.json.
//
//go:embed ru/*.json en/*.json
var Files embed.FS
