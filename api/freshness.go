package api

import (
	"time"

	"github.com/interpos/cabinet/internal/projection"
)

// Freshness says how far lists and reports have followed the feed. They are never
// behind what was acknowledged, save where very much came at once.
type Freshness struct {
	Complete bool       `json:"complete" example:"true"`                                      // They hold all that was acknowledged before the request
	AsOf     *time.Time `json:"as_of" extensions:"x-nullable" example:"2026-05-25T17:03:12Z"` // When the last change that they hold was received; null: they hold none
	Pending  int64      `json:"pending" example:"0"`                                          // Changes of the feed still to come
}

func freshnessOf(f projection.Freshness) Freshness {
	return Freshness{f.Complete, utc(f.AsOf), f.Pending}
}
