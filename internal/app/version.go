package app

import "runtime/debug"

// builtRevision is set by the linker where the build does not see the repository, as in an
// image: -ldflags '-X github.com/interpos/cabinet/internal/app.builtRevision=…'.
var builtRevision string

// Version is that of the module, and the revision that it was built from; each is "unknown"
// where the build does not know it.
func Version() (version, revision string) {
	version, revision = "unknown", "unknown"
	if builtRevision != "" {
		revision = builtRevision
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version, revision
	}
	if info.Main.Version != "" {
		version = info.Main.Version
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			revision = setting.Value
		}
	}
	return version, revision
}
