//go:build embed_spa

// Package frontend carries the built single-page application inside the binary.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist returns the built application (index.html at its root). It is never nil in this build.
func Dist() fs.FS {
	root, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // "dist" is a valid path by the embed directive above
	}
	return root
}
