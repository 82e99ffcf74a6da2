package mapping

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// encodings are those that databases of old programs have, by the names that mappings use.
var encodings = map[string]encoding.Encoding{
	"cp437": charmap.CodePage437, "cp850": charmap.CodePage850, "cp852": charmap.CodePage852, "cp855": charmap.CodePage855,
	"cp866": charmap.CodePage866, "cp874": charmap.Windows874, "cp1250": charmap.Windows1250, "cp1251": charmap.Windows1251,
	"cp1252": charmap.Windows1252, "cp1253": charmap.Windows1253, "cp1254": charmap.Windows1254, "cp1255": charmap.Windows1255,
	"cp1256": charmap.Windows1256, "cp1257": charmap.Windows1257, "cp1258": charmap.Windows1258, "koi8-r": charmap.KOI8R,
	"koi8-u": charmap.KOI8U, "iso-8859-1": charmap.ISO8859_1, "iso-8859-2": charmap.ISO8859_2, "iso-8859-5": charmap.ISO8859_5,
	"iso-8859-15": charmap.ISO8859_15,
}

// findEncoding is nil for UTF-8.
func (c *compiler) findEncoding(name Name) encoding.Encoding {
	lower := strings.ToLower(name.Text)
	if !name.Given() || lower == "utf-8" || lower == "utf8" {
		return nil
	}
	found, ok := encodings[strings.Replace(lower, "windows-", "cp", 1)]
	if !ok {
		c.addError(name, "the encoding %q is not known: use utf-8 or one of %s", name.Text, strings.Join(slices.Sorted(maps.Keys(encodings)), ", "))
	}
	return found
}
