package extract

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/interpos/cabinet/internal/agent/source"
)

// Note is about a value that is sent, and may not be what was meant.
type Note struct {
	Code  string // ItemKeyMissing, …
	Path  string // receipt.lines.name
	Given string // what the source holds
}

// Codes of notes.
const (
	ItemKeyMissing  = "item_key_missing"  // the item has an id of its place in the list
	ItemKeyRepeated = "item_key_repeated" // the same
	MarkMissing     = "mark_missing"      // the row is read each time
	TimeSkipped     = "time_skipped"      // the clock was put forward over it
	DateOnly        = "date_only"         // a day where a time belongs: its beginning
	NotText         = "not_text"          // bytes that are no text of the encoding
)

// mostNotes is how many are kept of one record.
const mostNotes = 20

func (w *writer) note(code, given string) {
	if len(w.notes) < mostNotes {
		w.notes = append(w.notes, Note{code, w.path, shorten(given)})
	}
}

// noteInstant says where a time may not be the one that was meant.
func (w *writer) noteInstant(given source.Value, at instant) {
	switch {
	case at.layout == time.DateOnly:
		w.note(DateOnly, given.Text)
	case at.skipped:
		w.note(TimeSkipped, given.Text+" is sent as "+at.In(w.zone).Format(time.RFC3339))
	}
}

// decodeText is the text of a value as UTF-8.
func (w *writer) decodeText(v source.Value) string {
	if v.Type != source.Text || isASCII(v.Text) {
		return v.Text
	}
	text := v.Text
	if w.encoding != nil {
		if decoded, err := w.encoding.NewDecoder().String(text); err == nil {
			text = decoded
		}
	}
	if !utf8.ValidString(text) || w.encoding != nil && strings.ContainsRune(text, utf8.RuneError) {
		w.note(NotText, strings.ToValidUTF8(text, "\uFFFD"))
	}
	return text
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// describeValue is a value for people.
func describeValue(v source.Value) string {
	if v.IsNull() {
		return "NULL"
	}
	return "'" + v.Text + "'"
}
