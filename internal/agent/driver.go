package agent

import (
	_ "github.com/interpos/cabinet/internal/agent/source/postgres" // registers itself
	_ "github.com/interpos/cabinet/internal/agent/source/sqlite"   // registers itself
)
