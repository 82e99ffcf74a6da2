//go:build !embed_spa

// Package frontend carries the built single-page application inside the binary.
package frontend

import "io/fs"

// Dist returns nil: this build was made without the tag embed_spa, so that Go tools work before `npm run build`.
func Dist() fs.FS { return nil }
