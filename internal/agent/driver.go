package agent

// The databases that this program reads. Each registers itself.
import (
	_ "github.com/interpos/cabinet/internal/agent/source/postgres"
	_ "github.com/interpos/cabinet/internal/agent/source/sqlite"
)
