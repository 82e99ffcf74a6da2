package api

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/text"
)

// Freshness says how far lists and reports have followed the feed. They are never
// behind what was acknowledged, save where very much came at once.
type Freshness struct {
	Complete   bool       `json:"complete" example:"true"`                                      // They hold all that was acknowledged before the request, made as this version and the organization's settings want it
	AsOf       *time.Time `json:"as_of" extensions:"x-nullable" example:"2026-05-25T17:03:12Z"` // When the last change that they hold was received; null: they hold none
	Pending    int64      `json:"pending" example:"0"`                                          // Changes of the feed still to be worked in
	Rebuilding bool       `json:"rebuilding" example:"false"`                                   // What is there was made before an update of the cabinet, or before the time zone, the start of the day or the currency was changed, and is being made anew: fields that are new may lack
}

func freshnessOf(f projection.Freshness) Freshness {
	return Freshness{Complete: f.Complete, AsOf: utc(f.AsOf), Pending: f.Pending, Rebuilding: f.Rebuilding}
}

// setFreshness puts it into the header of an answer that is a file.
func setFreshness(c echo.Context, f projection.Freshness) error {
	value, err := json.Marshal(freshnessOf(f))
	c.Response().Header().Set("Freshness", string(value))
	return err
}

// freshnessNote is what the screens say of what is not complete.
func freshnessNote(words *text.Words, f projection.Freshness) string {
	switch {
	case f.Rebuilding:
		return words.Count("common:freshness.rebuilding", f.Pending)
	case f.AsOf == nil:
		return words.Count("common:freshness.nothing_yet", f.Pending)
	}
	return strings.ReplaceAll(words.Count("common:freshness.as_of", f.Pending), "{{time}}", f.AsOf.Format("2006-01-02 15:04"))
}
